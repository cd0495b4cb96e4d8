import type * as tf from '@tensorflow/tfjs-core';
import { take } from '../bank';
import type { Pass } from '../layers';
import type { SharingArchitecture } from './architecture';
import {
  extract,
  extractFor,
  extraction,
  extractionGates,
  extractionMasks,
  extractionParameters,
  type ExtractionInput,
} from './extraction';
import { commonWidth, gateProbe, numbered, taskMembers } from './support';

/**
 * Levels of experts, one per layer of the encoder (Tang et al., 2020). Behind each level but the last a shared gate
 * mixes all experts, those of each task too, for the shared experts of the next.
 */
export const ple: SharingArchitecture<'ple'> = {
  build(options, model, inputs) {
    const { layers, activation, dropout } = model.encoder;
    const members = taskMembers(inputs);
    const tasks = members.names.length;
    const levels = layers.map((units, level) => {
      const width = level === 0 ? commonWidth(inputs) : layers[level - 1];
      const settings = { layers: [units], activation, dropout };
      return extraction(`ple/${level}`, members.names, options, width, settings, layers.length - 1 - level);
    });
    const last = levels.length - 1;
    /** What goes into each level. */
    const walk = (pass: Pass, stream: number, input: tf.Tensor2D) => {
      const entering: ExtractionInput[] = [{ tasks: input, shared: input }];
      for (const level of levels.slice(0, last)) {
        const { tasks: own, shared } = extract(level, pass, String(stream), entering.at(-1)!);
        entering.push({ tasks: own, shared: shared! });
      }
      return entering;
    };
    const labels = [...numbered('shared', options.sharedExperts), ...numbered('own', options.taskExperts)];
    return {
      parameters: levels.flatMap(extractionParameters),
      widths: inputs.map(() => layers[last]),
      masks: (rows) =>
        rows.flatMap((count, stream) =>
          levels.flatMap((level, position) =>
            extractionMasks(level, String(stream), position === last ? members.of(stream).count : tasks, count),
          ),
        ),
      represent(pass, stream, input) {
        const entering = walk(pass, stream, input);
        return extractFor(levels[last], pass, String(stream), entering[last], members.of(stream));
      },
      separable: true,
      probes: levels.map((_, level) =>
        gateProbe(`gates/${level}`, `Gate values of level ${level + 1}`, members.names, labels),
      ),
      observe(pass, stream, input) {
        const entering = walk(pass, stream, input);
        return Object.fromEntries(
          levels.map((level, position) => [
            `gates/${position}`,
            take(extractionGates(level, pass, entering[position]), members.of(stream)),
          ]),
        );
      },
    };
  },
};
