import { applyStack, denseStack, stackMasks, stackParameters } from '../layers';
import type { SharingArchitecture } from './architecture';
import { commonWidth } from './support';

/**
 * One encoder for all, and heads whose first layers have a low rank together: `W_t = L S_t` with an L that all share
 * (Kumar and Daume, 2012).
 */
export const lowRank: SharingArchitecture<'low-rank'> = {
  build({ rank }, { encoder }, inputs) {
    const stack = denseStack('shared', commonWidth(inputs), encoder, true);
    const basis = denseStack('basis', stack.units, { layers: [rank], activation: 'linear', dropout: 0 }, true);
    return {
      parameters: [...stackParameters(stack), ...stackParameters(basis)],
      widths: inputs.map(() => rank),
      masks: (rows) => rows.flatMap((count, stream) => stackMasks(stack, String(stream), count)),
      represent: (pass, stream, input) => applyStack(basis, pass, '', applyStack(stack, pass, String(stream), input)),
    };
  },
};
