import * as tf from '@tensorflow/tfjs-core';
import type { SharingArchitecture } from './architecture';
import { halfSquares, total } from './support';
import { taskBank } from './taskBank';
import { traceNorm } from './traceNorm';

/**
 * An encoder per task, held together by a penalty (Duong et al., 2015; trace norm: Yang and Hospedales, 2017). All
 * encoders start alike, at their centre.
 */
export const soft: SharingArchitecture<'soft'> = {
  build({ strength, distance }, model, inputs) {
    const { bank, network } = taskBank(model.encoder, inputs, true);
    const spread = distance === 'l2' ? squaredDistance : traceNorm;
    const names = bank.layers.flatMap(({ weights, bias }) => [weights, bias]);
    return {
      ...network,
      penalty: ({ parameters }) =>
        tf.mul(total(names.map((name) => spread(perTask(parameters[name])))), tf.scalar(strength)),
    };
  },
};

/** tasks x numbers. */
function perTask(values: tf.Tensor): tf.Tensor2D {
  return tf.reshape(values, [values.shape[0], -1]);
}

/** Half the squared distances of the rows to their mean. The mean is the best centre there is, so none is trained. */
function squaredDistance(rows: tf.Tensor2D): tf.Scalar {
  return halfSquares(tf.sub(rows, tf.mean(rows, 0, true)));
}
