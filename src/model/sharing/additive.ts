import * as tf from '@tensorflow/tfjs-core';
import { applyStack, denseStack, stackMasks, stackParameters } from '../layers';
import type { SharingArchitecture } from './architecture';
import { halfSquares, keepOwn, total } from './support';
import { taskBank } from './taskBank';

/** A shared encoder plus one of each task's own, and so for the first layer of the heads (Evgeniou and Pontil, 2004). */
export const additive: SharingArchitecture<'additive'> = {
  build({ sharedDecay, specificDecay }, { encoder }, inputs) {
    const { bank, members, network } = taskBank(encoder, inputs, false);
    const stack = denseStack('shared', bank.inputs, encoder, true);
    const held = [
      ...stack.layers.map(({ weights }) => ({ name: weights, strength: sharedDecay })),
      ...bank.layers.map(({ weights }) => ({ name: weights, strength: specificDecay })),
    ];
    const parameters = [...stackParameters(stack), ...network.parameters];
    return {
      ...network,
      // The penalty holds them down.
      parameters: parameters.map((parameter) => ({ ...parameter, decays: false })),
      masks: (rows) => [
        ...rows.flatMap((count, stream) => stackMasks(stack, String(stream), count)),
        ...network.masks(rows),
      ],
      commonHead: { sharedDecay, specificDecay },
      represent(pass, stream, input) {
        if (encoder.layers.length === 0) return input;
        const common = applyStack(stack, pass, String(stream), input);
        const own = keepOwn(pass, network.represent(pass, stream, input), members.of(stream));
        // All tasks read the shared encoder alike: it belongs to each in equal part.
        return tf.add<tf.Tensor3D>(own, pass.kept ? tf.mul(common, tf.mean(pass.kept)) : common);
      },
      separable: true,
      penalty: (pass) =>
        total(held.map(({ name, strength }) => tf.mul(halfSquares(pass.parameters[name]), tf.scalar(strength)))),
    };
  },
};
