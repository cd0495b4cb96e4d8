import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRandom } from '../../src/common/random';
import { readModelFolder, type TrainedModel } from '../../src/outputs/modelFolder';
import { predict, type PredictOptions, type PredictedRow, type Predictions } from '../../src/outputs/predict';
import type { RunEventOf } from '../../src/runs/events';
import { runFolder } from '../../src/training/run';
import { draftRun, journalOf, temporaryFolder, type Draft, type DraftOptions } from '../training/runs';

type Cell = string | number;

/** Every type of column, with gaps, and a target of every kind; the column `part` says the split. */
export const head = ['id', 'size', 'gaps', 'code', 'word', 'day', 'open', 'part', 'y', 'b', 'c'] as const;

/** Rows in which the targets follow from the inputs, so that a model finds something. */
export function tableRows(count: number, seed = 1): Cell[][] {
  const random = createRandom(seed, 'rows');
  const pick = <Item>(items: readonly Item[]) => items[random.integer(items.length)];
  return Array.from({ length: count }, (_, row) => {
    const size = Number((random.normal() * 20 + 100).toFixed(3));
    const code = pick(['007', '7', '12', 'x']);
    const word = pick(['red', 'blue', 'red, or "so"', '']);
    const open = pick(['true', 'false']);
    const y = Number((size / 10 + (word === 'red' ? 3 : 0) + random.normal() * 0.1).toFixed(4));
    const b = code === '007' ? 'yes' : 'no';
    const c = word === 'red' ? 'warm' : word === 'blue' ? 'cold' : 'none';
    const day = `2024-0${1 + random.integer(9)}-1${random.integer(10)}`;
    const part = ['train', 'train', 'train', 'held', 'test'][row % 5];
    return [`r${row}`, size, row % 7 === 0 ? '' : row % 11, code, word, day, open, part, y, b, c];
  });
}

/** A CSV file, quoted where it must be. */
export function csvText(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const field = (cell: Cell) => (/[",]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell));
  return [header, ...rows].map((row) => `${row.map(field).join(',')}\n`).join('');
}

export interface TrainedRun {
  readonly folder: string;
  readonly trained: TrainedModel;
  readonly finished: RunEventOf<'finished'>;
}

/** Trains an experiment to its end. */
export async function train(draft: Draft, options?: DraftOptions): Promise<TrainedRun> {
  const { folder, events } = await draftRun(draft, options);
  const outcome = await runFolder(folder, new AbortController().signal);
  const { last } = journalOf(await events());
  if (outcome !== 'finished' || last.type !== 'finished') throw new Error(JSON.stringify(last));
  return { folder, trained: await readModelFolder(folder), finished: last };
}

/** Three tasks on one table. */
export function tableDraft(file: string): Draft {
  return {
    data: { source: file, split: { column: 'part', test: ['test'], validation: ['held'] } },
    inputs: { exclude: ['id'], categorical: { columns: ['code', 'word', 'open'] } },
    tasks: {
      y: { target: 'y', kind: 'regression' },
      'b/🧠 <script>': { target: 'b', kind: 'binary', positive: 'yes' },
      c: { target: 'c', kind: 'multiclass' },
    },
    model: { encoder: { layers: [12] }, head: { layers: [5], activation: 'tanh', dropout: 0.2 } },
    training: { epochs: 12, batchSize: 32, optimizer: { name: 'adam', learningRate: 0.01 } },
  };
}

/** A run of `tableDraft`, with the rows that it was trained on. */
export async function trainTable(): Promise<TrainedRun & { readonly rows: Cell[][] }> {
  const rows = tableRows(400);
  return { ...(await train(tableDraft(write('table.csv', csvText(head, rows))))), rows };
}

/** A file in a folder of its own. */
export function write(name: string, content: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

/** All predictions at once. */
export async function predicted(
  trained: TrainedModel,
  file: string,
  options: Partial<PredictOptions> = {},
): Promise<Predictions & { readonly all: readonly PredictedRow[] }> {
  const predictions = await predict(trained, { file, folder: '.', tasks: [], keep: [], ...options });
  const all: PredictedRow[] = [];
  for await (const batch of predictions.batches) all.push(...batch);
  return { ...predictions, all };
}
