import type * as tf from '@tensorflow/tfjs-core';
import type { BatchBuffers } from '../data/batches';
import { takeOut } from '../model/contributions';
import { enterHeads } from '../model/heads';
import { finishGroup, represent, type Model } from '../model/model';
import type { Executor } from '../program';
import type { Contributions } from '../relatedness';
import { answersOf, headPlaces, ofHead } from './modelView';
import { batchInputs, batchOf, batchValues, inputNames, stepNames, type Step } from './steps';

/** Rows of a stream that the contributions are taken out at. */
export interface ContributionRows {
  readonly buffers: BatchBuffers;
  /** How many of them are no padding. */
  readonly rows: number;
}

/**
 * Looks at a batch of one stream with the contributions of some tasks taken out: for each group of heads
 * `outputs/<group>`, `sums/<group>` and `counts/<group>`, as `finishGroup` has them.
 */
export function contributionsStep(model: Model, stream: number, rows: number): Step {
  return {
    name: stepNames.contributions(stream),
    inputs: {
      ...batchInputs(model, stream, rows),
      [inputNames.kept]: { shape: [model.taskSet.tasks.length], dtype: 'float32' },
    },
    state: model.parameters.map(({ name, shape }) => ({ name, shape })),
    step: (inputs, state) => {
      const batch = batchOf(inputs, stream);
      const pass = takeOut(model, { parameters: state }, inputs[inputNames.kept] as tf.Tensor1D);
      const representation = represent(model, pass, stream, batch.x);
      const outputs = model.groups.flatMap((group, position): [string, tf.Tensor][] => {
        if (group.stream !== stream) return [];
        const finished = finishGroup(group, pass, enterHeads(group, pass, representation), batch);
        return Object.entries(finished).map(([name, tensor]) => [`${name}/${position}`, tensor]);
      });
      return { outputs: Object.fromEntries(outputs) };
    },
  };
}

/** How many numbers a row takes: the answers of all tasks of the stream, with everything and without each task. */
export function contributionWidth(model: Model, stream: number): number {
  const { streams, tasks } = model.taskSet;
  return (tasks.length + 1) * streams[stream].tasks.reduce((sum, task) => sum + Math.max(2, tasks[task].outputs), 0);
}

/** Answers and losses of every task with all contributions, and without each task's, at the rows of its stream. */
export function contributionsOf(model: Model, executor: Executor, batches: readonly ContributionRows[]): Contributions {
  const { streams, tasks } = model.taskSet;
  const members = streams.flatMap((stream) => stream.tasks);
  const seen = batches.flatMap((batch, stream) => {
    const look = (out?: number) =>
      seenOf(
        model,
        executor,
        stream,
        batch,
        members.map((task) => (task === out ? 0 : 1)),
      );
    const whole = look();
    const without = tasks.map((_, task) => look(task));
    return streams[stream].tasks.map((_, column) => ({
      answers: { whole: whole[column].answers, without: without.map((all) => all[column].answers) },
      losses: { whole: whole[column].loss, without: without.map((all) => all[column].loss) },
    }));
  });
  const inOrder = tasks.map((_, task) => seen[members.indexOf(task)]);
  return { predictions: inOrder.map(({ answers }) => answers), losses: inOrder.map(({ losses }) => losses) };
}

/** Of the tasks of a stream in the order of its columns; a task without a label has no loss. */
function seenOf(
  model: Model,
  executor: Executor,
  stream: number,
  { buffers, rows }: ContributionRows,
  kept: readonly number[],
): { readonly answers: ArrayLike<number>; readonly loss: number }[] {
  const results = executor.run(stepNames.contributions(stream), {
    ...batchValues(stream, buffers),
    [inputNames.kept]: Float32Array.from(kept),
  });
  return headPlaces(model, stream).map(({ group, position, head }) => {
    const place = { batch: buffers.batchSize, heads: group.tasks.length, head, rows };
    const { values } = answersOf(group.kind, ofHead(results[`outputs/${position}`], place));
    const count = results[`counts/${position}`][head];
    return { answers: values, loss: count > 0 ? results[`sums/${position}`][head] / count : NaN };
  });
}
