import * as tf from '@tensorflow/tfjs-core';
import { bankProduct, type Members } from '../bank';
import { activate, dense, denseStack, dropOut, maskName, stackMasks, stackParameters, type Pass } from '../layers';
import type { SharingArchitecture } from './architecture';
import { commonWidth, scoreLayer, scoreParameters, taskMembers } from './support';

/** A shared trunk; behind each layer an attention module of each task decides what passes on (Liu et al., 2019). */
export const mtan: SharingArchitecture<'mtan'> = {
  build({ attention }, model, inputs) {
    const members = taskMembers(inputs);
    const { encoder } = model;
    const trunk = denseStack('shared', commonWidth(inputs), encoder, true);
    const modules = trunk.layers.map(({ units }, layer) => ({
      look: scoreLayer(`attention/${layer}/look`, units, attention),
      // What passed at the layer before; the first has none.
      before: layer === 0 ? undefined : scoreLayer(`attention/${layer}/before`, encoder.layers[layer - 1], attention),
      decide: scoreLayer(`attention/${layer}/decide`, attention, units),
    }));
    const attend = (
      { look, before, decide }: (typeof modules)[number],
      pass: Pass,
      trunkOutput: tf.Tensor2D,
      passed: tf.Tensor3D | undefined,
      of: Members,
    ) => {
      const seen = bankProduct(look, pass, trunkOutput, of);
      const hidden = before && passed ? tf.add<tf.Tensor3D>(seen, bankProduct(before, pass, passed, of)) : seen;
      return tf.mul<tf.Tensor3D>(tf.sigmoid(bankProduct(decide, pass, tf.relu(hidden), of)), trunkOutput);
    };
    return {
      parameters: [
        ...stackParameters(trunk),
        ...modules.flatMap(({ look, before, decide }) =>
          [look, before, decide].flatMap((layer) => (layer ? scoreParameters(layer, members.names, false) : [])),
        ),
      ],
      widths: inputs.map(() => trunk.units),
      masks: (rows) => rows.flatMap((count, stream) => stackMasks(trunk, String(stream), count)),
      represent(pass, stream, input) {
        const of = members.of(stream);
        let hidden = input;
        let passed: tf.Tensor3D | undefined;
        for (const [position, layer] of trunk.layers.entries()) {
          const activated = activate(trunk.activation, dense(layer, pass, hidden));
          hidden = dropOut(pass, maskName(trunk.name, position, String(stream)), activated);
          passed = attend(modules[position], pass, hidden, passed, of);
        }
        return passed!;
      },
    };
  },
};
