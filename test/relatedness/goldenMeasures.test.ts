import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { gramianOf } from '../../src/common/linear/matrix';
import type { RelatednessValues } from '../../src/relatedness';
import { fisherDistance, task2vecDistance } from '../../src/relatedness/measures/fisherDistance';
import { gradientCosine } from '../../src/relatedness/measures/gradientCosine';
import { gradientMagnitude } from '../../src/relatedness/measures/gradientMagnitude';
import { hScore } from '../../src/relatedness/measures/hScore';
import { labelCorrelation } from '../../src/relatedness/measures/labelCorrelation';
import { leep } from '../../src/relatedness/measures/leep';
import { debiasedCka, linearCka } from '../../src/relatedness/measures/linearCka';
import { logMe } from '../../src/relatedness/measures/logMe';
import { mtrlCorrelation, taskCovariance } from '../../src/relatedness/measures/mtrlCorrelation';
import { nce } from '../../src/relatedness/measures/nce';
import { hierarchyScores } from '../../src/relatedness/measures/orderedTransfer';
import type { Representation } from '../../src/relatedness/measures/representation';
import { residualCorrelation } from '../../src/relatedness/measures/residualCorrelation';
import { rsa } from '../../src/relatedness/measures/rsa';
import { tagAffinity } from '../../src/relatedness/measures/tagAffinity';

type Rows = readonly (readonly number[])[];

interface Golden {
  readonly mlp: {
    readonly X: Rows;
    readonly Y: Rows;
    readonly W1: Rows;
    readonly b1: readonly number[];
    readonly heads: readonly { readonly W: Rows; readonly b: readonly number[] }[];
    readonly losses: readonly number[];
    readonly shared_grads: Rows;
    readonly 'tag_eta0.1': { readonly Z: Rows; readonly loss_after_step_i_on_j: Rows };
    readonly 'tag_eta0.01': { readonly Z: Rows; readonly loss_after: Rows };
    readonly task_encoders: readonly { readonly 'R=tanh(XW)': Rows }[];
    readonly diag_fisher: Rows;
    readonly [matrix: string]: unknown;
  };
  readonly transferability: {
    readonly source_probs: Rows;
    readonly target_labels: readonly number[];
    readonly features: Rows;
    readonly reg_targets: readonly number[];
    readonly [score: string]: unknown;
  };
  readonly regularised_mtl: {
    readonly 'W(d x T)': Rows;
    readonly 'mtrl_Omega=(W^T W)^(1/2)/tr': Rows;
    readonly mtrl_task_correlation: Rows;
  };
  readonly ahp: { readonly 'win_rate_matrix(i beats j)': Rows; readonly principal_eigenvector: readonly number[] };
}

const { mlp, transferability, regularised_mtl, ahp } = JSON.parse(
  readFileSync(new URL('../golden/golden.json', import.meta.url), 'utf8'),
) as Golden;

const transposed = (rows: Rows) => rows[0].map((_, column) => rows.map((row) => row[column]));
const representation = (rows: Rows): Representation => ({
  values: rows.flat(),
  rows: rows.length,
  columns: rows[0].length,
});

function expectClose(values: RelatednessValues, expected: Rows, tolerance = 1e-9): void {
  values.forEach((row, i) =>
    row.forEach((value, j) => expect(Math.abs(value! - expected[i][j])).toBeLessThan(tolerance)),
  );
  expect(values.map((row) => row.length)).toEqual(expected.map((row) => row.length));
}

describe('measures of a small network, against figures of other programs', () => {
  const present = [true, true, true];
  const gramian = gramianOf(mlp.shared_grads);
  const representations = mlp.task_encoders.map((encoder) => representation(encoder['R=tanh(XW)']));
  const labels = transposed(mlp.Y).map((values) => ({ kind: 'regression' as const, values }));

  test('gradient cosine and magnitude similarity', () => {
    expectClose(gradientCosine.fromGramian(gramian, present), mlp.cosine as Rows);
    expectClose(gradientMagnitude.fromGramian(gramian, present), mlp.magnitude_similarity as Rows);
  });

  test('TAG affinity', () => {
    const { 'tag_eta0.1': large, 'tag_eta0.01': small } = mlp;
    const before = mlp.losses;
    expectClose(tagAffinity.measure({ before, after: large.loss_after_step_i_on_j }), large.Z);
    expectClose(tagAffinity.measure({ before, after: small.loss_after }), small.Z);
  });

  test('CKA, debiased CKA and RSA', () => {
    expectClose(linearCka.measure({ representations }), mlp.linear_cka as Rows);
    expectClose(debiasedCka.measure({ representations }), mlp.linear_cka_debiased as Rows);
    expectClose(rsa.measure({ representations }), mlp['rsa_spearman_centered(Dwivedi&Roig code)'] as Rows);
  });

  test('label correlation, by values and by ranks', () => {
    expectClose(labelCorrelation.measure({ labels }), mlp.label_pearson as Rows);
    expectClose(labelCorrelation.measure({ labels, by: 'ranks' }), mlp.label_spearman as Rows);
  });

  test('residual correlation of the predictions of the network', () => {
    const hidden = mlp.X.map((x) =>
      mlp.b1.map((bias, unit) => Math.tanh(x.reduce((sum, value, k) => sum + value * mlp.W1[k][unit], bias))),
    );
    const residuals = mlp.heads.map(({ W, b }, task) =>
      hidden.map((h, row) => h.reduce((sum, value, unit) => sum + value * W[unit][0], b[0]) - mlp.Y[row][task]),
    );
    expectClose(residualCorrelation.measure({ residuals }), mlp.residual_pearson as Rows);
  });

  test('Fisher and Task2Vec distance', () => {
    const fisher = mlp.diag_fisher;
    expectClose(fisherDistance.measure({ fisher }), mlp.fisher_cosine_distance as Rows);
    // The reference adds 1e-8 to every denominator.
    expectClose(task2vecDistance.measure({ fisher }), mlp.task2vec_normalized_cosine_distance as Rows, 1e-6);
  });
});

describe('transferability, against figures of other programs', () => {
  const { target_labels, source_probs, features, reg_targets } = transferability;
  const labels = [{ kind: 'multiclass' as const, values: target_labels }];
  const representations = [representation(features)];

  test('LEEP', () => {
    const [[score]] = leep.measure({ probabilities: [representation(source_probs)], labels });
    expect(score).toBeCloseTo(transferability.LEEP as number, 9);
  });

  test('NCE with the classes that the source predicts', () => {
    const predicted = source_probs.map((row) => row.indexOf(Math.max(...row)));
    const [[score]] = nce.measure({ labels, sources: [{ kind: 'multiclass', values: predicted }] });
    expect(score).toBeCloseTo(transferability.NCE as number, 9);
  });

  test('H-score', () => {
    expect(hScore.measure({ representations, labels })[0][0]).toBeCloseTo(transferability.H_score as number, 9);
  });

  test('LogME of classes and of numbers', () => {
    const numbers = [{ kind: 'regression' as const, values: reg_targets }];
    // The reference stops its fixed point earlier.
    expect(logMe.measure({ representations, labels })[0][0]).toBeCloseTo(
      transferability.LogME_classification as number,
      6,
    );
    expect(logMe.measure({ representations, labels: numbers })[0][0]).toBeCloseTo(
      transferability.LogME_regression as number,
      6,
    );
  });
});

test('the covariance and correlation of tasks that MTRL learns', () => {
  const weights = transposed(regularised_mtl['W(d x T)']);
  const covariance = taskCovariance(weights);
  expectClose(
    weights.map((_, row) => Array.from(covariance.subarray(4 * row, 4 * row + 4))),
    regularised_mtl['mtrl_Omega=(W^T W)^(1/2)/tr'],
  );
  expectClose(mtrlCorrelation.measure({ weights }), regularised_mtl.mtrl_task_correlation);
});

test("Taskonomy's normalisation", () => {
  const wins = Float64Array.from(ahp['win_rate_matrix(i beats j)'].flat());
  hierarchyScores(wins, 3).forEach((score, task) => expect(score).toBeCloseTo(ahp.principal_eigenvector[task], 9));
});
