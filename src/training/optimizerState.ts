import type * as tf from '@tensorflow/tfjs-core';
import type { Experiment, Optimizer } from '../experiment/schema';
import { trainable, type Model } from '../model/model';
import { sizeOf } from '../model/parameters';
import type { StateSpec, TracedUpdate } from '../program';

/** Names of what the optimizer keeps for a parameter. */
const moments = {
  first: (parameter: string) => `adam/first/${parameter}`,
  second: (parameter: string) => `adam/second/${parameter}`,
  stepCount: 'adam/stepCount',
  velocity: (parameter: string) => `velocity/${parameter}`,
} as const;

/** Parameters, and what the optimizer keeps of them. */
export function trainingState(model: Model, optimizer: Optimizer): StateSpec[] {
  const parameters = model.parameters.map(({ name, shape }) => ({ name, shape }));
  const kept = trainable(model).flatMap(({ name, shape }) =>
    optimizer.name === 'adam'
      ? [
          { name: moments.first(name), shape },
          { name: moments.second(name), shape },
        ]
      : [{ name: moments.velocity(name), shape }],
  );
  return [...parameters, ...kept, ...(optimizer.name === 'adam' ? [{ name: moments.stepCount, shape: [] }] : [])];
}

/** The state before the first step: fresh parameters, zeros for the optimizer. */
export function initialState(model: Model, optimizer: Optimizer, parameters: Readonly<Record<string, Float32Array>>) {
  return Object.fromEntries(
    trainingState(model, optimizer).map(({ name, shape }) => [
      name,
      parameters[name] ?? new Float32Array(sizeOf(shape)),
    ]),
  );
}

/** One update per parameter that can be trained. @param gradients In the order of `trainable`. */
export function updates(
  model: Model,
  { optimizer, weightDecay }: Experiment['training'],
  gradients: readonly tf.Tensor[],
  learningRate: tf.Tensor,
): TracedUpdate[] {
  return trainable(model).map(({ name, decays }, position) => {
    const common = {
      state: name,
      gradient: gradients[position],
      learningRate,
      weightDecay: decays ? weightDecay : 0,
    };
    switch (optimizer.name) {
      case 'adam': {
        const { beta1, beta2, epsilon } = optimizer;
        return {
          kind: 'adam',
          ...common,
          firstMoment: moments.first(name),
          secondMoment: moments.second(name),
          stepCount: moments.stepCount,
          beta1,
          beta2,
          epsilon,
        };
      }
      case 'sgd':
        return { kind: 'momentum', ...common, velocity: moments.velocity(name), momentum: optimizer.momentum };
    }
  });
}
