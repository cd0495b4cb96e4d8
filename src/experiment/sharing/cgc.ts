import { z } from 'zod';
import { count, type SharingDescription } from './description';

const options = z.strictObject({
  sharedExperts: count(2, 'Experts that all tasks share.'),
  taskExperts: count(1, 'Experts of each task alone.', 16),
});

export const cgc: SharingDescription<'cgc', typeof options> = {
  name: 'cgc',
  title: 'Customised gate control',
  summary: 'Experts of all tasks and of each task alone, mixed by a gate of each task.',
  details:
    '$z_t(x) = \\sum_e g_t(x)_e\\, E_e(x)$ over the shared experts and those of task $t$, $g_t(x) = ' +
    '\\mathrm{softmax}(W_t x)$: the experts of other tasks cannot disturb. Every expert has the layers of ' +
    '`encoder`. One level of PLE.',
  source: 'Tang et al., Progressive Layered Extraction, 2020',
  options,
  onLayers: true,
};
