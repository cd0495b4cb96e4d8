import { z } from 'zod';
import { shuffle, type Random } from '../common/random';
import type { WeightingMethod } from './method';
import { dot } from '../common/linear/matrix';

const options = z.strictObject({});

/** Each gradient, less its part against every other one in turn; weights of the sum in terms of the gradients. */
export const pcgrad: WeightingMethod<'pcgrad', typeof options, null, 'gramian'> = {
  name: 'pcgrad',
  title: 'PCGrad',
  summary: 'Takes from each gradient what points against the others, one after the other, and adds up the rest.',
  details:
    'For each task $i$ start with $p_i = g_i$; for the other tasks $j$ in random order, where $p_i^\\top g_j < 0$, set $p_i \\leftarrow p_i - \\frac{p_i^\\top g_j}{\\lVert g_j \\rVert^2} g_j$. The step is $\\sum_i p_i$. ' +
    'It is followed in terms of the weights of the $g_t$, which are 1 or more. With two tasks no loss rises; with more that is not certain.',
  source: 'Yu et al., Gradient Surgery for Multi-Task Learning, 2020',
  options,
  needs: 'gramian',
  appliesTo: 'shared',
  orderMatters: true,
  weights: 'non-negative',
  conflict: 'possible',
  initialise: () => null,
  weigh({ present, gramian, random, taskOrder, state }) {
    const count = present.length;
    const weights = present.map(() => 0);
    for (let task = 0; task < count; task++) {
      const combination = new Float64Array(count);
      combination[task] = 1;
      for (const other of othersInTurn(task, count, random, taskOrder)) {
        const row = gramian.subarray(other * count, (other + 1) * count);
        const product = dot(combination, row);
        if (product < 0 && row[other] > 0) combination[other] -= product / row[other];
      }
      if (present[task]) combination.forEach((value, other) => (weights[other] += value));
    }
    return { weights, state };
  },
};

/** All tasks but one: in the order given, or by chance. */
export function othersInTurn(
  task: number,
  count: number,
  random: Random,
  order?: readonly number[],
): readonly number[] {
  const all = order ?? Array.from({ length: count }, (_, index) => index);
  const others = all.filter((other) => other !== task);
  return order ? others : shuffle(others, random);
}
