import { z } from 'zod';
import { count, type SharingDescription } from './description';

const options = z.strictObject({
  rank: count(4, 'How many directions the heads share: $R$.', 1024),
});

export const lowRank: SharingDescription<'low-rank', typeof options> = {
  name: 'low-rank',
  title: 'Low-rank heads',
  summary: 'One encoder for all tasks, and heads that are mixtures of a few directions.',
  details:
    '$W_t = L\\, S_t$ for the first layer of each head: the $R$ columns of $L$ are shared, $S_t$ belongs to ' +
    'the task. With single outputs the matrix of all tasks has a rank of at most $R$.',
  source: 'Kumar and Daumé, Learning Task Grouping and Overlap in Multi-task Learning, 2012',
  options,
  common: true,
  inHeads: true,
};
