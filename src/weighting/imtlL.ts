import { z } from 'zod';
import { descend, initialValues, learningOptions, type Learned } from './adam';
import type { WeightingMethod } from './method';

const options = z.strictObject(learningOptions(0.01));

/** `w_t = exp(s_t)`, with `s_t` learned by descent on `exp(s_t) L_t - s_t`. State: one s per task, 0 at first. */
export const imtlL: WeightingMethod<'imtl-l', typeof options, Learned> = {
  name: 'imtl-l',
  title: 'IMTL-L',
  summary: 'Learns a scale for each loss so that all scaled losses are alike.',
  details:
    '$L = \\sum_t e^{s_t} L_t - s_t$, that is $w_t = e^{s_t}$ with a learned $s_t$ that starts from 0. At rest every scaled loss $e^{s_t} L_t$ is 1. ' +
    'The loss-balancing half of IMTL; `imtl-g` is the other. LibMTL learns $s$ with the optimizer of the model; here it has an optimizer of its own.',
  source: 'Liu et al., Towards Impartial Multi-task Learning, 2021',
  options,
  needs: 'losses',
  appliesTo: 'all',
  orderMatters: false,
  weights: 'non-negative',
  conflict: 'possible',
  initialise: (tasks) => initialValues(tasks.length, 0),
  weigh({ losses, present, options, state }) {
    const weights = state.values.map(Math.exp);
    const gradient = weights.map((weight, task) => (present[task] ? weight * losses[task] - 1 : 0));
    return { weights, state: descend(state, gradient, options) };
  },
};
