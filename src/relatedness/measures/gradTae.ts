import { dot } from '../../common/linear/matrix';
import { fitStep, lossAfter, taskObjective, type LinearisedTask } from '../linearised';
import type { TrainedMeasureOf } from '../measure';
import { directedMatrix, pairCount } from './matrix';
import { improvement } from './pairGain';
import { gain, helping } from './words';

export interface Linearised {
  /** T; null for a task with more than two classes, which has no single output. */
  readonly tasks: readonly (LinearisedTask | null)[];
  /** p: the width of the projected gradients. */
  readonly width: number;
  /** What a step costs: the ridge on it, as a share of the mean square of a gradient's length. 0.1 if not given. */
  readonly ridge?: number;
  /** The sets of tasks, as positions, that the values are averaged over. All pairs, if not given. */
  readonly subsets?: readonly (readonly number[])[];
}

/** The gain of `pairGain`, with networks that are estimated to first order in the place of trained ones. */
export const gradTae: TrainedMeasureOf<'grad-tae', Linearised, 'linearised tasks'> = {
  name: 'grad-tae',
  title: 'Gradient-based task affinity estimation',
  summary: "The gain of a column's task from being trained with a row's, estimated from one network of all tasks.",
  details:
    'A network is taken as linear in its shared parameters about where training left them: a step $\\theta + P w$ moves what a head answers by $\\tilde g(x)^\\top w$, with gradients $\\tilde g = P^\\top \\nabla f$ at random projected to $p$ numbers. For a set $S$ of tasks, $w_S$ minimises $\\sum_{t \\in S} L_t(a_t + \\tilde g^\\top w) + \\lambda \\lVert w \\rVert^2$ on training rows: a ridge regression for numbers, a logistic one for classes. The value is the mean over the sets with both tasks of $\\frac{L_j^j - L_j^S}{L_j^j}$, with $L_j^S$ the loss of task $j$ on validation rows at $w_S$ and $L_j^j$ that at the step for $j$ alone. In $(-\\infty, 1]$, directed from the row to the column.\n\n' +
    'What a run does: all pairs of tasks are the sets, up to 512 training rows and 256 validation rows of each table are looked at, $p$ is 64 (the gradient itself where it is no longer), $\\lambda$ is 0.1 of the mean $\\lVert \\tilde g \\rVert^2$, and $a_t$ is the best constant answer. For tasks of several classes $f$ is the margin of the right one, $\\log \\frac{p}{1 - p}$ (Park et al., TRAK, 2023), of which the cross-entropy is a logistic loss.\n\n' +
    'Differences from the paper, which averages the performance itself over random sets of several tasks: here it is relative to the task alone, so that 0 means that the other task makes no difference. The paper begins at the outputs of the network, $a_t = f(x; \\theta)$; its published code explains the labels by the gradients alone, and so does a run: all tasks have formed the outputs already, so that a set can add little but noise. Heads stay as they are. It holds as far as gradients would not change while the network is trained.',
  source:
    'Li, Sharma and Zhang, Scalable Multitask Learning Using Gradient-based Estimation of Task Affinity, KDD 2024 (arXiv:2409.06091): Grad-TAG in the paper, Grad-TAE in its published code',
  needs: 'linearised tasks',
  moment: 'trained',
  range: [-Infinity, 1],
  directed: true,
  higherIsCloser: true,
  neutral: 0,
  ends: helping,
  say: gain((from) => `trained with ${from} than alone, by the estimate`, 'would get'),
  cost: {
    formula:
      '$3 T n P$ for the gradients of single rows and their projection, and $T (T - 1) (n p + \\frac{p^3}{6})$ a few times to fit all pairs, with $p = d$; no other network is trained',
    multiplications: ({ tasks, rows, features, parameters }) =>
      3 * tasks * rows * parameters + 5 * tasks * (tasks - 1) * (rows * features + features ** 3 / 6),
  },
  measure({ tasks, width, ridge: share = 0.1, subsets = allPairs(tasks.length) }) {
    const ridge = share * meanSquare(tasks);
    const objectives = tasks.map((task) => task && taskObjective(task, width));
    const alone = tasks.map((task, position) => {
      const own = objectives[position];
      return task && own && validationLoss(task, fitStep([own], width, ridge));
    });
    const gains = tasks.map(() => tasks.map(() => ({ sum: 0, count: 0 })));
    for (const subset of subsets) {
      const members = subset.flatMap((position) => {
        const [task, own] = [tasks[position], objectives[position]];
        return task && own ? [{ position, task, own }] : [];
      });
      if (members.length < 2) continue;
      const step = fitStep(
        members.map(({ own }) => own),
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

/** Over the tasks the mean squared length of a projected gradient. */
function meanSquare(tasks: Linearised['tasks']): number {
  const known = tasks.filter((task) => task !== null);
  const squares = known.map(({ train: { features, labels } }) => dot(features, features) / labels.length);
  return squares.reduce((sum, square) => sum + square, 0) / Math.max(1, known.length);
}

function validationLoss(task: LinearisedTask, step: Float64Array): number {
  return lossAfter(task, task.validation, step);
}

function allPairs(count: number): (readonly number[])[] {
  const pairs = Array.from({ length: pairCount(count) }, () => [0, 0]);
  let at = 0;
  for (let one = 0; one < count; one++) for (let other = 0; other < one; other++) pairs[at++] = [other, one];
  return pairs;
}
