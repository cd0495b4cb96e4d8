import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { prepareTasks } from '../../src/data/prepare';
import type { Table } from '../../src/data/table';
import type { Stream, TaskSet } from '../../src/data/taskSet';
import { ExperimentError } from '../../src/experiment/problem';
import type { Finding } from '../../src/experiment/problem';
import { experimentSchema } from '../../src/experiment/schema';
import type { Experiment, ExperimentInput } from '../../src/experiment/schema';

/** A folder with these files, removed after the tests of the file that asks for it. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'mtl-data-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function experimentOf(input: Omit<ExperimentInput, 'name'>): Experiment {
  return experimentSchema.parse({ name: 'test', ...input });
}

export function prepared(input: Omit<ExperimentInput, 'name'>, folder = '.'): Promise<TaskSet> {
  return prepareTasks(experimentOf(input), folder);
}

/** The findings with which preparation refuses an experiment. */
export async function refusal(input: Omit<ExperimentInput, 'name'>, folder = '.'): Promise<readonly Finding[]> {
  try {
    await prepared(input, folder);
  } catch (cause) {
    if (cause instanceof ExperimentError) return cause.findings;
    throw cause;
  }
  throw new Error('Preparation took what it should refuse.');
}

/** A column of a table as plain values; null where missing. */
export function valuesOf(table: Table, name: string): (string | number | null)[] {
  const column = table.columns.find((candidate) => candidate.name === name)!;
  return column.kind === 'numeric'
    ? Array.from(column.values, (value) => (Number.isNaN(value) ? null : value))
    : Array.from(column.codes, (code) => (code < 0 ? null : column.levels[code]));
}

/** A CSV text from rows. */
export function csv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => row.join(',')).join('\n') + '\n';
}

/** Numeric inputs of a split, row by row. */
export function numericRows(stream: Stream, split: 'train' | 'validation' | 'test'): number[][] {
  const { rows, numeric } = stream.splits[split];
  return Array.from({ length: rows }, (_, row) =>
    Array.from(numeric.subarray(row * stream.numericWidth, (row + 1) * stream.numericWidth)),
  );
}
