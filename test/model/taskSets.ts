import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../../src/common/random';
import type { SplitRows, Stream, TaskInfo, TaskSet } from '../../src/data/taskSet';
import {
  experimentSchema,
  type Experiment,
  type ExperimentInput,
  type PrivateEncoder,
} from '../../src/experiment/schema';
import type { Batch, Model } from '../../src/model/model';
import { sizeOf } from '../../src/model/parameters';

/** What a test says of a task; the rest follows. */
export type TaskDraft = Partial<TaskInfo> & { readonly kind: TaskInfo['kind'] };

export interface StreamDraft {
  readonly tasks: readonly TaskDraft[];
  readonly inputs: number;
  readonly encoder?: PrivateEncoder;
}

const noRows: SplitRows = {
  rows: 0,
  numeric: new Float32Array(),
  codes: new Uint16Array(),
  targets: new Float32Array(),
  mask: new Float32Array(),
};

/** A task set without rows: enough to build a model. */
export function draftTaskSet(drafts: readonly StreamDraft[], pooled = false): TaskSet {
  const tasks: TaskInfo[] = [];
  const streams = drafts.map(({ tasks: members, inputs, encoder }, stream): Stream => {
    const positions = members.map((draft, column) => {
      tasks.push({
        name: `task ${tasks.length}`,
        stream,
        column,
        outputs: draft.kind === 'multiclass' ? draft.classes!.length : 1,
        classes: [],
        mean: 0,
        deviation: 1,
        loss: draft.kind === 'regression' ? 'squared-error' : 'cross-entropy',
        ...draft,
      });
      return tasks.length - 1;
    });
    return {
      name: `stream ${stream}`,
      inputWidth: inputs,
      numericWidth: inputs,
      inputNames: Array.from({ length: inputs }, (_, input) => `x${input + 1}`),
      categorical: [],
      preprocessing: { numeric: [], categorical: [] },
      tasks: positions,
      splits: { train: noRows, validation: noRows, test: noRows },
      ...(encoder && { encoder }),
    };
  });
  return { tasks, streams, pooled, fingerprint: '', warnings: [] };
}

/** An experiment with only the parts that a test is about. */
export function draftExperiment(parts: Pick<ExperimentInput, 'model' | 'training' | 'relatedness'> = {}): Experiment {
  return experimentSchema.parse({
    name: 'draft',
    data: { generate: 'related-regressions' },
    tasks: { task: { target: 'y1', kind: 'regression' } },
    ...parts,
  });
}

/** Random rows for every stream. @param ownTask Each row belongs to one task of its stream; else labels are drawn. */
export function draftBatches({ tasks, streams }: TaskSet, rows: readonly number[], seed = 1, ownTask = false): Batch[] {
  const random = createRandom(seed, 'draft batches');
  return streams.map(({ inputWidth, tasks: members }, stream) => {
    const count = rows[stream];
    const cells = count * members.length;
    const target = (cell: number) => {
      const { kind, outputs } = tasks[members[cell % members.length]];
      if (kind === 'regression') return random.normal();
      return random.integer(kind === 'binary' ? 2 : outputs);
    };
    const labelled = (cell: number) => {
      const row = Math.floor(cell / members.length);
      return ownTask ? row % members.length === cell % members.length : random.uniform() < 0.7;
    };
    return {
      x: tf.tensor2d(
        Float32Array.from({ length: count * inputWidth }, () => random.normal()),
        [count, inputWidth],
      ),
      y: tf.tensor2d(
        Float32Array.from({ length: cells }, (_, cell) => target(cell)),
        [count, members.length],
      ),
      mask: tf.tensor2d(
        Float32Array.from({ length: cells }, (_, cell) => (labelled(cell) ? 1 : 0)),
        [count, members.length],
      ),
    };
  });
}

/** Random parameters as eager tensors, biases and output layers too, so that no test passes on zeros. */
export function draftParameters(model: Model, seed = 1): Record<string, tf.Tensor> {
  const random = createRandom(seed, 'draft parameters');
  return Object.fromEntries(
    model.parameters.map(({ name, shape }) => {
      const values = Float32Array.from({ length: sizeOf(shape) }, () => 0.5 * random.normal());
      return [name, tf.tensor(values, [...shape])];
    }),
  );
}
