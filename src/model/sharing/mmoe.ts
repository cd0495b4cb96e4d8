import { applyBank, bankMasks, bankParameters, denseBank, mixRows, take } from '../bank';
import type { SharingArchitecture } from './architecture';
import {
  commonWidth,
  gateProbe,
  keepShares,
  numbered,
  scoreLayer,
  scoreParameters,
  softGates,
  taskMembers,
} from './support';

/** Experts for all, and a gate over them for each task (Ma et al., 2018). */
export const mmoe: SharingArchitecture<'mmoe'> = {
  build({ experts }, model, inputs) {
    const width = commonWidth(inputs);
    const members = taskMembers(inputs);
    const labels = numbered('expert', experts);
    const bank = denseBank('experts', labels, width, model.encoder, true);
    const gates = scoreLayer('gates', width, experts);
    return {
      parameters: [...bankParameters(bank), ...scoreParameters(gates, members.names, false)],
      widths: inputs.map(() => bank.units),
      masks: (rows) => rows.flatMap((count, stream) => bankMasks(bank, String(stream), experts, count)),
      represent(pass, stream, input) {
        const values = applyBank(bank, pass, String(stream), input);
        if (!pass.kept) return mixRows(softGates(gates, pass, input, members.of(stream)), values);
        const all = softGates(gates, pass, input);
        return mixRows(take(all, members.of(stream)), keepShares(pass, all, values));
      },
      separable: true,
      probes: [gateProbe('gates', 'Gate values', members.names, labels)],
      observe: (pass, stream, input) => ({ gates: softGates(gates, pass, input, members.of(stream)) }),
    };
  },
};
