import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { PredictedRow, Predictions } from '../../outputs/predict';
import { OutputError } from '../../outputs/errors';
import { systemCode, systemReason } from '../../runs/errors';
import { findRun } from '../../runs/store';
import {
  jsonOption,
  runPositional,
  runsOption,
  runsRoot,
  type Command,
  type RunPositional,
  type RunsOption,
} from '../command';
import { exitCodes, UsageError } from '../errors';
import { count } from '../format';
import { clean, note, printJson } from '../terminal';

interface PredictOptions extends RunPositional, RunsOption {
  readonly file: string;
  readonly out: string | undefined;
  readonly task: readonly string[];
  readonly keep: readonly string[];
  readonly json: boolean;
}

export const predictCommand: Command<PredictOptions> = {
  name: 'predict',
  takes: '<run> <file>',
  summary: 'Predict from the rows of a new table with the model of a run',
  examples: [
    ['mtl predict latest new.csv --out predictions.csv', 'A CSV file with a row for each row of new.csv'],
    ['mtl predict latest new.csv --keep id', 'Tell the rows by their column id instead of their number'],
    ['mtl predict latest spoken.csv.gz --task speech', 'Where the tasks have tables of their own'],
  ],
  positionals: {
    ...runPositional,
    file: {
      type: 'string',
      demandOption: true,
      describe: 'A table (CSV, TSV, Parquet, JSON lines or ARFF) with the input columns; the targets may be missing',
    },
  },
  options: {
    out: { type: 'string', requiresArg: true, describe: 'The CSV file to write. Without it: standard output' },
    task: {
      type: 'string',
      array: true,
      nargs: 1,
      default: [],
      describe: 'A task to predict. May be given more than once; without it all that the table serves',
    },
    keep: {
      type: 'string',
      array: true,
      nargs: 1,
      default: [],
      describe: 'A column of the file to pass on, instead of the number of the row. May be given more than once',
    },
    ...runsOption,
    ...jsonOption,
  },
  async run({ run: name, file, runs, out, task, keep, json }) {
    const target = out === undefined ? undefined : resolve(out);
    if (target === resolve(file)) throw new UsageError('--out names the file that is read. Name another one.');
    const { folder } = await findRun(name, await runsRoot(runs));
    const { readModelFolder } = await import('../../outputs/modelFolder');
    const { predict } = await import('../../outputs/predict');
    const options = { file, folder: process.cwd(), tasks: task, keep };
    const predictions = await predict(await readModelFolder(folder), options);
    for (const text of predictions.notes) note(`note: ${clean(text)}`);
    if (target !== undefined) await writeFile(predictions, target);
    if (json) await printPredictions(predictions, file, folder, target);
    else if (target === undefined) await pipeline(csvText(predictions), process.stdout, { end: false });
    else note(`Wrote ${count(predictions.rows, 'row')} to ${clean(target)}`);
    return exitCodes.success;
  },
};

async function* csvText(predictions: Predictions): AsyncIterable<string> {
  const { csvLine, predictedCells, predictedColumns } = await import('../../outputs/predictedColumns');
  yield csvLine(predictedColumns(predictions));
  for await (const batch of predictions.batches) {
    yield batch.map((row) => csvLine(predictedCells(predictions, row))).join('');
  }
}

/** The file appears whole, in the place of one of that name. */
async function writeFile(predictions: Predictions, path: string): Promise<void> {
  const aside = `${path}.${process.pid}.part`;
  try {
    await pipeline(csvText(predictions), createWriteStream(aside));
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined);
    if (systemCode(error) === '') throw error;
    const remedy = 'Free some space, or name a file in a folder that you may write to.';
    const message = `The predictions cannot be written (${systemReason(error)}): ${path}`;
    throw new OutputError('not-writable', message, remedy, { cause: error });
  }
}

/** One JSON object; the predictions are left out where they are in a file. */
async function printPredictions(
  predictions: Predictions,
  file: string,
  runFolder: string,
  out: string | undefined,
): Promise<void> {
  const { tasks, rows, engine, notes } = predictions;
  const rowRecords: object[] = [];
  if (out === undefined) {
    for await (const batch of predictions.batches) rowRecords.push(...batch.map((row) => rowRecord(predictions, row)));
  }
  printJson({
    runFolder,
    file: resolve(file),
    engine,
    rows,
    notes,
    tasks: tasks.map(({ title, kind, classes }) => ({ name: title, kind, classes })),
    ...(out === undefined ? { predictions: rowRecords } : { out }),
  });
}

function rowRecord({ kept, tasks }: Predictions, { row, kept: cells, predictions }: PredictedRow): object {
  return {
    row,
    ...(kept.length > 0 && { kept: Object.fromEntries(kept.map((name, index) => [name, cells[index]])) }),
    tasks: Object.fromEntries(tasks.map(({ title }, task) => [title, predictions[task]])),
  };
}
