import { z } from 'zod';
import { strength, type SharingDescription } from './description';

const options = z.strictObject({
  sharedDecay: strength(0.001, 'How strongly the shared weights are held down: $\\lambda_0$.'),
  specificDecay: strength(
    0.1,
    'How strongly the weights of each task are held down: $\\lambda_1$. About 1 suits tasks of some tens of rows, less those of many.',
  ),
});

export const additive: SharingDescription<'additive', typeof options> = {
  name: 'additive',
  title: 'Additive',
  summary: 'A function that all tasks share plus one of each task, held down apart.',
  details:
    '$f_t = f_0 + g_t$ in every part: the representation is $e_0(x) + e_t(x)$, and the first layer of the ' +
    'head has the weights $W_0 + V_t$. The loss gains $\\frac{\\lambda_0}{2} \\lVert \\theta_0 \\rVert^2 + ' +
    '\\frac{\\lambda_1}{2} \\sum_t \\lVert \\theta_t \\rVert^2$ over weight matrices. A large $\\lambda_1$ against ' +
    '$\\lambda_0$ makes the tasks alike, a small one lets them go their ways. With no encoder layer and no ' +
    'head layer this is the regularised linear model $w_t = w_0 + v_t$. `weightDecay` does not apply to ' +
    'these weights.',
  source: 'Evgeniou and Pontil, Regularized Multi-Task Learning, 2004',
  options,
  inHeads: true,
};
