import { z } from 'zod';
import { count, strength, type SharingDescription } from './description';

const options = z.strictObject({
  experts: z
    .literal([2, 4, 8, 16, 32, 64])
    .meta({ description: 'A power of 2.' })
    .default(8)
    .meta({ description: 'How many experts: a power of 2.' }),
  selected: count(2, 'How many experts a gate selects at most: $k$.', 16),
  smoothness: z.number().positive().default(1).meta({ description: 'Width of the smooth step: $\\gamma$.' }),
  entropy: strength(0.01, 'How strongly the entropy of the selections is held down.'),
});

export const dselectK: SharingDescription<'dselect-k', typeof options> = {
  name: 'dselect-k',
  title: 'DSelect-k',
  summary: 'Experts that all tasks share; each gate learns to select at most k of them.',
  details:
    '$z_t(x) = \\sum_e q_t(x)_e\\, E_e(x)$ with $q_t = \\sum_{i \\le k} \\mathrm{softmax}(W_t x)_i\\, r(s_i)$: ' +
    'each $r(s)_e = \\prod_j s_j^{b_{ej}} (1 - s_j)^{1 - b_{ej}}$ picks an expert by its binary number $b_e$, ' +
    'where $s = S(Z_t x)$ and the smooth step $S$ reaches 0 and 1 exactly. The loss gains the mean entropy ' +
    'of all selections of all tasks, times `entropy`, so that each selection ends with one expert.',
  source: 'Hazimeh et al., DSelect-k: Differentiable Selection in the Mixture of Experts, 2021',
  options,
  onLayers: true,
};
