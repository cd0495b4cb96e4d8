import * as tf from '@tensorflow/tfjs-core';
import { taskLosses, trainable, type Batch, type Model } from '../model/model';
import { probeDistance } from '../weighting/autoLambda';
import { batchInputs, batchOf, inputNames, parameterGradients, trainingInputs, type Step } from './steps';

/** Names of the inputs that hold a stream's validation batch. */
export const validationNames = {
  x: (stream: number) => `validation/${inputNames.x(stream)}`,
  y: (stream: number) => `validation/${inputNames.y(stream)}`,
  mask: (stream: number) => `validation/${inputNames.mask(stream)}`,
} as const;

export const alignmentStepName = 'alignments';

/** Rows of each stream's validation batch: those of a training batch, or all that there are. */
export function validationRows({ taskSet }: Model, batchSize: number): number[] {
  return taskSet.streams.map(({ splits }) => Math.max(1, Math.min(batchSize, splits.validation.rows)));
}

/**
 * What `auto-lambda` sees before a step (src/weighting/autoLambda.ts). A trial step of plain gradient descent on the
 * training batch leads to the gradient d of the primary tasks' validation losses; the training losses are then taken at
 * both ends of a short way along d, through the parameters as they are. Nothing is changed.
 * Outputs, in the order of `model.order`: `losses` and `counts` of the training batch, the losses `ahead` and `behind`,
 * and `squaredNorm` of d.
 * @param primary Names of the tasks whose validation losses count.
 */
export function alignmentStep(
  model: Model,
  rows: readonly number[],
  batchSize: number,
  primary: readonly string[],
): Step {
  const names = trainable(model).map(({ name }) => name);
  const validation = validationRows(model, batchSize);
  return {
    name: alignmentStepName,
    inputs: {
      ...trainingInputs(model, rows),
      ...validationInputs(model, validation),
      [inputNames.weights]: { shape: [model.order.length], dtype: 'float32' },
      [inputNames.learningRate]: { shape: [], dtype: 'float32' },
    },
    state: model.parameters.map(({ name, shape }) => ({ name, shape })),
    step: (inputs, state) => {
      const batches = rows.map((_, stream) => batchOf(inputs, stream));
      const pass = { parameters: state, masks: inputs };
      const slopes = parameterGradients(model, pass, batches, inputs[inputNames.weights]);
      const trial = names.map((name, at) => tf.sub(state[name], tf.mul(inputs[inputNames.learningRate], slopes[at])));
      const held = validation.map((_, stream) => batchOf(inputs, stream, validationNames));
      const direction = validationGradient(model, { state, names, trial }, held, primary);
      const squaredNorm = direction
        .map((part) => tf.sum<tf.Scalar>(tf.square(part)))
        .reduce((sum, part) => tf.add<tf.Scalar>(sum, part));
      // Where d is zero, so is the way along it.
      const radius = tf.div(tf.scalar(probeDistance), tf.maximum(tf.sqrt(squaredNorm), tf.scalar(1e-30)));
      const lossesAt = (sign: 1 | -1) => {
        const way = tf.mul(radius, tf.scalar(sign));
        const moved = names.map((name, at): [string, tf.Tensor] => [
          name,
          tf.add(state[name], tf.mul(way, direction[at])),
        ]);
        return taskLosses(model, { ...pass, parameters: { ...state, ...Object.fromEntries(moved) } }, batches).losses;
      };
      const outputs = { ...taskLosses(model, pass, batches), ahead: lossesAt(1), behind: lossesAt(-1), squaredNorm };
      return { outputs };
    },
  };
}

function validationInputs(model: Model, rows: readonly number[]): Step['inputs'] {
  return Object.fromEntries(
    rows.flatMap((count, stream) => Object.entries(batchInputs(model, stream, count, validationNames))),
  );
}

/** The parameters, and of some of them by name the values after a trial step. */
interface Trial {
  readonly state: Readonly<Record<string, tf.Tensor>>;
  readonly names: readonly string[];
  readonly trial: readonly tf.Tensor[];
}

/** Of the sum of the primary tasks' losses, without dropout; zero where nothing depends on a parameter. */
function validationGradient(
  model: Model,
  { state, names, trial }: Trial,
  batches: readonly Batch[],
  primary: readonly string[],
): tf.Tensor[] {
  const { tasks } = model.taskSet;
  const counted = tf.tensor1d(model.order.map((task) => (primary.includes(tasks[task].name) ? 1 : 0)));
  const objective = (...given: tf.Tensor[]) => {
    const parameters = { ...state, ...Object.fromEntries(names.map((name, at) => [name, given[at]])) };
    return tf.sum<tf.Scalar>(tf.mul(taskLosses(model, { parameters }, batches).losses, counted));
  };
  const { grads } = tf.engine().gradients(() => objective(...trial), [...trial], undefined, true);
  return trial.map((value, at) => (grads[at] as tf.Tensor | null) ?? tf.zeros(value.shape));
}
