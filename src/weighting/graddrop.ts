import { z } from 'zod';
import type { Random } from '../common/random';
import type { WeightingMethod } from './method';

const options = z.strictObject({
  leak: z.number().min(0).max(1).default(0).meta({
    description: 'Share of the dropped entries that passes all the same. 1 is the plain sum of the gradients.',
  }),
});

/** Keeps, entry by entry, the gradients of one sign only, drawn with the odds of their sums. */
export const graddrop: WeightingMethod<'graddrop', typeof options, null, 'gradients'> = {
  name: 'graddrop',
  title: 'GradDrop',
  summary:
    'For each parameter picks a sign by chance, by how much pulls that way, and drops all gradients of the other.',
  details:
    'For each entry $k$ the purity is $P = \\frac{1}{2} (1 + \\frac{\\sum_t g_{tk}}{\\sum_t \\lvert g_{tk} \\rvert})$; with probability $P$ the positive entries are kept, otherwise the negative ones; of the others a share `leak` passes. The step is their sum. ' +
    'It is no weighted sum of gradients; the weights that are shown are the share of each squared gradient that is kept. The shared parameters are taken, as in TorchJD; the paper takes the shared representation.',
  source: 'Chen et al., Just Pick a Sign: Optimizing Deep Multitask Models with Gradient Sign Dropout, 2020',
  options,
  needs: 'gradients',
  appliesTo: 'shared',
  orderMatters: false,
  weights: 'non-negative',
  conflict: 'possible',
  initialise: () => null,
  weigh({ tasks, gradients, random, options: { leak }, state }) {
    const length = gradients[0].length;
    const gradient = new Float64Array(length);
    const kept = new Float64Array(tasks.length);
    const squares = new Float64Array(tasks.length);
    for (let k = 0; k < length; k++) {
      const positives = draw(gradients, k, random);
      for (let t = 0; t < tasks.length; t++) {
        const value = gradients[t][k];
        const share = positives === undefined || (value > 0 ? positives : !positives) ? 1 : leak;
        gradient[k] += share * value;
        kept[t] += share * value * value;
        squares[t] += value * value;
      }
    }
    return { weights: tasks.map((_, t) => (squares[t] > 0 ? kept[t] / squares[t] : 0)), gradient, state };
  },
};

/** Whether the positive entries are kept; undefined where all are zero. */
function draw(gradients: readonly ArrayLike<number>[], k: number, random: Random): boolean | undefined {
  let [total, size] = [0, 0];
  for (const { [k]: value } of gradients) {
    total += value;
    size += Math.abs(value);
  }
  const chance = random.uniform();
  return size === 0 ? undefined : 0.5 * (1 + total / size) > chance;
}
