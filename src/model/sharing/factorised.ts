import * as tf from '@tensorflow/tfjs-core';
import { bankMasks, bankParameters, bankProduct, denseBank, mixMembers, take } from '../bank';
import { activate, dropOut, maskName, type Pass } from '../layers';
import { createRandom } from '../../common/random';
import type { ParameterSpec } from '../parameters';
import type { ProbeSpec, SharingArchitecture } from './architecture';
import { commonWidth, numbered, taskMembers } from './support';

/**
 * Each task's layers are mixtures of a few that all share: the tensor of all tasks' weights has a low rank along the
 * tasks (Yang and Hospedales, 2017, the factorisation of the last axis).
 */
export const factorised: SharingArchitecture<'factorised'> = {
  build({ rank }, model, inputs) {
    const members = taskMembers(inputs);
    const labels = numbered('factor', rank);
    const bank = denseBank('factors', labels, commonWidth(inputs), model.encoder, true);
    const names = bank.layers.map((_, layer) => `coefficients/${layer}`);
    const coefficients = ({ parameters }: Pass, layer: number) => parameters[names[layer]] as tf.Tensor2D;
    return {
      parameters: [...bankParameters(bank), ...names.map((name) => coefficientParameter(name, members.names, rank))],
      widths: inputs.map(() => bank.units),
      masks: (rows) =>
        rows.flatMap((count, stream) => bankMasks(bank, String(stream), members.of(stream).count, count)),
      represent(pass, stream, input) {
        const of = members.of(stream);
        let hidden: tf.Tensor2D | tf.Tensor3D = input;
        for (const [position, layer] of bank.layers.entries()) {
          const mixture = take(coefficients(pass, position), of);
          const mixed: tf.Tensor3D =
            hidden.rank === 2
              ? mixMembers(mixture, bankProduct(layer, pass, hidden))
              : tf.add<tf.Tensor3D>(
                  tf.matMul(hidden, mixMembers(mixture, pass.parameters[layer.weights] as tf.Tensor3D)),
                  mixMembers(mixture, pass.parameters[layer.bias] as tf.Tensor3D),
                );
          const use = maskName(bank.name, position, String(stream));
          hidden = dropOut(pass, use, activate(bank.activation, mixed));
        }
        return hidden;
      },
      probes: names.map((name, layer): ProbeSpec => {
        const title = `Coefficients of layer ${layer + 1}`;
        return { name, title, rows: members.names, columns: labels, perRow: false, shows: 'vectors' };
      }),
      observe: (pass) =>
        Object.fromEntries(names.map((name, layer) => [name, tf.mul(coefficients(pass, layer), tf.scalar(1))])),
    };
  },
};

/** About 1 / sqrt(rank), so that a mixture varies as much as one factor. */
function coefficientParameter(name: string, tasks: readonly string[], rank: number): ParameterSpec {
  return {
    name,
    shape: [tasks.length, rank],
    decays: false,
    shared: false,
    initialise: (seed) =>
      Float32Array.from(
        tasks.flatMap((task) => {
          const random = createRandom(seed, `parameters/${name}/${task}`);
          return Array.from({ length: rank }, () => (1 + 0.5 * random.normal()) / Math.sqrt(rank));
        }),
      ),
  };
}
