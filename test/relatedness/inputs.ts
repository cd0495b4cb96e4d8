import { createRandom } from '../../src/common/random';
import { gramianOf } from '../../src/common/linear/matrix';
import type { MeasureDescription, RelatednessMeasure, RelatednessValues } from '../../src/relatedness';
import type { LinearisedRows, LinearisedTask } from '../../src/relatedness/linearised';
import { conflictRate } from '../../src/relatedness/measures/conflictRate';
import { embeddingCosine } from '../../src/relatedness/measures/embeddingCosine';
import { fisherDistance, task2vecDistance } from '../../src/relatedness/measures/fisherDistance';
import { gradientCosine } from '../../src/relatedness/measures/gradientCosine';
import { gradientMagnitude } from '../../src/relatedness/measures/gradientMagnitude';
import { gradTae } from '../../src/relatedness/measures/gradTae';
import { hScore } from '../../src/relatedness/measures/hScore';
import { labelCorrelation } from '../../src/relatedness/measures/labelCorrelation';
import type { TaskValues } from '../../src/relatedness/measures/labels';
import { leaveOneOutGain } from '../../src/relatedness/measures/leaveOneOutGain';
import { leep } from '../../src/relatedness/measures/leep';
import { debiasedCka, linearCka } from '../../src/relatedness/measures/linearCka';
import { logMe } from '../../src/relatedness/measures/logMe';
import { mtrlCorrelation } from '../../src/relatedness/measures/mtrlCorrelation';
import { nce } from '../../src/relatedness/measures/nce';
import { orderedTransfer } from '../../src/relatedness/measures/orderedTransfer';
import { pairGain } from '../../src/relatedness/measures/pairGain';
import { lossReliance, predictionShare } from '../../src/relatedness/measures/predictionShare';
import type { Representation } from '../../src/relatedness/measures/representation';
import { residualCorrelation } from '../../src/relatedness/measures/residualCorrelation';
import { rsa } from '../../src/relatedness/measures/rsa';
import { signPurity } from '../../src/relatedness/measures/signPurity';
import { tagAffinity } from '../../src/relatedness/measures/tagAffinity';
import { usageSimilarity } from '../../src/relatedness/measures/usageSimilarity';

/** A measure with inputs made up for tasks: what a task is depends on its number alone, so order and doubles can be tried. */
export interface MeasureCase {
  readonly measure: MeasureDescription;
  readonly matrixOf: (tasks: readonly number[]) => RelatednessValues;
}

const rows = 40;

export function normals(stream: string, seed: number, count: number): Float64Array {
  const random = createRandom(seed, stream);
  return Float64Array.from({ length: count }, () => random.normal());
}

const uniforms = (stream: string, one: number, other: number, count: number) => {
  const random = createRandom(1000 * one + other, stream);
  return Float64Array.from({ length: count }, () => random.uniform());
};
const uniform = (stream: string, one: number, other: number) => uniforms(stream, one, other, 1)[0];

const gradients = (tasks: readonly number[]) => tasks.map((task) => normals('gradient', task, 30));
const byGramian =
  ({ fromGramian }: Pick<RelatednessMeasure<string>, 'fromGramian'>) =>
  (tasks: readonly number[]) =>
    fromGramian(
      gramianOf(gradients(tasks)),
      tasks.map(() => true),
    );

const representation = (task: number): Representation => ({
  values: normals('representation', task, rows * 5),
  rows,
  columns: 5,
});
const probabilities = (task: number): Representation => {
  const values = uniforms('probabilities', task, 0, rows * 3);
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(3 * row, 3 * row + 3);
    const total = own.reduce((sum, value) => sum + value, 0);
    own.forEach((value, z) => (own[z] = value / total));
  }
  return { values, rows, columns: 3 };
};
const classes = (task: number): TaskValues => ({
  kind: 'multiclass',
  values: uniforms('classes', task, 0, rows).map((value) => Math.floor(3 * value)),
});
const binary = (task: number): TaskValues => ({
  kind: 'binary',
  values: uniforms('binary', task, 0, rows).map((value) => (value < 0.6 ? 1 : 0)),
});
const numbers = (task: number): TaskValues => ({ kind: 'regression', values: normals('numbers', task, rows) });
const mixed = (task: number) => [numbers, binary, classes][task % 3](task);

const linearisedRows = (task: number, split: string, kind: LinearisedTask['kind']): LinearisedRows => ({
  features: normals(`${split} features`, task, rows * 4),
  outputs: normals(`${split} outputs`, task, rows),
  labels:
    kind === 'regression' ? normals(`${split} labels`, task, rows) : uniforms(split, task, 1, rows).map(Math.round),
});
const linearised = (task: number): LinearisedTask => {
  const kind = task % 2 === 0 ? 'regression' : 'binary';
  return { kind, train: linearisedRows(task, 'train', kind), validation: linearisedRows(task, 'validation', kind) };
};

export const measureCases: readonly MeasureCase[] = [
  { measure: gradientCosine, matrixOf: byGramian(gradientCosine) },
  { measure: gradientMagnitude, matrixOf: byGramian(gradientMagnitude) },
  { measure: conflictRate, matrixOf: byGramian(conflictRate) },
  { measure: signPurity, matrixOf: (tasks) => signPurity.measure({ gradients: gradients(tasks) }) },
  {
    measure: tagAffinity,
    matrixOf: (tasks) =>
      tagAffinity.measure({
        before: tasks.map((task) => 0.1 + uniform('before', task, 0)),
        after: tasks.map((from) => tasks.map((to) => uniform('after', from, to))),
      }),
  },
  {
    measure: usageSimilarity,
    matrixOf: (tasks) => usageSimilarity.measure({ usage: tasks.map((task) => [...normals('usage', task, 6)]) }),
  },
  {
    measure: embeddingCosine,
    matrixOf: (tasks) => embeddingCosine.measure({ embeddings: tasks.map((task) => normals('embedding', task, 8)) }),
  },
  {
    measure: predictionShare,
    matrixOf: (tasks) =>
      predictionShare.measure({
        predictions: tasks.map((to) => ({
          whole: uniforms('whole', to, 0, rows),
          without: tasks.map((from) => uniforms('without', from, to, rows)),
        })),
      }),
  },
  {
    measure: lossReliance,
    matrixOf: (tasks) =>
      lossReliance.measure({
        losses: tasks.map((to) => ({
          whole: uniform('whole', to, 0),
          without: tasks.map((from) => 0.1 + uniform('without', from, to)),
        })),
      }),
  },
  {
    measure: linearCka,
    matrixOf: (tasks) => linearCka.measure({ representations: tasks.map(representation) }),
  },
  {
    measure: debiasedCka,
    matrixOf: (tasks) => debiasedCka.measure({ representations: tasks.map(representation) }),
  },
  { measure: rsa, matrixOf: (tasks) => rsa.measure({ representations: tasks.map(representation) }) },
  { measure: labelCorrelation, matrixOf: (tasks) => labelCorrelation.measure({ labels: tasks.map(mixed) }) },
  {
    measure: residualCorrelation,
    matrixOf: (tasks) => residualCorrelation.measure({ residuals: tasks.map((task) => numbers(task).values) }),
  },
  {
    measure: fisherDistance,
    matrixOf: (tasks) => fisherDistance.measure({ fisher: gradients(tasks).map((row) => row.map((x) => x * x)) }),
  },
  {
    measure: task2vecDistance,
    matrixOf: (tasks) => task2vecDistance.measure({ fisher: gradients(tasks).map((row) => row.map((x) => x * x)) }),
  },
  {
    measure: leep,
    matrixOf: (tasks) => leep.measure({ probabilities: tasks.map(probabilities), labels: tasks.map(classes) }),
  },
  { measure: nce, matrixOf: (tasks) => nce.measure({ labels: tasks.map(classes) }) },
  {
    measure: logMe,
    matrixOf: (tasks) => logMe.measure({ representations: tasks.map(representation), labels: tasks.map(mixed) }),
  },
  {
    measure: hScore,
    matrixOf: (tasks) => hScore.measure({ representations: tasks.map(representation), labels: tasks.map(classes) }),
  },
  {
    measure: mtrlCorrelation,
    matrixOf: (tasks) => mtrlCorrelation.measure({ weights: tasks.map((task) => normals('weights', task, 12)) }),
  },
  {
    measure: pairGain,
    matrixOf: (tasks) =>
      pairGain.measure({
        alone: tasks.map((task) => 0.5 + uniform('alone', task, 0)),
        pairs: tasks.flatMap((one, i) =>
          tasks.slice(0, i).map((other, j) => ({
            tasks: [i, j] as const,
            results: [uniform('pair', other, one), uniform('pair', one, other)] as const,
          })),
        ),
      }),
  },
  {
    measure: leaveOneOutGain,
    matrixOf: (tasks) =>
      leaveOneOutGain.measure({
        together: tasks.map((task) => uniform('together', task, 0)),
        without: tasks.map((from) => tasks.map((to) => 0.5 + uniform('without', from, to))),
      }),
  },
  {
    measure: orderedTransfer,
    matrixOf: (tasks) =>
      orderedTransfer.measure({
        losses: tasks.map((to) => tasks.map((from) => uniforms('transfer', from, to, rows))),
      }),
  },
  { measure: gradTae, matrixOf: (tasks) => gradTae.measure({ tasks: tasks.map(linearised), width: 4 }) },
];
