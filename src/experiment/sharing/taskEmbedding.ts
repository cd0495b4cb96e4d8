import { z } from 'zod';
import { count, type SharingDescription } from './description';

const options = z.strictObject({
  size: count(8, 'Length of a task vector.', 1024),
});

export const taskEmbedding: SharingDescription<'task-embedding', typeof options> = {
  name: 'task-embedding',
  title: 'Task embedding',
  summary: 'One trunk, which each task scales and shifts by a learned vector.',
  details:
    '$h_t^l = \\phi\\left((W^l h_t^{l-1} + b^l) \\odot (1 + \\Gamma^l v_t) + B^l v_t\\right)$: every weight is ' +
    'shared, only the vector $v_t$ and the head belong to the task. It costs little per task, so it suits ' +
    'very many. The vectors and their cosines are recorded: close vectors mean related tasks.',
  source: 'Perez et al., FiLM: Visual Reasoning with a General Conditioning Layer, 2018',
  options,
  onLayers: true,
};
