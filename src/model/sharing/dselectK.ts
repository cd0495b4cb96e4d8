import * as tf from '@tensorflow/tfjs-core';
import { applyBank, bankMasks, bankParameters, bankProduct, denseBank, mixRows, take, type Members } from '../bank';
import type { Pass } from '../layers';
import type { SharedNetwork, SharingArchitecture, SharingOptions } from './architecture';
import {
  commonWidth,
  gateProbe,
  keepShares,
  numbered,
  scoreLayer,
  scoreParameters,
  softmaxLast,
  taskMembers,
  total,
} from './support';

/** Experts for all, and for each task a gate that selects at most k of them (Hazimeh et al., 2021). */
export const dselectK: SharingArchitecture<'dselect-k'> = {
  build(options, model, inputs) {
    const { experts, selected, smoothness, entropy } = options;
    const width = commonWidth(inputs);
    const members = taskMembers(inputs);
    const labels = numbered('expert', experts);
    const bank = denseBank('experts', labels, width, model.encoder, true);
    const codes = scoreLayer('codes', width, selected * Math.log2(experts));
    const shares = scoreLayer('shares', width, selected);
    const gate = (pass: Pass, input: tf.Tensor2D, of?: Members) => {
      const selections = select(options, bankProduct(codes, pass, input, of));
      return { selections, gates: gated(softmaxLast(bankProduct(shares, pass, input, of)), selections) };
    };
    const penalty: SharedNetwork['penalty'] = (pass, batches) => {
      const entropies = batches.map(({ input, mask }, stream) =>
        tf.sum(tf.mul(entropyOf(gate(pass, input, members.of(stream)).selections), tf.transpose(mask))),
      );
      const labelled = tf.maximum(total(batches.map(({ mask }) => tf.sum(mask))), tf.scalar(1));
      return tf.mul<tf.Scalar>(tf.div(total(entropies), labelled), tf.scalar(entropy));
    };
    return {
      parameters: [
        ...bankParameters(bank),
        // Beyond half the smoothness a selection has no gradient: it starts well within.
        ...scoreParameters(codes, members.names, false, smoothness / 100),
        ...scoreParameters(shares, members.names, false),
      ],
      widths: inputs.map(() => bank.units),
      masks: (rows) => rows.flatMap((count, stream) => bankMasks(bank, String(stream), experts, count)),
      represent(pass, stream, input) {
        const values = applyBank(bank, pass, String(stream), input);
        if (!pass.kept) return mixRows(gate(pass, input, members.of(stream)).gates, values);
        const all = gate(pass, input).gates;
        return mixRows(take(all, members.of(stream)), keepShares(pass, all, values));
      },
      separable: true,
      ...(entropy > 0 && { penalty }),
      probes: [gateProbe('gates', 'Gate values', members.names, labels)],
      observe: (pass, stream, input) => ({ gates: gate(pass, input, members.of(stream)).gates }),
    };
  },
};

/** The selections by their binary numbers, first digit first: tasks x rows x selected x experts, each a distribution over the experts. */
function select({ experts, selected, smoothness }: SharingOptions<'dselect-k'>, codes: tf.Tensor3D): tf.Tensor4D {
  const bits = Math.log2(experts);
  const [tasks, rows] = codes.shape;
  const steps = smoothStep(tf.reshape(codes, [tasks * rows * selected, bits]), smoothness);
  const factors = Array.from({ length: bits }, (_, bit) => {
    const set = tf.tensor2d(
      Array.from({ length: experts }, (__, expert) => (expert >> (bits - 1 - bit)) & 1),
      [1, experts],
    );
    const step = tf.slice(steps, [0, bit], [-1, 1]);
    // step where the expert has the bit, 1 - step where it has not.
    return tf.add(tf.mul(step, tf.sub(tf.mul(set, tf.scalar(2)), tf.scalar(1))), tf.sub(tf.scalar(1), set));
  });
  const product = factors.reduce((left, right) => tf.mul(left, right));
  return tf.reshape(product, [tasks, rows, selected, experts]);
}

/** Selections weighed by the shares: tasks x rows x experts. */
function gated(shares: tf.Tensor3D, selections: tf.Tensor4D): tf.Tensor3D {
  return tf.sum(tf.mul(tf.reshape(shares, [...shares.shape, 1]), selections), 2);
}

/** 0 up to -w/2, 1 from w/2 on, and between them the cubic that joins both with a slope of 0. */
function smoothStep(scores: tf.Tensor2D, width: number): tf.Tensor2D {
  const x = tf.clipByValue(scores, -width / 2, width / 2);
  const cubic = tf.mul(tf.mul(tf.square(x), x), tf.scalar(-2 / width ** 3));
  return tf.add(tf.add(cubic, tf.mul(x, tf.scalar(3 / (2 * width)))), tf.scalar(0.5));
}

/** The summed entropies of the selections: tasks x rows. */
function entropyOf(selections: tf.Tensor4D): tf.Tensor2D {
  const logarithms = tf.log(tf.add(selections, tf.scalar(1e-6)));
  return tf.neg(tf.sum<tf.Tensor2D>(tf.mul(selections, logarithms), [2, 3]));
}
