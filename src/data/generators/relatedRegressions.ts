import { createRandom } from '../../common/random';
import type { Random } from '../../common/random';
import type { RelatedRegressions } from '../../experiment/dataSchema';
import type { Finding, Path } from '../../experiment/problem';
import { error } from '../findings';
import { numericColumn } from '../table';
import type { Table } from '../table';

/** Frequencies and phases of the sines; all tasks share them, so that the weight vectors alone set the relatedness. */
export const frequencies = [0.5, 1, 1.5];
export const phases = [0, 1, 2];
const tolerance = 1e-8;

/**
 * Regressions in the manner of Ma et al., Modeling Task Relationships in Multi-task Learning with Multi-gate
 * Mixture-of-Experts, 2018, section 3.2: inputs are standard normal, every weight vector has norm 1, and
 * `y_t = w_t·x + nonlinearity * sum_i sin(a_i w_t·x + b_i) + noise * e` with `e` standard normal.
 * The cosine of two weight vectors is exactly the stated correlation. The weight vectors do not depend on `seed`, which
 * draws the rows alone: another seed gives other rows of the same tasks. With `classes` the targets are then cut.
 * How related the tasks are: `trueRelatedness`.
 */
export function generateRelatedRegressions(data: RelatedRegressions): Table {
  const weights = weightVectors(data);
  const inputs = Array.from({ length: data.inputs }, () => new Float64Array(data.rows));
  const targets = weights.map(() => new Float64Array(data.rows));
  const random = createRandom(data.seed, 'related-regressions rows');
  const row = new Float64Array(data.inputs);
  for (let position = 0; position < data.rows; position++) {
    for (let input = 0; input < row.length; input++) inputs[input][position] = row[input] = random.normal();
    weights.forEach((vector, task) => {
      const signal = response(dot(vector, row), data.nonlinearity);
      targets[task][position] = signal + data.noise * random.normal();
    });
  }
  const columns = [
    ...inputs.map((values, input) => numericColumn(`x${input + 1}`, values)),
    ...targets.map((values, task) => numericColumn(`y${task + 1}`, classesOf(values, data.classes))),
  ];
  return { rows: data.rows, columns };
}

/** Classes of equally many rows by the order of the values; the values themselves where no number of classes is given. */
function classesOf(values: Float64Array, classes: number | undefined): Float64Array {
  if (classes === undefined) return values;
  const result = new Float64Array(values.length);
  const order = Uint32Array.from(values, (_, row) => row).sort((one, other) => values[one] - values[other]);
  order.forEach((row, place) => (result[row] = Math.floor((place * classes) / values.length)));
  return result;
}

function response(projection: number, nonlinearity: number): number {
  let sines = 0;
  for (let index = 0; index < frequencies.length; index++) {
    sines += Math.sin(frequencies[index] * projection + phases[index]);
  }
  return projection + nonlinearity * sines;
}

/** One weight vector of norm 1 per task, with exactly the stated cosines. */
export function weightVectors({ tasks, correlation, inputs }: RelatedRegressions): Float64Array[] {
  const factor = cholesky(correlationMatrix(correlation, tasks));
  if (factor === undefined) throw new Error('The correlation matrix is not positive semidefinite.');
  const used = usedColumns(factor);
  const basis = orthonormal(used.length, inputs, createRandom(0, 'related-regressions weights'));
  return factor.map((row) => {
    const vector = new Float64Array(inputs);
    used.forEach((column, position) => {
      for (let input = 0; input < inputs; input++) vector[input] += row[column] * basis[position][input];
    });
    return vector;
  });
}

/** What makes a correlation of the right form impossible, for the data object at `path`. */
export function checkRelatedRegressions({ tasks, correlation, inputs }: RelatedRegressions, path: Path): Finding[] {
  const here = [...path, 'correlation'];
  const factor = cholesky(correlationMatrix(correlation, tasks));
  if (factor === undefined) {
    const remedy =
      typeof correlation === 'number'
        ? `With ${tasks} tasks it cannot be below ${Math.ceil((-1 / (tasks - 1)) * 1000) / 1000}.`
        : 'Bring the cosines nearer to 0, or make those of a third task agree with the other two.';
    return [error('correlation-impossible', here, `No weight vectors have this correlation. ${remedy}`)];
  }
  const rank = usedColumns(factor).length;
  if (rank <= inputs) return [];
  const message = `This correlation needs at least ${rank} inputs, and there are ${inputs}. Set \`inputs\` to ${rank} or more.`;
  return [error('too-few-inputs', [...path, 'inputs'], message, String(rank))];
}

/** The stated cosines of the weight vectors, T x T. */
export function correlationMatrix(correlation: number | readonly (readonly number[])[], tasks: number): number[][] {
  return Array.from({ length: tasks }, (_, row) =>
    Array.from({ length: tasks }, (_, column) => {
      if (row === column) return 1;
      return typeof correlation === 'number' ? correlation : correlation[row][column];
    }),
  );
}

/** The lower triangular L with L Lᵀ = matrix; undefined where the matrix is not positive semidefinite. */
function cholesky(matrix: readonly (readonly number[])[]): number[][] | undefined {
  const size = matrix.length;
  const factor = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (let column = 0; column < size; column++) {
    let pivot = matrix[column][column];
    for (let k = 0; k < column; k++) pivot -= factor[column][k] ** 2;
    if (pivot < -tolerance) return undefined;
    // A pivot of zero means that this vector lies in the span of those before it.
    const root = pivot > tolerance ? Math.sqrt(pivot) : 0;
    factor[column][column] = root;
    for (let row = column + 1; row < size; row++) {
      let rest = matrix[row][column];
      for (let k = 0; k < column; k++) rest -= factor[row][k] * factor[column][k];
      if (root > 0) factor[row][column] = rest / root;
      else if (Math.abs(rest) > Math.sqrt(tolerance)) return undefined;
    }
  }
  return factor;
}

function usedColumns(factor: readonly (readonly number[])[]): number[] {
  return factor.map((_, column) => column).filter((column) => factor[column][column] > 0);
}

/** Orthonormal vectors: normal draws, made orthogonal by Gram and Schmidt (twice, for the accuracy of float64). */
function orthonormal(count: number, length: number, random: Random): Float64Array[] {
  const basis: Float64Array[] = [];
  while (basis.length < count) {
    const vector = Float64Array.from({ length }, () => random.normal());
    for (let pass = 0; pass < 2; pass++) {
      for (const other of basis) {
        const share = dot(vector, other);
        for (let index = 0; index < length; index++) vector[index] -= share * other[index];
      }
    }
    const norm = Math.sqrt(dot(vector, vector));
    if (norm > tolerance) basis.push(vector.map((value) => value / norm));
  }
  return basis;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index] * b[index];
  return sum;
}
