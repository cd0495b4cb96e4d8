import * as tf from '@tensorflow/tfjs-core';
import type { StateSpec, TracedUpdate } from '../../src/program';
import type { Step } from '../../src/training/steps';
import type { Tensors } from './model';
import type { MixtureShape } from './shapes';

/** Every expert, gate and head has matrices of its own: many small products, as one would write it down. */
export function mixtureParameters({ tasks, inputs, experts, expert, head }: MixtureShape): StateSpec[] {
  const layer = (name: string, from: number, units: number) => [
    { name: `${name}/weights`, shape: [from, units] },
    { name: `${name}/bias`, shape: [units] },
  ];
  const widths = [inputs, ...expert];
  const count = (length: number) => Array.from({ length }, (_, position) => position);
  return [
    ...count(experts).flatMap((e) => expert.flatMap((units, l) => layer(`expert/${e}/${l}`, widths[l], units))),
    ...count(tasks).flatMap((task) => [
      ...layer(`gate/${task}`, inputs, experts),
      ...layer(`head/${task}/0`, widths[expert.length], head),
      ...layer(`head/${task}/1`, head, 1),
    ]),
  ];
}

/** The mean squared error of each task. `targets` is batch x tasks. */
export function mixtureLosses(shape: MixtureShape, p: Tensors, x: tf.Tensor2D, targets: tf.Tensor): tf.Scalar[] {
  const dense = (name: string, input: tf.Tensor2D) =>
    tf.add<tf.Tensor2D>(tf.matMul(input, p[`${name}/weights`]), p[`${name}/bias`]);
  const experts = Array.from({ length: shape.experts }, (_, e) =>
    shape.expert.reduce<tf.Tensor2D>((hidden, _units, l) => tf.relu(dense(`expert/${e}/${l}`, hidden)), x),
  );
  return tf.split(targets, shape.tasks, 1).map((target, task) => {
    const shares = tf.split(tf.softmax(dense(`gate/${task}`, x)), shape.experts, 1);
    const mixed = shares
      .map((share, e) => tf.mul<tf.Tensor2D>(share, experts[e]))
      .reduce((sum, part) => tf.add(sum, part));
    const output = dense(`head/${task}/1`, tf.relu(dense(`head/${task}/0`, mixed)));
    return tf.mean<tf.Scalar>(tf.square(tf.sub(output, target)));
  });
}

/** One step of Adam on the sum of the losses. */
export function mixtureStep(shape: MixtureShape): Step {
  const parameters = mixtureParameters(shape);
  const names = parameters.map(({ name }) => name);
  const moments = parameters.flatMap((spec) =>
    ['m', 'v'].map((moment) => ({ ...spec, name: `${spec.name}/${moment}` })),
  );
  return {
    name: 'train',
    inputs: {
      x: { shape: [shape.batch, shape.inputs], dtype: 'float32' },
      targets: { shape: [shape.batch, shape.tasks], dtype: 'float32' },
      rate: { shape: [], dtype: 'float32' },
    },
    state: [...parameters, ...moments, { name: 'steps', shape: [] }],
    step: ({ x, targets, rate }, state) => {
      const loss = (...values: tf.Tensor[]) => {
        const own = Object.fromEntries(names.map((name, position) => [name, values[position]]));
        return tf.addN(mixtureLosses(shape, own, x as tf.Tensor2D, targets));
      };
      const { value, grads } = tf.valueAndGrads(loss)(names.map((name) => state[name]));
      const updates = names.map((name, position): TracedUpdate => ({
        kind: 'adam',
        state: name,
        gradient: grads[position],
        firstMoment: `${name}/m`,
        secondMoment: `${name}/v`,
        stepCount: 'steps',
        learningRate: rate,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-7,
        weightDecay: 0,
      }));
      return { outputs: { losses: value }, updates };
    },
  };
}
