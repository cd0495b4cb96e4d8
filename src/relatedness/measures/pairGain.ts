import type { TrainingsMeasureOf } from '../measure';
import { directedMatrix, pairCount, sameLength } from './matrix';
import { known, pairsOf, positions } from './networks';
import { gain, helping } from './words';

/** What two tasks reach trained together. */
export interface PairResult {
  /** Positions of the tasks. */
  readonly tasks: readonly [number, number];
  /** What each reaches, in that order. */
  readonly results: readonly [number, number];
}

export interface PairResults {
  /** T: what each task reaches by itself. */
  readonly alone: ArrayLike<number>;
  readonly pairs: readonly PairResult[];
  /** T: whether a higher result is a better one; a loss, of which lower is better, if not given. */
  readonly higherIsBetter?: readonly boolean[];
}

/** `± (R_j with i - R_j alone) / |R_j alone|`, above 0 where it is better with i. */
export const pairGain: TrainingsMeasureOf<'pair-gain', PairResults> = {
  name: 'pair-gain',
  title: 'Pairwise transfer gain',
  summary: "How much better a column's task gets when it is trained together with a row's, against alone.",
  details:
    '$(-1)^{l} \\frac{R_{j | ij} - R_{j | j}}{|R_{j | j}|}$: the relative improvement of task $j$ in a network trained on $i$ and $j$ over one trained on $j$ alone, with $l = 1$ for results of which lower is better. In $(-\\infty, \\infty)$, directed from the row to the column, above 0 where training together helps. ' +
    'It is what the other measures try to foretell, and as noisy as training is: take several seeds. A result alone of 0 has no relative improvement.',
  source: 'Standley et al., Which Tasks Should Be Learned Together in Multi-task Learning?, 2020',
  moment: 'more training',
  range: [-Infinity, Infinity],
  directed: true,
  higherIsCloser: true,
  neutral: 0,
  ends: helping,
  say: gain((from) => `trained with ${from} than alone`),
  cost: {
    formula: '$\\frac{1}{2} T (T - 1)$ networks of two tasks and $T$ of one',
    multiplications: ({ tasks, rows, parameters }) => 3 * (pairCount(tasks) + tasks) * rows * parameters,
    trainings: (tasks) => pairCount(tasks) + tasks,
  },
  networks: (tasks) => [
    ...positions(tasks).map((task) => ({ tasks: [task] })),
    ...pairsOf(tasks).map((pair) => ({ tasks: pair })),
  ],
  fromReached: (tasks, reached) =>
    pairGain.measure({
      alone: positions(tasks).map((task) => known(reached.losses([task])?.[0])),
      pairs: pairsOf(tasks).flatMap((pair) => {
        const losses = reached.losses(pair);
        return losses ? [{ tasks: pair, results: [known(losses[0]), known(losses[1])] }] : [];
      }),
    }),
  measure({ alone, pairs, higherIsBetter }) {
    if (higherIsBetter) sameLength([alone, higherIsBetter], 'results');
    const withTask = new Map(
      pairs.flatMap(({ tasks: [one, other], results }) => [
        [`${one} ${other}`, results[1]] as const,
        [`${other} ${one}`, results[0]] as const,
      ]),
    );
    return directedMatrix(alone.length, (from, to) => {
      const together = withTask.get(`${from} ${to}`);
      return together === undefined ? null : improvement(together, alone[to], higherIsBetter?.[to] ?? false);
    });
  },
};

/** Relative to the base, above 0 where `value` is better; null beside a base of 0. */
export function improvement(value: number, base: number, higherIsBetter: boolean): number | null {
  return base === 0 ? null : ((higherIsBetter ? 1 : -1) * (value - base)) / Math.abs(base);
}
