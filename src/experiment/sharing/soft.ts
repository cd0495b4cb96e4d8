import { z } from 'zod';
import { words } from '../../common/schemaMeta';
import { strength, type SharingDescription } from './description';

const options = z.strictObject({
  strength: strength(0.01, 'How strongly the encoders are held together: $\\lambda$.'),
  distance: words({
    l2: 'Distances to the centre of all encoders, squared.',
    'trace-norm': 'The sum of singular values of all encoders together.',
  })
    .default('l2')
    .meta({ description: 'What is held small.' }),
});

export const soft: SharingDescription<'soft', typeof options> = {
  name: 'soft',
  title: 'Soft parameter sharing',
  summary: 'An encoder per task; a penalty holds them together.',
  details:
    '$f_t(x) = h_t(e_t(x))$, and the loss gains $\\lambda\\,\\Omega(\\theta_1, \\dots, \\theta_T)$ over the ' +
    'parameters of the encoders. `l2`: $\\Omega = \\frac{1}{2} \\sum_t \\lVert \\theta_t - \\theta_0 \\rVert^2$, the ' +
    'distance to their centre $\\theta_0$. `trace-norm`: $\\Omega = \\sum_l \\lVert W_l \\rVert_*$, where row $t$ of $W_l$ ' +
    'holds a layer of task $t$: the sum of singular values, which draws the tasks into few directions. It is ' +
    'computed in its variational form $\\min_D \\frac{1}{2} \\mathrm{tr}(W^\\top D^{-1} W) + \\frac{1}{2} ' +
    '\\mathrm{tr}(D)$, whose $D = (W W^\\top)^{1/2}$ comes from a Newton–Schulz iteration and is smoothed near ' +
    '0. A strength of 0 trains the tasks alone.',
  source:
    'Duong et al., Low Resource Dependency Parsing, 2015; Yang and Hospedales, Trace Norm Regularised Deep Multi-Task Learning, 2017',
  options,
  apart: true,
  onLayers: true,
};
