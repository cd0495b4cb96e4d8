import * as tf from '@tensorflow/tfjs-core';
import type { Experiment } from '../experiment/schema';
import { sharingPenalty, taskLosses, trainable, type Batch, type Model } from '../model/model';
import { sizeOf } from '../model/parameters';
import type { Pass } from '../model/layers';
import { traceProgram, weightedSum, type Layout, type StateSpec, type TracedUpdate } from '../program';
import { sharedNames } from './gramian';
import { besideEachOther } from './relating';
import { trainingState, updates } from './optimizerState';
import { batchOf, inputNames, trainingInputs, type Step } from './steps';
import { gramianOf, taskGradients } from './taskGradients';

/**
 * A training step in two calls, for methods that weigh the tasks by their gradients: the first finds the gradients and
 * their Gramian, the method weighs, the second combines and applies. The gradients lie in state between the two, so
 * they never leave the engine.
 *
 * Combining the stored gradients was chosen over a second backward pass with the weights: the second pass costs a
 * whole `train` step, while a combination reads each gradient once.
 */
export const gradientStepNames = { measure: 'measure gradients', apply: 'apply gradients' } as const;

/** What the shared parameters follow, where a method does not weigh but gives the gradient itself: P numbers. */
export const sharedGradient = 'sharedGradient';

/** How gradients leave the engine and come back, for methods that look at more than the Gramian. */
export interface Passage {
  /** Whether `measure` also gives `gradients`: tasks x P, in the order of `model.order`. */
  readonly shows: boolean;
  /** Whether the shared parameters follow `sharedGradient` and not a weighted sum. */
  readonly follows: 'weights' | 'gradient';
}

const within: Passage = { shows: false, follows: 'weights' };

/** The two calls, and what lies between them. */
export interface GradientSteps {
  /** `losses`, `counts` and `gramian` as `trainStep` gives them, and the gradients into state. */
  readonly measure: Step;
  /**
   * The gradients that the first call has left, combined with the tasks' weights and applied: shared parameters take
   * `inputNames.weights`, the others `inputNames.ownWeights`.
   */
  readonly apply: Step;
  /** Where the gradients lie: worth nothing once a step is done. */
  readonly between: readonly StateSpec[];
}

/** @param rows Rows of each stream's batch. */
export function gradientSteps(
  model: Model,
  training: Experiment['training'],
  rows: readonly number[],
  passage: Passage = within,
): GradientSteps {
  const kept = keptGradients(model, rows);
  const stays = ({ name }: { readonly name: string }) => passage.follows === 'weights' || !kept.shared.has(name);
  const between = [
    ...kept.gradients.filter(stays).map(({ name, stored }) => ({ name: gradientsOf(name), shape: stored })),
    ...kept.penalised.map(({ name, shape }) => ({ name: penaltyOf(name), shape })),
  ];
  return {
    measure: measureStep(model, rows, between, passage),
    apply: applyStep(model, training, kept, between, passage),
    between,
  };
}

const prefixes = { gradients: 'gradients/', penalty: 'penalty/' } as const;
const gradientsOf = (parameter: string) => `${prefixes.gradients}${parameter}`;
const penaltyOf = (parameter: string) => `${prefixes.penalty}${parameter}`;

interface KeptGradients {
  readonly gradients: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly layout: Layout;
    readonly stored: readonly number[];
  }[];
  /** Names of the shared parameters. */
  readonly shared: ReadonlySet<string>;
  /** Parameters that the sharing architecture's penalty pulls at. */
  readonly penalised: readonly StateSpec[];
}

/** What a step leaves: how gradients lie depends on the way that they take back through the model. */
function keptGradients(model: Model, rows: readonly number[]): KeptGradients {
  const shared = new Set(sharedNames(model));
  let kept: KeptGradients = { gradients: [], shared, penalised: [] };
  traceProgram({
    name: 'gradients',
    inputs: trainingInputs(model, rows),
    state: parametersOf(model),
    step: (inputs, state) => {
      const { gradients, penalties } = findGradients(model, rows, inputs, state);
      kept = {
        gradients: gradients.map(({ name, shape, layout, value }) => ({ name, shape, layout, stored: value.shape })),
        shared,
        penalised: penalties.map(({ name, value: { shape } }) => ({ name, shape })),
      };
      return { outputs: {} };
    },
  });
  return kept;
}

function measureStep(
  model: Model,
  rows: readonly number[],
  between: readonly StateSpec[],
  { shows, follows }: Passage,
): Step {
  const shared = new Set(sharedNames(model));
  return {
    name: gradientStepNames.measure,
    inputs: trainingInputs(model, rows),
    state: [...parametersOf(model), ...between],
    step: (inputs, state) => {
      const { gradients, penalties, pass, batches } = findGradients(model, rows, inputs, state);
      const ofShared = gradients.filter(({ name }) => shared.has(name));
      const kept = follows === 'weights' ? gradients : gradients.filter(({ name }) => !shared.has(name));
      return {
        outputs: {
          ...taskLosses(model, pass, batches),
          gramian: gramianOf(model, ofShared),
          ...(shows && {
            gradients: besideEachOther(model, ofShared),
          }),
        },
        updates: [
          ...kept.map(({ name, value }) => assign(gradientsOf(name), value)),
          ...penalties.map(({ name, value }) => assign(penaltyOf(name), value)),
        ],
      };
    },
  };
}

function applyStep(
  model: Model,
  training: Experiment['training'],
  { gradients, shared, penalised }: KeptGradients,
  between: readonly StateSpec[],
  { follows }: Passage,
): Step {
  const ofShared = gradients.filter(({ name }) => shared.has(name));
  const perTask = { shape: [model.order.length], dtype: 'float32' } as const;
  return {
    name: gradientStepNames.apply,
    inputs: {
      ...(follows === 'weights'
        ? { [inputNames.weights]: perTask }
        : { [sharedGradient]: { shape: [total(ofShared)], dtype: 'float32' } }),
      [inputNames.ownWeights]: perTask,
      [inputNames.learningRate]: { shape: [], dtype: 'float32' },
    },
    state: [...trainingState(model, training.optimizer), ...between],
    step: (inputs, state) => {
      const given = follows === 'gradient' ? apart(inputs[sharedGradient] as tf.Tensor1D, ofShared) : undefined;
      const combined = new Map(
        gradients.map(({ name, shape, layout }) => {
          const parameter = given?.get(name);
          if (parameter) return [name, parameter];
          const weights = inputs[shared.has(name) ? inputNames.weights : inputNames.ownWeights] as tf.Tensor1D;
          return [name, weightedSum({ layout, value: state[gradientsOf(name)] }, shape, weights)];
        }),
      );
      for (const { name } of penalised) {
        const task = combined.get(name);
        combined.set(name, task ? tf.add(task, state[penaltyOf(name)]) : state[penaltyOf(name)]);
      }
      const slopes = trainable(model).map(({ name, shape }) => combined.get(name) ?? tf.zeros([...shape]));
      return { outputs: {}, updates: updates(model, training, slopes, inputs[inputNames.learningRate]) };
    },
  };
}

type Shaped = Pick<KeptGradients['gradients'][number], 'name' | 'shape'>;

const total = (parameters: readonly Shaped[]) => parameters.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/** One parameter after the other, taken apart. */
function apart(joined: tf.Tensor1D, parameters: readonly Shaped[]): Map<string, tf.Tensor> {
  let start = 0;
  return new Map(
    parameters.map(({ name, shape }) => {
      const size = sizeOf(shape);
      start += size;
      return [name, tf.reshape(tf.slice(joined, [start - size], [size]), [...shape])];
    }),
  );
}

type Tensors = Readonly<Record<string, tf.Tensor>>;

function findGradients(model: Model, rows: readonly number[], inputs: Tensors, state: Tensors) {
  const batches = rows.map((_, stream) => batchOf(inputs, stream));
  const pass = { parameters: state, masks: inputs };
  const names = trainable(model).map(({ name }) => name);
  return {
    pass,
    batches,
    gradients: taskGradients(model, pass, batches, names),
    penalties: penaltyGradients(model, pass, batches),
  };
}

/** Gradients of what the sharing architecture adds to the losses, at the parameters on which it depends. */
function penaltyGradients(model: Model, pass: Pass, batches: readonly Batch[]) {
  const names = trainable(model).map(({ name }) => name);
  const values = names.map((name) => pass.parameters[name]);
  if (!sharingPenalty(model, pass, batches)) return [];
  const penalty = (...given: tf.Tensor[]) => {
    const parameters = Object.fromEntries(names.map((name, position) => [name, given[position]]));
    return sharingPenalty(model, { ...pass, parameters }, batches) as tf.Scalar;
  };
  const { grads } = tf.engine().gradients(() => penalty(...values), values, undefined, true);
  return names.flatMap((name, position) => {
    const value = grads[position] as tf.Tensor | null;
    return value ? [{ name, value }] : [];
  });
}

function parametersOf(model: Model): StateSpec[] {
  return model.parameters.map(({ name, shape }) => ({ name, shape }));
}

function assign(state: string, value: tf.Tensor): TracedUpdate {
  return { kind: 'assign', state, value };
}

/** Values of the state between the calls, before the first step. */
export function noGradients({ between }: GradientSteps): Record<string, Float32Array> {
  return Object.fromEntries(between.map(({ name, shape }) => [name, new Float32Array(sizeOf(shape))]));
}

/** What of an executor's state outlives a step: a checkpoint needs no more. */
export function lastingState(state: Readonly<Record<string, Float32Array>>): Record<string, Float32Array> {
  const passing = Object.values(prefixes);
  return Object.fromEntries(
    Object.entries(state).filter(([name]) => !passing.some((prefix) => name.startsWith(prefix))),
  );
}
