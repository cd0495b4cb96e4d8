import { z } from 'zod';
import { count, type SharingDescription } from './description';

const options = z.strictObject({
  sharedExperts: count(2, 'Experts that all tasks share.'),
  taskExperts: count(1, 'Experts of each task alone.', 16),
});

export const ple: SharingDescription<'ple', typeof options> = {
  name: 'ple',
  title: 'Progressive layered extraction',
  summary: 'Levels of shared and own experts, one level per layer of the encoder.',
  details:
    'Each level $l$ is a CGC of one-layer experts on what the level before gave: $z_t^l = \\sum_e ' +
    'g_t^l(z_t^{l-1})_e\\, E_e^l$ over the shared experts, which read $z_0^{l-1}$, and those of task $t$, ' +
    'which read $z_t^{l-1}$. Behind every level but the last a shared gate mixes all experts, those of every ' +
    'task too, into $z_0^l$. With one layer it is CGC.',
  source: 'Tang et al., Progressive Layered Extraction, 2020',
  options,
  onLayers: true,
};
