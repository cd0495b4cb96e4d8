import { applyStack, denseStack, stackMasks, stackParameters } from '../layers';
import type { SharingArchitecture } from './architecture';
import { commonWidth } from './support';

/** One encoder for all tasks (Caruana, 1997). */
export const hard: SharingArchitecture<'hard'> = {
  build(_options, { encoder }, inputs) {
    const stack = denseStack('shared', commonWidth(inputs), encoder, true);
    return {
      parameters: stackParameters(stack),
      widths: inputs.map(() => stack.units),
      masks: (rows) => rows.flatMap((count, stream) => stackMasks(stack, String(stream), count)),
      represent: (pass, stream, input) => applyStack(stack, pass, String(stream), input),
    };
  },
};
