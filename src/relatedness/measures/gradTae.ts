import { fitStep, lossAfter, type LinearisedTask } from '../linearised';
import type { Measure } from '../measure';
import { directedMatrix, pairCount } from './matrix';
import { improvement } from './pairGain';

export interface Linearised {
  /** T; null for a task with more than two classes, which has no single output. */
  readonly tasks: readonly (LinearisedTask | null)[];
  /** p: the width of the projected gradients. */
  readonly width: number;
  /** What a step costs: the ridge on it. 1e-3 if not given. */
  readonly ridge?: number;
  /** The sets of tasks, as positions, that the values are averaged over. All pairs, if not given. */
  readonly subsets?: readonly (readonly number[])[];
}

/** The gain of `pairGain`, with networks that are estimated to first order in the place of trained ones. */
export const gradTae: Measure<'grad-tae', Linearised> = {
  name: 'grad-tae',
  title: 'Gradient-based task affinity estimation',
  summary: "The gain of a column's task from being trained with a row's, estimated from one network of all tasks.",
  details:
    'About the network of all tasks its outputs are linear, $f(x; \\theta + P w) \\approx f(x; \\theta) + \\tilde g(x)^\\top w$ with gradients $\\tilde g = P^\\top \\nabla f$ at random projected to $p$ numbers. For a set $S$ of tasks, $w_S$ minimises $\\sum_{t \\in S} L_t(w) + \\lambda \\lVert w \\rVert^2$ on training rows: a ridge regression for numbers, a logistic one for binary tasks. The value is the mean over the sets with both tasks (all pairs, if nothing is said) of $\\frac{L_j(w_{\\{j\\}}) - L_j(w_S)}{L_j(w_{\\{j\\}})}$ on validation rows. In $(-\\infty, 1]$, directed from the row to the column. ' +
    'It holds as far as the network would not go far from where it is. The paper averages the performance itself; here it is taken relative to the task alone, so that 0 means that the other task makes no difference. Tasks of more than two classes have no values.',
  source: 'Li, Sharma and Zhang, Scalable Multitask Learning Using Gradient-based Estimation of Task Affinity, 2024',
  moment: 'more training',
  range: [-Infinity, 1],
  directed: true,
  higherIsCloser: true,
  neutral: 0,
  cost: {
    formula:
      '$2 T n P$ for the gradients of single rows, $T n P p$ to project them, and $T (T - 1) n p^2$ to fit all pairs a few times, with $p = d$; no other network is trained',
    multiplications: ({ tasks, rows, features, parameters }) =>
      tasks * rows * parameters * (2 + features) + 5 * tasks * (tasks - 1) * rows * features ** 2,
  },
  measure({ tasks, width, ridge = 1e-3, subsets = allPairs(tasks.length) }) {
    const alone = tasks.map((task) => task && validationLoss(task, fitStep([task], width, ridge)));
    const gains = tasks.map(() => tasks.map(() => ({ sum: 0, count: 0 })));
    for (const subset of subsets) {
      const members = subset.flatMap((position) => {
        const task = tasks[position];
        return task ? [{ position, task }] : [];
      });
      if (members.length < 2) continue;
      const step = fitStep(
        members.map(({ task }) => task),
        width,
        ridge,
      );
      for (const { position: to, task } of members) {
        const gain = improvement(validationLoss(task, step), alone[to]!, false);
        for (const { position: from } of members) {
          if (gain === null || from === to) continue;
          gains[from][to].sum += gain;
          gains[from][to].count++;
        }
      }
    }
    return directedMatrix(tasks.length, (from, to) => gains[from][to].sum / gains[from][to].count);
  },
};

function validationLoss(task: LinearisedTask, step: Float64Array): number {
  return lossAfter(task, task.validation, step);
}

function allPairs(count: number): (readonly number[])[] {
  const pairs = Array.from({ length: pairCount(count) }, () => [0, 0]);
  let at = 0;
  for (let one = 0; one < count; one++) for (let other = 0; other < one; other++) pairs[at++] = [other, one];
  return pairs;
}
