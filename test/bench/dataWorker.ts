import { existsSync } from 'node:fs';
import { createBuffers, epochSchedule, fillBatch } from '../../src/data/batches';
import { prepareTasks } from '../../src/data/prepare';
import { experimentSchema } from '../../src/experiment/schema';
import type { Work } from './worker';

const columns = 42;
const batchSize = 1024;

/** Reads a census table, encodes it, and cuts it into batches; the peak of memory is that of the process. */
export function census(file: string): Work {
  if (!existsSync(file)) throw new Error(`There is no ${file}.`);
  const names = Array.from({ length: columns }, (_, column) => `c${column}`);
  // By position in the file: age, wage, gains, losses, dividends, weight, employers, weeks and the like are numbers.
  const numbers = [0, 5, 16, 17, 18, 24, 30, 39].map((column) => names[column]);
  const targets = { income: names[41], married: names[7] };
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
      numeric: { columns: numbers, scale: 'standard' },
      categorical: { columns: 'rest', encode: 'one-hot', maxLevels: 60 },
    },
    tasks: {
      income: { target: targets.income, kind: 'binary', positive: '50000+.' },
      married: { target: targets.married, kind: 'binary', positive: 'Never married' },
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
      figures: {
        rows,
        'rows per second': Math.round((1000 * rows) / (batched - start)),
        'peak memory, MB': Math.round(process.resourceUsage().maxRSS / 1024),
      },
    };
  };
}
