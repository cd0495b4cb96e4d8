import { noOptions, type SharingDescription } from './description';

export const hard: SharingDescription<'hard', typeof noOptions> = {
  name: 'hard',
  title: 'Hard parameter sharing',
  summary: 'One encoder for all tasks, one head per task.',
  details:
    '$f_t(x) = h_t(e(x))$: the encoder $e$ is shared by every task, each task has a head $h_t$ of its own. ' +
    'Tasks with a private `encoder` pass their inputs through it first.',
  source: 'Caruana, Multitask Learning, 1997',
  options: noOptions,
  common: true,
};
