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
  follows: 'gradient',
  appliesTo: 'shared',
  orderMatters: false,
  weights: 'non-negative',
  conflict: 'possible',
  initialise: () => null,
  weigh({ tasks, gradients, random, options: { leak }, state }) {
    const positive = drawSigns(gradients, random);
    const gradient = new Float64Array(gradients[0].length);
    const weights = tasks.map((_, t) => addKept(gradient, gradients[t], positive, leak));
    return { weights, gradient, state };
  },
};

/** For each entry 1 where the positive parts are kept, 0 where the negative ones are. */
function drawSigns(gradients: readonly ArrayLike<number>[], random: Random): Uint8Array {
  const length = gradients[0].length;
  const totals = new Float64Array(length);
  const sizes = new Float64Array(length);
  for (const row of gradients) {
    for (let k = 0; k < length; k++) {
      totals[k] += row[k];
      sizes[k] += Math.abs(row[k]);
    }
  }
  const positive = new Uint8Array(length);
  for (let k = 0; k < length; k++) positive[k] = 0.5 * (1 + totals[k] / (sizes[k] || 1)) > random.uniform() ? 1 : 0;
  return positive;
}

/**
 * Adds what is kept of a gradient.
 * @returns the share of its square that is
 */
function addKept(to: Float64Array, row: ArrayLike<number>, positive: Uint8Array, leak: number): number {
  let [kept, square] = [0, 0];
  for (let k = 0; k < to.length; k++) {
    const value = row[k];
    const share = value > 0 === (positive[k] === 1) ? 1 : leak;
    to[k] += share * value;
    kept += share * value * value;
    square += value * value;
  }
  return square > 0 ? kept / square : 0;
}
