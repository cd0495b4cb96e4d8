import { describe, expect, test } from 'vitest';
import { conflictRate } from '../../src/relatedness/measures/conflictRate';
import { embeddingCosine } from '../../src/relatedness/measures/embeddingCosine';
import { fisherDistance, task2vecDistance } from '../../src/relatedness/measures/fisherDistance';
import { gradientMagnitude } from '../../src/relatedness/measures/gradientMagnitude';
import { leaveOneOutGain } from '../../src/relatedness/measures/leaveOneOutGain';
import { mtrlCorrelation, taskCovariance } from '../../src/relatedness/measures/mtrlCorrelation';
import { orderedTransfer } from '../../src/relatedness/measures/orderedTransfer';
import { pairGain } from '../../src/relatedness/measures/pairGain';
import { lossReliance, predictionShare } from '../../src/relatedness/measures/predictionShare';
import { signPurity } from '../../src/relatedness/measures/signPurity';
import { tagAffinity } from '../../src/relatedness/measures/tagAffinity';
import { usageSimilarity } from '../../src/relatedness/measures/usageSimilarity';
import { expectMatrix } from './expectMatrix';
import { normals } from './inputs';

const missing = NaN;

describe('gradients', () => {
  test('magnitude similarity looks at lengths alone, and a zero gradient beside another has 0', () => {
    const gramian = [1, -2, 0, -2, 4, 0, 0, 0, 0];
    expectMatrix(gradientMagnitude.fromGramian(gramian, [true, true, true]), [
      [1, 0.8, 0],
      [0.8, 1, 0],
      [0, 0, null],
    ]);
    expectMatrix(gradientMagnitude.fromGramian([1e300, 0, 0, 1e-300], [true, true]), [
      [1, 2e-300],
      [2e-300, 1],
    ]);
  });

  test('a step is in conflict where the inner product is negative', () => {
    const gramian = [1, -1, 2, -1, 1, 0, 2, 0, 9];
    expectMatrix(conflictRate.fromGramian(gramian, [true, true, true]), [
      [0, 1, 0],
      [1, 0, 0],
      [0, 0, 0],
    ]);
    expectMatrix(conflictRate.fromGramian(gramian, [true, false, true]), [
      [0, null, 0],
      [null, null, null],
      [0, null, 0],
    ]);
  });

  test('sign purity by parameters, at unit length', () => {
    const gradients = [
      [3, 4, 0],
      [6, -8, 0],
      [0, 0, 5],
      [0, 0, 0],
      [1, missing, 1],
    ];
    expectMatrix(signPurity.measure({ gradients }), [
      [1, 0.5, 1, null, null],
      [0.5, 1, 1, null, null],
      [1, 1, 1, null, null],
      [null, null, null, null, null],
      [null, null, null, null, null],
    ]);
    expect(() => signPurity.measure({ gradients: [[1], [1, 2]] })).toThrow(RangeError);
  });

  test('unrelated gradients agree on about 0.72 of the parameters', () => {
    const [[, value]] = signPurity.measure({ gradients: [normals('a', 1, 20_000), normals('b', 1, 20_000)] });
    expect(value).toBeCloseTo(0.5 + Math.LN2 / Math.PI, 2);
  });

  test('TAG affinity without a loss to lower has no value', () => {
    const after = [
      [1, 1, 1],
      [3, 0, 1],
      [missing, 1, 1],
    ];
    expectMatrix(tagAffinity.measure({ before: [2, 1, 0], after }), [
      [0.5, 0, null],
      [-0.5, 1, null],
      [null, 0, null],
    ]);
    expect(() => tagAffinity.measure({ before: [1, 1], after: [[1, 1]] })).toThrow(RangeError);
  });
});

describe('what tasks use', () => {
  test('usage in common; sizes count, not signs', () => {
    const usage = [
      [1, 1, 0],
      [0, 2, 2],
      [-3, 0, 1],
      [0, 0, 0],
      [null, 1, 1],
    ];
    expectMatrix(usageSimilarity.measure({ usage }), [
      [1, 0.5, 0.5, null, null],
      [0.5, 1, 0.25, null, null],
      [0.5, 0.25, 1, null, null],
      [null, null, null, null, null],
      [null, null, null, null, null],
    ]);
  });

  test('embeddings', () => {
    const embeddings = [
      [1, 0],
      [3, 4],
      [0, 0],
    ];
    expectMatrix(embeddingCosine.measure({ embeddings }), [
      [1, 0.6, null],
      [0.6, 1, null],
      [null, null, null],
    ]);
  });

  test('the shares of a prediction sum to 1 in each column', () => {
    const predictions = [
      {
        whole: [1, 0],
        without: [
          [0, 1],
          [0.5, 0],
          [1, 0],
        ],
      },
      {
        whole: [2, 2],
        without: [
          [1, 1],
          [0, 0],
          [1, 3],
        ],
      },
      {
        whole: [1, 1],
        without: [
          [1, 1],
          [1, 1],
          [1, 1],
        ],
      },
    ];
    expectMatrix(predictionShare.measure({ predictions }), [
      [0.8, 0.25, null],
      [0.2, 0.5, null],
      [0, 0.25, null],
    ]);
  });

  test('a contribution without which the loss is lower does harm', () => {
    const losses = [
      { whole: 1, without: [4, 2] },
      { whole: 1, without: [0.5, 0] },
    ];
    expectMatrix(lossReliance.measure({ losses }), [
      [0.75, -1],
      [0.5, null],
    ]);
  });
});

describe('information', () => {
  test('distances of proportional and of separate information, and none without', () => {
    const fisher = [
      [1, 2, 0],
      [2, 4, 0],
      [0, 0, 5],
      [0, 0, 0],
    ];
    const expected = [
      [0, 0, 1, null],
      [0, 0, 1, null],
      [1, 1, 0, null],
      [null, null, null, null],
    ];
    expectMatrix(fisherDistance.measure({ fisher }), expected);
    expectMatrix(task2vecDistance.measure({ fisher }), expected);
    const notFinite = [
      [1, 2],
      [missing, 1],
    ];
    for (const measured of [fisherDistance, task2vecDistance]) {
      expectMatrix(measured.measure({ fisher: notFinite }), [
        [0, null],
        [null, null],
      ]);
    }
  });

  test('MTRL of heads that are orthogonal, zero or not finite', () => {
    const weights = [
      [2, 0, 0],
      [0, 1, 0],
      [0, 0, 0],
      [missing, 0, 0],
    ];
    expectMatrix(mtrlCorrelation.measure({ weights }), [
      [1, 0, null, null],
      [0, 1, null, null],
      [null, null, null, null],
      [null, null, null, null],
    ]);
    expect([...taskCovariance([[0], [0]])]).toEqual([0.5, 0, 0, 0.5]);
  });
});

describe('gains', () => {
  test('of pairs, with losses and with metrics of which higher is better', () => {
    const pairs = [{ tasks: [0, 1] as const, results: [1, 0.9] as const }];
    expectMatrix(pairGain.measure({ alone: [2, 0.6, 1], pairs, higherIsBetter: [false, true, false] }), [
      [null, 0.5, null],
      [0.5, null, null],
      [null, null, null],
    ]);
    expectMatrix(pairGain.measure({ alone: [0, 1], pairs: [{ tasks: [0, 1], results: [1, 2] }] }), [
      [null, -1],
      [null, null],
    ]);
  });

  test('of leaving one out', () => {
    const without = [
      [missing, 2, 1],
      [4, missing, 0],
      [1, 1, missing],
    ];
    expectMatrix(leaveOneOutGain.measure({ together: [2, 1, 1], without }), [
      [null, 0.5, 0],
      [0.5, null, null],
      [-1, 0, null],
    ]);
  });

  test('ordered transfer puts the source first that wins on most rows, whatever the scale', () => {
    const target = [
      [1, 1, 1, 9],
      [2, 2, 2, 2],
      [3, 3, 3, 1],
    ];
    const scaled = target.map((losses) => losses.map((loss) => loss ** 3));
    const unknown = [null, [1], null];
    const matrix = orderedTransfer.measure({ losses: [target, scaled, unknown] });
    const column = matrix.map((row) => row[0]!);
    expect(column[0] + column[1] + column[2]).toBeCloseTo(1, 9);
    expect(column[0]).toBeGreaterThan(column[1]);
    expect(column[1]).toBeGreaterThan(column[2]);
    expect(matrix.map((row) => row[1])).toEqual(column);
    expect(matrix.map((row) => row[2])).toEqual([null, null, null]);
  });
});
