import { z } from 'zod';
import type { WeightingMethod } from './method';
import { amongPresent } from './presence';
import { sum, type Matrix } from '../common/linear/matrix';
import { directions } from './solvers/directions';
import { solveLeastSquares } from './solvers/pseudoInverse';

const options = z.strictObject({});

/** `G w` proportional to the lengths of the gradients, `sum of w = 1`. */
export const imtlG: WeightingMethod<'imtl-g', typeof options, null, 'gramian'> = {
  name: 'imtl-g',
  title: 'IMTL-G',
  summary: 'Follows the combination of gradients that has the same projection onto each of them.',
  details:
    '$d = \\sum_t w_t g_t$ with $d^\\top \\frac{g_t}{\\lVert g_t \\rVert}$ the same for every task and $\\sum_t w_t = 1$. Weights can be negative, and where the lengths differ much $d$ can point against all gradients. ' +
    'Tasks with a zero gradient have weight 0 (LibMTL gives NaN for all). Where the gradients are dependent the least-squares solution is taken; where no combination serves, weights in proportion to $\\frac{1}{\\lVert g_t \\rVert}$.',
  source: 'Liu et al., Towards Impartial Multi-task Learning, 2021',
  options,
  needs: 'gramian',
  appliesTo: 'shared',
  orderMatters: false,
  weights: 'any',
  conflict: 'possible',
  initialise: () => null,
  weigh: ({ present, gramian, state }) => ({ weights: amongPresent({ present, gramian }, impartial), state }),
};

function impartial(gramian: Matrix, count: number): Float64Array {
  const { norms, cosines } = directions(gramian, count);
  const lengths = solveLeastSquares(cosines, count, new Float64Array(count).fill(1));
  const weights = lengths.map((length, task) => length / norms[task]);
  const total = sum(weights);
  const cancels = lengths.every((length) => Math.abs(length) < 1e-8);
  if (!cancels && Math.abs(total) > 1e-7 * sum(weights.map(Math.abs))) return weights.map((weight) => weight / total);
  const shares = norms.map((norm) => 1 / norm);
  return shares.map((share) => share / sum(shares));
}
