import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generateTable } from '../../src/data/generators';
import { weightVectors } from '../../src/data/generators/relatedRegressions';
import { signalDeviation, trueRelatedness } from '../../src/data/generators/trueRelatedness';
import type { NumericColumn, Table } from '../../src/data/table';
import { relatedRegressionsSchema, twoModalitiesSchema } from '../../src/experiment/dataSchema';

const regressions = (fields: object) => relatedRegressionsSchema.parse({ generate: 'related-regressions', ...fields });
const modality = (fields: object) =>
  twoModalitiesSchema.parse({ generate: 'two-modalities', modality: 'image', ...fields });
const column = (table: Table, name: string) =>
  (table.columns.find((candidate) => candidate.name === name) as NumericColumn).values;
const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, index) => sum + value * b[index], 0);
const correlationOf = (a: Float64Array, b: Float64Array) => {
  const centred = (values: Float64Array) => {
    const mean = values.reduce((sum, value) => sum + value) / values.length;
    return values.map((value) => value - mean);
  };
  const [x, y] = [centred(a), centred(b)];
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
};

describe('related regressions', () => {
  test('weight vectors have norm 1 and exactly the stated cosine', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), fc.double({ min: 0, max: 1, noNaN: true }), (tasks, share) => {
        const least = -1 / (tasks - 1);
        const correlation = least + share * (1 - least);
        const vectors = weightVectors(regressions({ tasks, correlation, inputs: 12 }));
        vectors.forEach((vector, row) =>
          vectors.forEach((other, column) => {
            expect(dot(vector, other)).toBeCloseTo(row === column ? 1 : correlation, 6);
          }),
        );
      }),
      { numRuns: 50 },
    );
  });

  test('a matrix, semidefinite too', () => {
    const correlation = [
      [1, 0.8, 1, -0.8],
      [0.8, 1, 0.8, -1],
      [1, 0.8, 1, -0.8],
      [-0.8, -1, -0.8, 1],
    ];
    const vectors = weightVectors(regressions({ tasks: 4, correlation, inputs: 2 }));
    expect(vectors.map((vector) => vectors.map((other) => Number(dot(vector, other).toFixed(9))))).toEqual(correlation);
  });

  test('targets follow the weights; another seed draws other rows of the same tasks', () => {
    const options = { tasks: 2, correlation: 0.9, rows: 3000, inputs: 20 };
    const [first, second] = [1, 2].map((seed) => generateTable(regressions({ ...options, seed })));
    expect(first.columns.map(({ name }) => name)).toEqual([
      ...Array.from({ length: 20 }, (_, input) => `x${input + 1}`),
      'y1',
      'y2',
    ]);
    expect(generateTable(regressions(options))).toEqual(first);
    expect(column(first, 'x1')).not.toEqual(column(second, 'x1'));
    const profile = (table: Table) =>
      Float64Array.from({ length: 20 }, (_, input) =>
        correlationOf(column(table, `x${input + 1}`), column(table, 'y1')),
      );
    expect(correlationOf(profile(first), profile(second))).toBeGreaterThan(0.9);
    expect(correlationOf(column(first, 'y1'), column(first, 'y2'))).toBeGreaterThan(0.7);
  });

  test('linear tasks without noise are the projections themselves', () => {
    const options = regressions({ tasks: 1, rows: 50, inputs: 5, noise: 0, nonlinearity: 0 });
    const table = generateTable(options);
    const [weights] = weightVectors(options);
    const first = Float64Array.from({ length: 5 }, (_, input) => column(table, `x${input + 1}`)[0]);
    expect(column(table, 'y1')[0]).toBeCloseTo(dot(first, weights), 12);
  });

  test('the sines leave about a quarter of the variance to a linear model of the right direction', () => {
    const options = regressions({ tasks: 1, rows: 4000 });
    const table = generateTable(options);
    const [weights] = weightVectors(options);
    const projection = new Float64Array(4000);
    weights.forEach((weight, input) =>
      column(table, `x${input + 1}`).forEach((value, row) => (projection[row] += weight * value)),
    );
    const explained = correlationOf(projection, column(table, 'y1')) ** 2;
    expect(explained).toBeGreaterThan(0.65);
    expect(explained).toBeLessThan(0.85);
  });

  describe('true relatedness', () => {
    const correlation = [
      [1, 0.8, 0.2, -0.6],
      [0.8, 1, 0.1, -0.4],
      [0.2, 0.1, 1, -0.1],
      [-0.6, -0.4, -0.1, 1],
    ];

    test('of linear tasks is the cosine of their weights', () => {
      expect(trueRelatedness(regressions({ tasks: 4, correlation, nonlinearity: 0 }))).toEqual(correlation);
      expect(signalDeviation(0)).toBe(1);
    });

    test.each([0.5, 1, 3])('with sines of weight %s it is what targets without noise show', (nonlinearity) => {
      const options = regressions({ tasks: 4, correlation, nonlinearity, noise: 0, rows: 100_000, inputs: 4 });
      const table = generateTable(options);
      const targets = ['y1', 'y2', 'y3', 'y4'].map((name) => column(table, name));
      const truth = trueRelatedness(options);
      truth.forEach((row, one) =>
        row.forEach((value, other) =>
          expect(Math.abs(value - correlationOf(targets[one], targets[other]))).toBeLessThan(0.015),
        ),
      );
      const [y] = targets;
      const mean = y.reduce((sum, value) => sum + value) / y.length;
      const deviation = Math.sqrt(y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / y.length);
      expect(Math.abs(deviation / signalDeviation(nonlinearity) - 1)).toBeLessThan(0.01);
    });

    test('noise, rows and classes do not change it', () => {
      const truth = trueRelatedness(regressions({ tasks: 4, correlation }));
      expect(trueRelatedness(regressions({ tasks: 4, correlation, noise: 9, rows: 50, classes: 3 }))).toEqual(truth);
    });
  });

  test('classes hold equally many rows, in the order of the numbers they are cut from', () => {
    const options = { tasks: 2, rows: 1000, inputs: 3 };
    const numbers = column(generateTable(regressions(options)), 'y2');
    const classes = column(generateTable(regressions({ ...options, classes: 4 })), 'y2');
    expect([0, 1, 2, 3].map((own) => classes.filter((value) => value === own).length)).toEqual([250, 250, 250, 250]);
    const highest = (own: number) => Math.max(...numbers.filter((_, row) => classes[row] === own));
    const lowest = (own: number) => Math.min(...numbers.filter((_, row) => classes[row] === own));
    for (const own of [0, 1, 2]) expect(highest(own)).toBeLessThan(lowest(own + 1));
  });
});

describe('two modalities', () => {
  /** Accuracy on the last fifth of the rows, by the nearest class mean of the others. */
  function accuracyByClassMeans(table: Table): number {
    const labels = column(table, 'class');
    const inputs = table.columns.slice(0, -1).map((input) => (input as NumericColumn).values);
    const train = Math.floor(table.rows * 0.8);
    const means = Array.from({ length: 10 }, () => new Float64Array(inputs.length));
    const counts = new Array<number>(10).fill(0);
    for (let row = 0; row < train; row++) counts[labels[row]]++;
    for (let row = 0; row < train; row++) {
      inputs.forEach((values, input) => (means[labels[row]][input] += values[row] / counts[labels[row]]));
    }
    let right = 0;
    for (let row = train; row < table.rows; row++) {
      const distances = means.map((mean) =>
        inputs.reduce((sum, values, input) => sum + (values[row] - mean[input]) ** 2, 0),
      );
      if (distances.indexOf(Math.min(...distances)) === labels[row]) right++;
    }
    return right / (table.rows - train);
  }

  test.each(['image', 'speech'])('%s: learnable, not trivial, harder with noise', (name) => {
    const accuracy = (noise: number) => accuracyByClassMeans(generateTable(modality({ modality: name, noise })));
    expect(accuracy(1)).toBeGreaterThan(0.75);
    expect(accuracy(1)).toBeLessThan(0.95);
    expect(accuracy(3)).toBeLessThan(accuracy(1) - 0.1);
    expect(accuracy(0)).toBeGreaterThan(0.98);
  });

  test('rows depend on the seed, the classes of a modality do not', () => {
    const table = generateTable(modality({ inputs: 4, rows: 300 }));
    expect(table.columns.map(({ name }) => name)).toEqual(['x1', 'x2', 'x3', 'x4', 'class']);
    expect(generateTable(modality({ inputs: 4, rows: 300 }))).toEqual(table);
    const other = generateTable(modality({ inputs: 4, rows: 300, seed: 2 }));
    expect(column(other, 'x1')).not.toEqual(column(table, 'x1'));
    expect(new Set(column(table, 'class')).size).toBe(10);
  });

  test('distances between classes agree across modalities and seeds, as the hidden structure is one', () => {
    const distances = (fields: object) => {
      const table = generateTable(modality({ rows: 4000, ...fields }));
      const labels = column(table, 'class');
      const means = Array.from({ length: 10 }, (_, label) =>
        Float64Array.from(table.columns.slice(0, -1), (input) => {
          const values = (input as NumericColumn).values.filter((_, row) => labels[row] === label);
          return values.reduce((sum, value) => sum + value, 0) / values.length;
        }),
      );
      return Float64Array.from(
        means.flatMap((a, first) =>
          means.slice(first + 1).map((b) => Math.hypot(...a.map((value, index) => value - b[index]))),
        ),
      );
    };
    expect(correlationOf(distances({}), distances({ modality: 'speech', seed: 5 }))).toBeGreaterThan(0.5);
  });
});
