import { createRandom } from '../common/random';
import type { Activation } from '../experiment/schema';

/** A trainable tensor. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** Whether weight decay applies: weight matrices only. */
  readonly decays: boolean;
  /** Whether several tasks train it: the gradients of tasks are compared at these parameters. */
  readonly shared: boolean;
  /** Whether it stays as it is: no step changes it. */
  readonly frozen?: true;
  /** Values before the first step, row-major; the same seed gives the same values. */
  initialise(seed: number): Float32Array;
}

/**
 * Half-width of the uniform distribution that initial weights are drawn from: He et al., 2015, for activations that
 * are linear above 0; Glorot and Bengio, 2010, for the others.
 */
function initialRange(activation: Activation, inputs: number, units: number): number {
  switch (activation) {
    case 'relu':
    case 'elu':
      return Math.sqrt(6 / inputs);
    case 'tanh':
    case 'sigmoid':
    case 'linear':
      return Math.sqrt(6 / (inputs + units));
  }
}

/** An initialiser of an `inputs x units` matrix; `stream` names its own source of random numbers. */
export function uniformInitialiser(stream: string, activation: Activation, inputs: number, units: number) {
  const range = initialRange(activation, inputs, units);
  return (seed: number): Float32Array => {
    const random = createRandom(seed, `parameters/${stream}`);
    return Float32Array.from({ length: inputs * units }, () => (2 * random.uniform() - 1) * range);
  };
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
