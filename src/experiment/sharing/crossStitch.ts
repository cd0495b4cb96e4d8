import { z } from 'zod';
import { type SharingDescription } from './description';

const options = z.strictObject({
  self: z
    .number()
    .min(0)
    .max(1)
    .default(0.9)
    .meta({ description: 'Stitch value of a task for itself at first; the others share the rest.' }),
});

export const crossStitch: SharingDescription<'cross-stitch', typeof options> = {
  name: 'cross-stitch',
  title: 'Cross-stitch',
  summary: 'An encoder per task; behind each layer every task reads a learned mixture of all.',
  details:
    '$\\tilde h_t^l = \\sum_s \\alpha_{ts}^l\\, h_s^l$: layer $l + 1$ of task $t$ reads $\\tilde h_t^l$. The ' +
    'stitch values $\\alpha$ are learned, and recorded. Cost and size grow with the square of the number of ' +
    'tasks, of which there may be 64.',
  source: 'Misra et al., Cross-stitch Networks for Multi-task Learning, 2016',
  options,
  onLayers: true,
};
