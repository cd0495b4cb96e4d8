import { z } from 'zod';
import type { WeightingMethod } from './method';
import { amongPresent } from './presence';
import { dot, type Matrix } from '../common/linear/matrix';
import { combinedNorm, directions } from './solvers/directions';
import { solveLeastSquares } from './solvers/pseudoInverse';

const options = z.strictObject({});

/** The direction with the same positive cosine to every gradient, as long as the gradients' projections on it summed. */
export const config: WeightingMethod<'config', typeof options, null, 'gramian'> = {
  name: 'config',
  title: 'ConFIG',
  summary: 'Follows the direction that makes the same angle with every gradient.',
  details:
    '$u = \\frac{U^+ 1}{\\lVert U^+ 1 \\rVert}$ with the unit gradients as rows of $U$ and its pseudo-inverse $U^+$; the step is $d = (\\sum_t g_t^\\top u) u$. If the gradients are linearly independent no loss rises. ' +
    'Otherwise $u$ is the least-squares solution, from which directions with an eigenvalue below $10^{-12}$ of the largest are left out. Tasks with a zero gradient have weight 0.',
  source: 'Liu, Chu and Thuerey, ConFIG: Towards Conflict-free Training of Physics Informed Neural Networks, 2024',
  options,
  needs: 'gramian',
  appliesTo: 'shared',
  orderMatters: false,
  weights: 'any',
  conflict: 'never-if-independent',
  initialise: () => null,
  weigh: ({ present, gramian, state }) => ({ weights: amongPresent({ present, gramian }, conflictFree), state }),
};

function conflictFree(gramian: Matrix, count: number): Float64Array {
  const { norms, cosines } = directions(gramian, count);
  const lengths = solveLeastSquares(cosines, count, new Float64Array(count).fill(1));
  const norm = combinedNorm(cosines, lengths);
  // Gradients that cancel have no such direction.
  if (norm <= 1e-8) return new Float64Array(count);
  // The projections of all gradients on the direction, summed.
  const reach =
    dot(
      lengths,
      rowSums(gramian, count).map((value, task) => value / norms[task]),
    ) / norm;
  return lengths.map((length, task) => (reach * length) / norm / norms[task]);
}

/** With what rounding loses carried along (Neumaier, 1974): long gradients that cancel leave the short ones exact. */
function rowSums(matrix: Matrix, count: number): Float64Array {
  const sums = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let [total, lost] = [0, 0];
    for (let j = 0; j < count; j++) {
      const value = matrix[i * count + j];
      const next = total + value;
      lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
      total = next;
    }
    sums[i] = total + lost;
  }
  return sums;
}
