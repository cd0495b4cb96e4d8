import { z } from 'zod';
import type { WeightingMethod } from './method';
import { othersInTurn } from './pcgrad';
import { dot, multiply, type Matrix } from '../common/linear/matrix';
import { directions } from './solvers/directions';

const options = z.strictObject({
  beta: z.number().min(0).max(1).default(0.5).meta({ description: 'Share of the new cosine in the running mean.' }),
});

/** Running means of the cosines, `targets[i][j]`, 0 at first. */
type Targets = readonly (readonly number[])[];

/** Each gradient is turned towards every other one until their cosine is what it usually is. */
export const gradvac: WeightingMethod<'gradvac', typeof options, Targets, 'gramian'> = {
  name: 'gradvac',
  title: 'GradVac',
  summary: 'Turns gradients towards each other until they are as similar as they usually are.',
  details:
    'For each task $i$ start with $p_i = g_i$; for the other tasks $j$ in random order take the cosine $\\phi$ of $p_i$ and $g_j$; where it is below the running mean $m$ of this pair, set $p_i \\leftarrow p_i + \\frac{\\lVert p_i \\rVert (m \\sqrt{1 - \\phi^2} - \\phi \\sqrt{1 - m^2})}{\\lVert g_j \\rVert \\sqrt{1 - m^2}} g_j$. Then $m \\leftarrow (1 - \\beta) m + \\beta \\phi$. The step is $\\sum_i p_i$. ' +
    'With means of 0, as at first, this is PCGrad. All shared parameters are taken together.',
  source: 'Wang et al., Gradient Vaccine: Investigating and Improving Multi-task Optimization, 2021',
  options,
  needs: 'gramian',
  appliesTo: 'shared',
  orderMatters: true,
  weights: 'non-negative',
  conflict: 'possible',
  initialise: (tasks) => tasks.map(() => tasks.map(() => 0)),
  weigh({ present, gramian, random, taskOrder, options: { beta }, state }) {
    const count = present.length;
    const { norms, cosines } = directions(gramian, count);
    const weights = present.map(() => 0);
    const targets = state.map((row) => [...row]);
    for (let task = 0; task < count; task++) {
      const order = othersInTurn(task, count, random, taskOrder);
      if (norms[task] === 0) continue;
      const lengths = turned(task, order, { norms, cosines, targets: targets[task], beta });
      lengths.forEach((length, other) => (weights[other] += norms[other] > 0 ? length / norms[other] : 0));
    }
    return { weights, state: targets };
  },
};

interface Turning {
  readonly norms: Float64Array;
  readonly cosines: Matrix;
  /** The running means of this task; written. */
  readonly targets: number[];
  readonly beta: number;
}

/** The turned gradient of a task, in lengths along the directions of all gradients. */
function turned(task: number, order: readonly number[], { norms, cosines, targets, beta }: Turning): Float64Array {
  const count = norms.length;
  const lengths = new Float64Array(count);
  lengths[task] = norms[task];
  for (const other of order) {
    if (norms[other] === 0) continue;
    const length = Math.sqrt(Math.max(0, dot(lengths, multiply(cosines, lengths))));
    // What is left of two opposite gradients has no direction.
    if (length <= 1e-14 * lengths.reduce((total, value) => total + Math.abs(value), 0)) break;
    const product = dot(lengths, cosines.subarray(other * count, (other + 1) * count));
    const cosine = Math.max(-1, Math.min(1, product / length));
    const target = targets[other];
    const sine = Math.sqrt(Math.max(0, 1 - target * target));
    if (cosine < target && sine > 1e-6) {
      lengths[other] += (length * (target * Math.sqrt(1 - cosine * cosine) - cosine * sine)) / sine;
    }
    targets[other] = (1 - beta) * target + beta * cosine;
  }
  return lengths;
}
