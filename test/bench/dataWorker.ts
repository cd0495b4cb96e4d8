import { existsSync } from 'node:fs';
import { createBuffers, epochSchedule, fillBatch } from '../../src/data/batches';
import { prepareTasks } from '../../src/data/prepare';
import { experimentSchema } from '../../src/experiment/schema';
import { numericColumns, writeCensusLike } from './censusLike';
import type { DataOrder } from './cases';
import type { Work } from './worker';

const columns = 42;
const batchSize = 1024;

/** Reads a census table, encodes it, and cuts it into batches. */
export function census({ table, generated }: DataOrder): Work {
  const file = existsSync(table) ? table : generated;
  if (file === generated) writeCensusLike(generated);
  const names = Array.from({ length: columns }, (_, column) => `c${column}`);
  const experiment = experimentSchema.parse({
    name: 'Census',
    data: {
      source: file,
      header: false,
      columns: names,
      missing: ['?'],
      split: { train: 0.8, validation: 0.1, test: 0.1 },
    },
    inputs: {
      numeric: { columns: numericColumns.map((column) => names[column]), scale: 'standard' },
      categorical: { columns: 'rest', encode: 'one-hot', maxLevels: 60 },
    },
    tasks: {
      income: { target: names[41], kind: 'binary', positive: '50000+.' },
      married: { target: names[7], kind: 'binary', positive: 'Never married' },
    },
  });
  return async () => {
    const start = performance.now();
    const taskSet = await prepareTasks(experiment, '.');
    const encoded = performance.now();
    const [stream] = taskSet.streams;
    const buffers = createBuffers(stream, batchSize);
    const schedule = epochSchedule(taskSet, batchSize, 1, 0);
    for (let step = 0; step < schedule.steps; step++) fillBatch(stream, 'train', schedule.rowsAt(step)[0], buffers);
    const batched = performance.now();
    const { splits } = stream;
    const rows = splits.train.rows + splits.validation.rows + splits.test.rows;
    return {
      rows: { 'read and encode': [encoded - start], 'an epoch of batches': [batched - encoded] },
      figures: { rows, 'rows per second': Math.round((1000 * rows) / (batched - start)) },
    };
  };
}
