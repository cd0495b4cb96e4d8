import { z } from 'zod';
import type { WeightingMethod } from './method';
import { amongPresent } from './presence';
import { combinedNorm, directions, dot, multiply, type Matrix } from './solvers/matrix';
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
  if (norm <= 1e-10) return new Float64Array(count);
  const reach = dot(norms, multiply(cosines, lengths)) / norm;
  return lengths.map((length, task) => (reach * length) / norm / norms[task]);
}
