import type * as tf from '@tensorflow/tfjs-core';
import type { StateSpec, StepResult, TensorSpec } from '../program';
import { enterHeads, finishHeads } from './heads';
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
    inputs: { [predictInput]: { shape: [rows, model.taskSet.streams[stream].inputWidth], dtype: 'float32' } },
    state: model.parameters.map(({ name, shape }) => ({ name, shape })),
    step: (inputs, parameters) => {
      const representation = represent(model, { parameters }, stream, inputs[predictInput] as tf.Tensor2D);
      const groups = model.groups.filter((group) => group.stream === stream);
      return {
        outputs: Object.fromEntries(
          groups.map((group) => [
            group.name,
            finishHeads(group, { parameters }, enterHeads(group, { parameters }, representation)),
          ]),
        ),
      };
    },
  };
}
