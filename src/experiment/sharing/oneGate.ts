import { z } from 'zod';
import { count, type SharingDescription } from './description';

const options = z.strictObject({
  experts: count(8, 'How many experts.'),
});

export const oneGate: SharingDescription<'one-gate', typeof options> = {
  name: 'one-gate',
  title: 'One-gate mixture of experts',
  summary: 'Experts mixed by one gate that all tasks share.',
  details:
    '$z(x) = \\sum_e g(x)_e\\, E_e(x)$ with $g(x) = \\mathrm{softmax}(W x)$: the tasks read the same mixture. ' +
    'What MMoE is compared with.',
  source: 'Ma et al., Modeling Task Relationships in Multi-task Learning with Multi-gate Mixture-of-Experts, 2018',
  options,
  common: true,
  onLayers: true,
};
