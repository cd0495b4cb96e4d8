import { z } from 'zod';
import { words } from '../common/schemaMeta';
import type { WeightingMethod } from './method';
import { amongPresent, positive } from './presence';
import type { Matrix } from '../common/linear/matrix';
import { minimumNorm } from './solvers/minimumNorm';

const options = z.strictObject({
  normalise: words({
    none: 'As they are.',
    l2: 'By their lengths.',
    loss: "By the tasks' losses.",
    'loss+': 'By the product of both.',
  })
    .default('none')
    .meta({ description: 'What the gradients are divided by.' }),
});

/** `w` on the simplex that minimises `|sum of w_t g_t|`, over gradients that may be normalised: weights `w_t / n_t`. */
export const mgda: WeightingMethod<'mgda', typeof options, null, 'gramian'> = {
  name: 'mgda',
  title: 'MGDA',
  summary: 'Follows the shortest combination of the gradients, along which no loss rises.',
  details:
    '$\\min_w \\lVert \\sum_t w_t \\frac{g_t}{n_t} \\rVert$ over $w_t \\ge 0$, $\\sum_t w_t = 1$; the step is that combination, so the weight of task $t$ is $\\frac{w_t}{n_t}$. ' +
    'The normaliser $n_t$ is 1, $\\lVert g_t \\rVert$ (`l2`), $L_t$ (`loss`) or both (`loss+`). The step is zero where the tasks cannot all be improved; a task whose gradient is zero is such a case. ' +
    'The minimum is exact (Wolfe); LibMTL and TorchJD stop early and are up to 10 % longer.',
  source: 'Sener and Koltun, Multi-Task Learning as Multi-Objective Optimization, 2018; Désidéri, 2012',
  options,
  needs: 'gramian',
  appliesTo: 'shared',
  orderMatters: false,
  weights: 'non-negative',
  conflict: 'never',
  initialise: () => null,
  weigh({ losses, present, gramian, options: { normalise }, state }) {
    const weights = amongPresent(
      { present, gramian },
      (inner, count, chosen) => {
        const scales = chosen.map((task, at) => 1 / normaliser(normalise, losses[task], inner[at * count + at]));
        const scaled = normalise === 'none' ? inner : scaledGramian(inner, scales);
        return minimumNorm(scaled, count).map((weight, at) => weight * scales[at]);
      },
      'with zeros',
    );
    return { weights, state };
  },
};

/** 1 for a gradient of zero, which no division changes. */
function normaliser(kind: z.output<typeof options>['normalise'], loss: number, square: number): number {
  const norm = square > 0 ? Math.sqrt(square) : 1;
  switch (kind) {
    case 'none':
      return 1;
    case 'l2':
      return norm;
    case 'loss':
      return positive(loss);
    case 'loss+':
      return positive(loss) * norm;
  }
}

function scaledGramian(gramian: Matrix, scales: readonly number[]): Matrix {
  const count = scales.length;
  return gramian.map((value, at) => scales[Math.floor(at / count)] * value * scales[at % count]);
}
