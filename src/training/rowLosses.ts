import { createBuffers, fillBatch, sequentialBatches } from '../data/batches';
import { enterHeads, finishHeads, groupColumns } from '../model/heads';
import { rowLosses } from '../model/losses';
import { represent, type Model } from '../model/model';
import type { Executor } from '../program';
import { evaluationRows } from './evaluation';
import { headPlaces } from './modelView';
import { batchInputs, batchOf, batchValues, stepNames, type Step } from './steps';

/** How many rows are looked at, at most. */
const mostRows = 1024;

/** Looks at a batch of one stream: for each group of heads `losses/<group>`, rows x heads, padding and all. */
export function rowLossesStep(model: Model, stream: number): Step {
  return {
    name: stepNames.rowLosses(stream),
    inputs: batchInputs(model, stream, evaluationRows(model, stream)),
    state: model.parameters.map(({ name, shape }) => ({ name, shape })),
    step: (inputs, state) => {
      const pass = { parameters: state };
      const { x, y } = batchOf(inputs, stream);
      const representation = represent(model, pass, stream, x);
      const outputs = model.groups.flatMap((group, position) => {
        if (group.stream !== stream) return [];
        const answers = finishHeads(group, pass, enterHeads(group, pass, representation));
        const losses = rowLosses(group.loss, group.kind, answers, groupColumns(group, y));
        return [[`losses/${position}`, losses] as const];
      });
      return { outputs: Object.fromEntries(outputs) };
    },
  };
}

/**
 * The losses of the first task of a run at single validation rows, or test rows where it has no label on those: the
 * first 1,024 that have one, in their order. The executor has the programs of `rowLossesStep`.
 */
export function heldOutLosses(model: Model, executor: Executor): Float32Array {
  const [{ stream, column }] = model.taskSet.tasks;
  const own = model.taskSet.streams[stream];
  const { position, group, head } = headPlaces(model, stream)[column];
  const width = own.tasks.length;
  const { mask } = own.splits.validation;
  const isLabelled = (cell: number) => cell % width === column && mask[cell] !== 0;
  const split = mask.some((_, cell) => isLabelled(cell)) ? 'validation' : 'test';
  const buffers = createBuffers(own, evaluationRows(model, stream));
  const found: number[] = [];
  for (const rows of sequentialBatches(own, split, buffers.batchSize)) {
    fillBatch(own, split, rows, buffers);
    const losses = executor.run(stepNames.rowLosses(stream), batchValues(stream, buffers))[`losses/${position}`];
    for (let row = 0; row < rows.length; row++) {
      if (buffers.mask[row * width + column] !== 0) found.push(losses[row * group.tasks.length + head]);
    }
    if (found.length >= mostRows) break;
  }
  return Float32Array.from(found.slice(0, mostRows));
}
