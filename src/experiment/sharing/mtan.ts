import { z } from 'zod';
import { count, type SharingDescription } from './description';

const options = z.strictObject({
  attention: count(16, 'Hidden units of an attention module.', 1024),
});

export const mtan: SharingDescription<'mtan', typeof options> = {
  name: 'mtan',
  title: 'Multi-task attention network',
  summary: 'A shared trunk; each task picks features from it by attention.',
  details:
    '$z_t^l = a_t^l \\odot h^l$ with $a_t^l = \\sigma\\left(V_t^l\\, \\mathrm{relu}(U_t^l h^l + P_t^l ' +
    'z_t^{l-1})\\right)$: behind each layer $h^l$ of the trunk, a task decides feature by feature and row by ' +
    'row what passes on. This is the network of the paper with dense layers in the place of convolutions.',
  source: 'Liu, Johns and Davison, End-to-End Multi-Task Learning with Attention, 2019',
  options,
  onLayers: true,
};
