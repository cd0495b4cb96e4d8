import { z } from 'zod';
import { count, strength, type SharingDescription } from './description';

const options = z.strictObject({
  branches: count(4, 'Branches per layer.', 32),
  startTemperature: z.number().positive().default(5).meta({ description: 'Temperature of the first step: $\\tau_0$.' }),
  endTemperature: z
    .number()
    .positive()
    .default(0.5)
    .meta({ description: 'Temperature that is kept in the end: $\\tau_1$.' }),
  cooling: strength(0.001, 'How fast the temperature falls per step: $c$.'),
});

export const ltb: SharingDescription<'ltb', typeof options> = {
  name: 'ltb',
  title: 'Learning to branch',
  summary: 'Layers of several branches; each learns which branch below it reads.',
  details:
    'Each node of a layer, and at the end each task, reads $\\sum_b d_b\\, h_b$ over the branches $b$ below, ' +
    '$d = \\mathrm{softmax}((\\theta + G) / \\tau)$ with Gumbel noise $G$ in training: a draw of one branch ' +
    'that gradients pass through. The temperature falls with the steps $n$, $\\tau = \\max(\\tau_1, \\tau_0 ' +
    'e^{-c n})$; evaluation and prediction are without noise at $\\tau_1$. The probabilities are recorded: ' +
    'tasks that read the same branches share them.',
  source: 'Guo, Lee and Ulbricht, Learning to Branch for Multi-Task Learning, 2020',
  options,
  onLayers: true,
};
