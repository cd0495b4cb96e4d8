import { z } from 'zod';
import { count, type SharingDescription } from './description';

const options = z.strictObject({
  experts: count(8, 'How many experts.'),
});

export const mmoe: SharingDescription<'mmoe', typeof options> = {
  name: 'mmoe',
  title: 'Multi-gate mixture of experts',
  summary: 'Experts that all tasks share, mixed by a gate of each task.',
  details:
    '$z_t(x) = \\sum_e g_t(x)_e\\, E_e(x)$ with $g_t(x) = \\mathrm{softmax}(W_t x)$: every expert $E_e$ has the ' +
    'layers of `encoder`, each task has a gate of its own. Gate values are recorded.',
  source: 'Ma et al., Modeling Task Relationships in Multi-task Learning with Multi-gate Mixture-of-Experts, 2018',
  options,
  onLayers: true,
};
