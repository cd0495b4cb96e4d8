import * as tf from '@tensorflow/tfjs-core';
import { applyBank, bankMasks, bankParameters, denseBank, mixRows } from '../bank';
import type { SharingArchitecture } from './architecture';
import { commonWidth, gateProbe, numbered, scoreLayer, scoreParameters, softGates, taskMembers } from './support';

/** Experts and one gate, both for all tasks: the OMoE of Ma et al., 2018. */
export const oneGate: SharingArchitecture<'one-gate'> = {
  build({ experts }, model, inputs) {
    const width = commonWidth(inputs);
    const labels = numbered('expert', experts);
    const bank = denseBank('experts', labels, width, model.encoder, true);
    const gate = scoreLayer('gate', width, experts);
    return {
      parameters: [...bankParameters(bank), ...scoreParameters(gate, [''], true)],
      widths: inputs.map(() => bank.units),
      masks: (rows) => rows.flatMap((count, stream) => bankMasks(bank, String(stream), experts, count)),
      represent(pass, stream, input) {
        const mixed = mixRows(softGates(gate, pass, input), applyBank(bank, pass, String(stream), input));
        return tf.reshape<tf.Rank.R2>(mixed, [input.shape[0], bank.units]);
      },
      probes: [gateProbe('gates', 'Gate values', taskMembers(inputs).names, labels)],
      observe: (pass, stream, input) => ({
        gates: tf.tile(softGates(gate, pass, input), [inputs[stream].tasks.length, 1, 1]),
      }),
    };
  },
};
