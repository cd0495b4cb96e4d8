import { ExperimentError } from '../../experiment/problem';
import { applyStack, denseStack, stackMasks, stackParameters } from '../layers';
import type { SharingArchitecture } from './architecture';

/** One encoder for all tasks (Caruana, 1997). */
export const hard: SharingArchitecture<'hard'> = {
  build(_options, { encoder }, inputs) {
    const first = inputs[0];
    const other = inputs.find(({ width }) => width !== first.width);
    if (other) {
      throw new ExperimentError([
        {
          code: 'input-widths-differ',
          severity: 'error',
          message:
            `Task "${first.name}" feeds ${first.width} values into the shared encoder, task "${other.name}" ` +
            `${other.width}. Give both a private \`encoder\` whose last layers have the same width.`,
          path: ['tasks', other.name],
        },
      ]);
    }
    const stack = denseStack('shared', first.width, encoder, true);
    return {
      parameters: stackParameters(stack),
      widths: inputs.map(() => stack.units),
      masks: (rows) => rows.flatMap((count, stream) => stackMasks(stack, String(stream), count)),
      represent: (pass, stream, input) => applyStack(stack, pass, String(stream), input),
    };
  },
};
