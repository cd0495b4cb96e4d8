import { z } from 'zod';
import { count, type SharingDescription } from './description';

const options = z.strictObject({
  rank: count(4, 'How many layers are mixed: $R$.'),
});

export const factorised: SharingDescription<'factorised', typeof options> = {
  name: 'factorised',
  title: 'Factorised layers',
  summary: 'The layers of each task are mixtures of a few that all share.',
  details:
    '$W_t^l = \\sum_r s_{tr}^l\\, B_r^l$: the weights of all tasks, stacked, are a tensor of rank at most $R$ ' +
    'along the tasks. Only the coefficients $s_t$ and the head belong to the task; they are recorded.',
  source: 'Yang and Hospedales, Deep Multi-task Representation Learning: A Tensor Factorisation Approach, 2017',
  options,
  onLayers: true,
};
