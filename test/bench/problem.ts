import * as tf from '@tensorflow/tfjs-core';
import type { ExperimentInput } from '../../src/experiment/schema';
import { buildModel, initialiseParameters, taskLosses } from '../../src/model/model';
import type { Executor, StateSpec, TypedArray } from '../../src/program';
import { gradientSteps, gradientStepNames, noGradients } from '../../src/training/gradientSteps';
import { initialState } from '../../src/training/optimizerState';
import { inputNames, stepNames, trainStep, type Step } from '../../src/training/steps';
import { draftExperiment, draftTaskSet } from '../model/taskSets';
import { batchOf, type Tensors } from './model';
import { projectedWeights } from './projection';
import type { Shape, StepOrder } from './shapes';

const learningRate = 0.001;

/** What a contender of ours needs: compiled, the steps and how they are called; eager, the loss. */
export interface Problem {
  readonly steps: readonly Step[];
  readonly state: Readonly<Record<string, Float32Array>>;
  readonly parameters: readonly StateSpec[];
  /** One training step. @returns a loss, to see that it is finite. */
  readonly run: (executor: Executor) => number;
  /** The sum of the task losses, of eager tensors. */
  readonly loss: (parameters: Tensors) => tf.Scalar;
}

/** The product's own model and steps. */
export function createProblem({ shape, gradients }: StepOrder): Problem {
  const taskSet = draftTaskSet([
    { tasks: Array.from({ length: shape.tasks }, () => ({ kind: 'regression' as const })), inputs: shape.inputs },
  ]);
  const { training, model: settings } = draftExperiment({
    model: { ...sharing(shape), head: { layers: [shape.head] } },
    training: { optimizer: { name: 'adam', learningRate } },
  });
  const model = buildModel({ model: settings }, taskSet);
  const rows = [shape.batch];
  const inTwoCalls = gradients ? gradientSteps(model, training, rows) : undefined;
  const ones = new Float32Array(shape.tasks).fill(1);
  const rate = Float32Array.of(learningRate);
  const { x, targets } = batchOf(shape);
  const mask = new Float32Array(targets.length).fill(1);
  const batch: Record<string, TypedArray> = {
    [inputNames.x(0)]: x,
    [inputNames.y(0)]: targets,
    [inputNames.mask(0)]: mask,
  };
  const inputs = { ...batch, [inputNames.weights]: ones, [inputNames.learningRate]: rate };
  const shapeOf = [shape.batch, shape.tasks] as [number, number];
  const parameters = model.parameters.map(({ name, shape: size }) => ({ name, shape: size }));
  return {
    steps: inTwoCalls ? [inTwoCalls.measure, inTwoCalls.apply] : [trainStep(model, training, rows, [])],
    parameters,
    state: {
      ...initialState(model, training.optimizer, initialiseParameters(model, 1)),
      ...(inTwoCalls && noGradients(inTwoCalls)),
    },
    run(executor) {
      if (!gradients) return executor.run(stepNames.train, inputs).losses[0];
      const { losses, gramian } = executor.run(gradientStepNames.measure, batch);
      const [loss] = losses;
      executor.run(gradientStepNames.apply, {
        [inputNames.weights]: projectedWeights(gramian, shape.tasks),
        [inputNames.ownWeights]: ones,
        [inputNames.learningRate]: rate,
      });
      return loss;
    },
    loss: (values) => {
      const tensors = {
        x: tf.tensor2d(x, [shape.batch, shape.inputs]),
        y: tf.tensor2d(targets, shapeOf),
        mask: tf.tensor2d(mask, shapeOf),
      };
      return tf.sum(taskLosses(model, { parameters: values }, [tensors]).losses);
    },
  };
}

function sharing(shape: Shape): ExperimentInput['model'] {
  if (shape.kind === 'hard') return { encoder: { layers: [...shape.shared] } };
  return { sharing: { name: 'mmoe', experts: shape.experts }, encoder: { layers: [...shape.expert] } };
}
