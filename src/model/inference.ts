import * as tf from '@tensorflow/tfjs-core';
import type { StateSpec, StepResult, TensorSpec } from '../program';
import { enterHeads, finishHeads, type HeadGroup } from './heads';
import type { Pass } from './layers';
import { represent, type Model } from './model';

/** A program's step that reads inputs and parameters and changes nothing, as `traceProgram` takes it. */
export interface InferenceStep {
  readonly name: string;
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  readonly state: readonly StateSpec[];
  readonly step: (
    inputs: Readonly<Record<string, tf.Tensor>>,
    parameters: Readonly<Record<string, tf.Tensor>>,
  ) => StepResult;
}

/** Name of the input of `predictStep`: rows x inputs of the stream. */
export const predictInput = 'inputs';

/** What the heads of one stream say of a batch. Outputs are named by group: rows x heads x outputs, without scaling. */
export function predictStep(model: Model, stream: number, rows: number): InferenceStep {
  return {
    name: `predict/${stream}`,
    inputs: { [predictInput]: inputSpec(model, stream, rows) },
    state: model.parameters.map(({ name, shape }) => ({ name, shape })),
    step: (inputs, parameters) => {
      const outputs = groupOutputs(model, { parameters }, stream, inputs[predictInput] as tf.Tensor2D);
      return { outputs: Object.fromEntries(outputs.map(([group, output]) => [group.name, output])) };
    },
  };
}

/** Names of the inputs of `servingStep`, by stream, each once: `inputs` where there is one, else those of the tables. */
export function servingInputs({ taskSet: { streams } }: Model): readonly string[] {
  if (streams.length === 1) return [predictInput];
  const names = streams.map(({ name }) => name);
  // The common table is called `data`, as a task with a table of its own may be.
  return names.map((name, position) => (names.indexOf(name) === position ? name : `${name} ${position + 1}`));
}

/**
 * What others are to call: predictions of all tasks, by their names. Regression: rows, in the units of the data;
 * binary: rows, the probability of the positive class; multiclass: rows x classes, their probabilities.
 */
export function servingStep(model: Model, rows: number): InferenceStep {
  const names = servingInputs(model);
  return {
    name: 'serve',
    inputs: Object.fromEntries(names.map((name, stream) => [name, inputSpec(model, stream, rows)])),
    state: model.parameters.map(({ name, shape }) => ({ name, shape })),
    step: (inputs, parameters) => ({
      outputs: Object.fromEntries(
        names.flatMap((name, stream) =>
          groupOutputs(model, { parameters }, stream, inputs[name] as tf.Tensor2D).flatMap(([group, output]) =>
            servedHeads(model, group, output),
          ),
        ),
      ),
    }),
  };
}

function inputSpec({ taskSet: { streams } }: Model, stream: number, rows: number): TensorSpec {
  return { shape: [rows, streams[stream].inputWidth], dtype: 'float32' };
}

function groupOutputs(model: Model, pass: Pass, stream: number, x: tf.Tensor2D): [HeadGroup, tf.Tensor3D][] {
  const representation = represent(model, pass, stream, x);
  return model.groups
    .filter((group) => group.stream === stream)
    .map((group) => [group, finishHeads(group, pass, enterHeads(group, pass, representation))]);
}

/** The heads of a group one by one, as what they mean. */
function servedHeads({ taskSet: { tasks } }: Model, group: HeadGroup, output: tf.Tensor3D): [string, tf.Tensor][] {
  const [rows, , width] = output.shape;
  const meaning = meaningOf(group, output, tasks);
  return group.tasks.map((task, head) => {
    const own = group.tasks.length === 1 ? meaning : tf.slice(meaning, [0, head, 0], [-1, 1, -1]);
    return [tasks[task].name, tf.reshape(own, group.kind === 'multiclass' ? [rows, width] : [rows])];
  });
}

function meaningOf(group: HeadGroup, output: tf.Tensor3D, tasks: Model['taskSet']['tasks']): tf.Tensor3D {
  switch (group.kind) {
    case 'regression': {
      const ofHeads = (figure: 'mean' | 'deviation') =>
        tf.tensor3d(
          group.tasks.map((task) => tasks[task][figure]),
          [1, group.tasks.length, 1],
        );
      return tf.add(tf.mul(output, ofHeads('deviation')), ofHeads('mean'));
    }
    case 'binary':
      return tf.sigmoid(output);
    case 'multiclass':
      return tf.softmax(output);
  }
}
