import type { Finding, Path } from '../experiment/problem';
import type { PrivateEncoder } from '../experiment/schema';
import { enumerate } from '../experiment/wording';
import type { InputTable } from './encodeInputs';
import { hasErrors, warning } from './findings';
import { planInputs } from './inputs';
import { checkSizes, checkSplit, splitRows } from './split';
import type { SplitPositions } from './split';
import type { Table } from './table';
import { encodeTasks, findTargets, labelledRows, reservedColumns } from './tableTasks';
import type { TableTask } from './tableTasks';
import type { TableUse } from './tableUses';
import type { SplitName } from './taskSet';

/** A table with its tasks and split, whose inputs are not encoded yet. */
export interface TableDraft extends InputTable {
  readonly name: string;
  readonly tasks: readonly TableTask[];
  readonly inputsPath: Path;
  /** Only where the table is that of one task. */
  readonly encoder?: PrivateEncoder;
}

interface DraftResult {
  readonly findings: readonly Finding[];
  /** Absent where a finding is an error. */
  readonly draft?: TableDraft;
}

/** Finds the columns of a table, draws its split (`needed` must have rows) and encodes its targets. */
export function draftTable(use: TableUse, table: Table, needed: readonly SplitName[]): DraftResult {
  const targets = findTargets(use, table);
  const { plan, findings: ofInputs } = planInputs(table, use.inputs, reservedColumns(use), use.inputsPath);
  const splitPath = [...use.path, 'split'];
  const findings = [...targets.findings, ...checkSplit(use.data.split, table, splitPath), ...ofInputs];
  const blocking = findings.filter((finding) => !(use.inputsShared && isSharedInput(finding)));
  if (hasErrors(blocking)) return { findings };
  const drawn = splitRows(use.data.split, table, labelledRows(targets, table.rows), targets.each);
  const sizes = checkSizes(drawn, needed, splitPath);
  if (hasErrors(sizes)) return { findings: [...findings, ...sizes] };
  const { tasks, positions, findings: ofTasks } = encodeTasks(use, targets, drawn);
  if (hasErrors(ofTasks)) return { findings: [...findings, ...ofTasks] };
  const { name, inputs, inputsPath } = use;
  const encoder = 'named' in use.tasks && use.tasks.named.length === 1 ? use.tasks.named[0].task.encoder : undefined;
  return {
    findings: [...findings, ...ofTasks, ...checkTestRows(tasks, positions, splitPath)],
    draft: { name, plan, inputs, inputsPath, tasks, positions, ...(encoder ? { encoder } : {}) },
  };
}

/** Tasks whose final figures will be missing although others have some. */
function checkTestRows(tasks: readonly TableTask[], { test }: SplitPositions, path: Path): Finding[] {
  if (test.length === 0) return [];
  const without = tasks.filter(({ labels }) => !test.some((row) => !Number.isNaN(labels[row])));
  if (without.length === 0) return [];
  const message = `These tasks have no test row, so they will have no test figures: ${enumerate(without.map(({ name }) => name))}.`;
  return [warning('no-test-rows', path, message)];
}

/** Whether a finding is about a column that another table with the same inputs object may have. */
export function isSharedInput({ code, path }: Finding): boolean {
  return code === 'column-not-found' && path[0] === 'inputs';
}
