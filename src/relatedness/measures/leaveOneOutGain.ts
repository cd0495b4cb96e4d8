import type { TrainingsMeasureOf } from '../measure';
import { directedMatrix, sameLength } from './matrix';
import { allBut, known, positions } from './networks';
import { improvement } from './pairGain';
import { gain, helping } from './words';

export interface LeaveOneOutResults {
  /** T: what each task reaches when all are trained together. */
  readonly together: ArrayLike<number>;
  /** T rows of T: `without[i][j]`, what task j reaches when all but task i are trained together. `[i][i]` is not looked at. */
  readonly without: readonly ArrayLike<number>[];
  /** T: whether a higher result is a better one; a loss, of which lower is better, if not given. */
  readonly higherIsBetter?: readonly boolean[];
}

/** `± (R_j - R_j without i) / |R_j without i|`. */
export const leaveOneOutGain: TrainingsMeasureOf<'leave-one-out-gain', LeaveOneOutResults> = {
  name: 'leave-one-out-gain',
  title: 'Leave-one-task-out gain',
  summary: "How much better a column's task gets because a row's is trained with all the others.",
  details:
    '$(-1)^{l} \\frac{R_j - R_j^{-i}}{|R_j^{-i}|}$: the relative improvement of task $j$ in the network of all tasks over the network of all but $i$, with $l = 1$ for results of which lower is better. In $(-\\infty, \\infty)$, directed from the row to the column, above 0 where the row helps the others. ' +
    'Unlike the pairwise gain it sees a task in the company of all: of two tasks that help alike, neither is missed. The diagonal has no value, nor has a result of 0 without the row.',
  source: 'After Standley et al., Which Tasks Should Be Learned Together in Multi-task Learning?, 2020',
  moment: 'more training',
  range: [-Infinity, Infinity],
  directed: true,
  higherIsCloser: true,
  neutral: 0,
  ends: helping,
  say: gain((from) => `with ${from} among all tasks than with all but ${from}`),
  cost: {
    formula: '$T$ networks of $T - 1$ tasks',
    multiplications: ({ tasks, rows, parameters }) => 3 * tasks * rows * parameters,
    trainings: (tasks) => tasks,
  },
  networks: (tasks) => positions(tasks).map((left) => ({ tasks: allBut(left, tasks) })),
  fromReached(tasks, reached) {
    const all = positions(tasks);
    return leaveOneOutGain.measure({
      together: all.map((task) => known(reached.losses(all)?.[task])),
      without: all.map((left) => {
        const rest = allBut(left, tasks);
        const losses = reached.losses(rest);
        return all.map((task) => (task === left ? NaN : known(losses?.[rest.indexOf(task)])));
      }),
    });
  },
  measure({ together, without, higherIsBetter }) {
    sameLength([together, without, ...without, ...(higherIsBetter ? [higherIsBetter] : [])], 'results');
    return directedMatrix(together.length, (from, to) =>
      from === to ? null : improvement(together[to], without[from][to], higherIsBetter?.[to] ?? false),
    );
  },
};
