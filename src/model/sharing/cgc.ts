import type { SharingArchitecture } from './architecture';
import { extractFor, extraction, extractionGates, extractionMasks, extractionParameters } from './extraction';
import { commonWidth, gateProbe, numbered, taskMembers } from './support';

/** One level of experts, shared and of each task, whose stacks are the whole encoder (Tang et al., 2020). */
export const cgc: SharingArchitecture<'cgc'> = {
  build(options, model, inputs) {
    const members = taskMembers(inputs);
    const level = extraction('cgc', members.names, options, commonWidth(inputs), model.encoder, 0);
    const labels = [...numbered('shared', options.sharedExperts), ...numbered('own', options.taskExperts)];
    return {
      parameters: extractionParameters(level),
      widths: inputs.map(() => level.shared.units),
      masks: (rows) =>
        rows.flatMap((count, stream) => extractionMasks(level, String(stream), members.of(stream).count, count)),
      represent: (pass, stream, input) =>
        extractFor(level, pass, String(stream), { tasks: input, shared: input }, members.of(stream)),
      separable: true,
      probes: [gateProbe('gates', 'Gate values', members.names, labels)],
      observe: (pass, stream, input) => ({
        gates: extractionGates(level, pass, { tasks: input, shared: input }, members.of(stream)),
      }),
    };
  },
};
