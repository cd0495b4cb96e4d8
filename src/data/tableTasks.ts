import type { Finding, Path } from '../experiment/problem';
import type { EachTask, TaskKind } from '../experiment/schema';
import { code, enumerate } from '../experiment/wording';
import { columnNotFound, counted, error, hasErrors, warning } from './findings';
import type { SplitPositions } from './split';
import { isMissing, levelsOf } from './table';
import type { Column, Table } from './table';
import type { TableUse } from './tableUses';
import { checkTarget, classesIn, encodeTarget } from './targets';
import type { EncodedTarget, TargetSpec } from './targets';
import type { TaskInfo } from './taskSet';

/** A task's labels over all rows of its table: what `TaskInfo` says, without its place among the streams. */
export interface TableTask extends Pick<
  TaskInfo,
  'name' | 'kind' | 'outputs' | 'classes' | 'mean' | 'deviation' | 'loss'
> {
  readonly order: number;
  /** NaN where the row has no label for this task. */
  readonly labels: Float64Array;
}

/** The target columns of a use, found and checked. */
export interface Targets {
  readonly columns: ReadonlyMap<string, Column>;
  /** The column that names the tasks, where one does. */
  readonly each?: Column;
  readonly findings: readonly Finding[];
}

const mostTasks = 1000;
/** Labels of all rows and tasks that fit in memory: 50 million take 0.8 GB in all. */
const mostLabels = 50_000_000;

/** Finds the target columns and checks what does not depend on the split. */
export function findTargets(use: TableUse, table: Table): Targets {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const columns = new Map<string, Column>();
  const findings: Finding[] = [];
  const find = (name: string, at: Path) => {
    const column = byName.get(name);
    if (!column) findings.push(columnNotFound(name, at, [...byName.keys()]));
    return column;
  };
  for (const { spec, path } of targetSpecs(use)) {
    const column = find(spec.target, [...path, 'target']);
    if (!column) continue;
    columns.set(spec.target, column);
    findings.push(...checkTarget(spec, column, table.rows, path));
  }
  if (!('each' in use.tasks)) return { columns, findings };
  const each = find(use.tasks.each.each, ['tasks', 'each']);
  if (each) findings.push(...checkEach(use.tasks.each, each, table.rows));
  return { columns, findings, ...(each ? { each } : {}) };
}

function targetSpecs({ tasks }: TableUse): { spec: TargetSpec; path: Path }[] {
  return 'each' in tasks
    ? [{ spec: tasks.each, path: ['tasks'] }]
    : tasks.named.map(({ task, path }) => ({ spec: task, path }));
}

function checkEach({ each }: EachTask, column: Column, rows: number): Finding[] {
  const { levels } = levelsOf(column);
  if (levels.length === 0) {
    return [
      error('no-labels', ['tasks', 'each'], `Column ${code(each)} has no value in any row. Choose another column.`),
    ];
  }
  if (levels.length <= mostTasks && levels.length * rows <= mostLabels) return [];
  const message = `Column ${code(each)} has ${levels.length} different values over ${counted(rows, 'row')}, too many for one task each. Choose a column with at most ${mostTasks}.`;
  return [error('too-many-tasks', ['tasks', 'each'], message)];
}

/** Columns that cannot be inputs, with what they are. */
export function reservedColumns({ tasks, data }: TableUse): Map<string, string> {
  const reserved = new Map<string, string>();
  if ('column' in data.split) reserved.set(data.split.column, 'the column that says the split');
  else if (data.split.group !== undefined) reserved.set(data.split.group, 'the column that groups rows for the split');
  if ('each' in tasks) reserved.set(tasks.each.each, 'the column that names the tasks');
  const targets = 'each' in tasks ? [tasks.each.target] : tasks.named.map(({ task }) => task.target);
  for (const target of targets) reserved.set(target, 'a target');
  return reserved;
}

/** Positions of the rows that have a label for any task; others serve nothing. */
export function labelledRows({ columns, each }: Targets, rows: number): Uint32Array {
  const targets = [...columns.values()];
  const names = each && levelsOf(each).codes;
  const kept = new Uint32Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (names && names[row] < 0) continue;
    if (targets.some((column) => !isMissing(column, row))) kept[count++] = row;
  }
  return kept.subarray(0, count);
}

/** What the tasks of a table come to once the split is known. */
export interface TableTasks {
  readonly tasks: readonly TableTask[];
  /** Without the rows of tasks that were left out. */
  readonly positions: SplitPositions;
  readonly findings: readonly Finding[];
}

/** Encodes the targets of a table that passed `findTargets`. */
export function encodeTasks(use: TableUse, targets: Targets, positions: SplitPositions): TableTasks {
  if ('each' in use.tasks) return encodeEach(use.tasks.each, targets, positions);
  const findings: Finding[] = [];
  const tasks = use.tasks.named.map(({ name, task, path, order }): TableTask => {
    const encoded = encodeTarget(task, targets.columns.get(task.target)!, positions.train, path);
    findings.push(...encoded.findings);
    return { ...describe(name, order, task, encoded), labels: encoded.labels };
  });
  return { tasks, positions, findings };
}

function describe(
  name: string,
  order: number,
  spec: { kind: TaskKind; loss: EachTask['loss'] },
  encoded: EncodedTarget,
) {
  const { outputs, classes, mean, deviation } = encoded;
  const loss = spec.kind === 'regression' ? spec.loss : ('cross-entropy' as const);
  return { name, order, kind: spec.kind, outputs, classes, mean, deviation, loss };
}

function encodeEach(spec: EachTask, { columns, each }: Targets, positions: SplitPositions): TableTasks {
  const column = columns.get(spec.target)!;
  const { levels, codes } = levelsOf(each!);
  const trainRows = rowsByLevel(levels.length, codes, column, positions.train);
  const enough = trainRows.map((rows) => rows.length >= spec.minimumRows);
  const single = singleClass(spec, column, trainRows, positions.train).map((found, level) => found && enough[level]);
  const kept = enough.map((found, level) => found && !single[level]);
  const namesOf = (chosen: (level: number) => boolean) => levels.filter((_, level) => chosen(level));
  const few = namesOf((level) => !enough[level]);
  const findings = leftOut(
    spec,
    few,
    namesOf((level) => single[level]),
    levels.length,
  );
  if (hasErrors(findings)) return { tasks: [], positions, findings };
  const within = (rows: Uint32Array) => rows.filter((row) => kept[codes[row]]);
  const remaining = {
    train: within(positions.train),
    validation: within(positions.validation),
    test: within(positions.test),
  };
  const encoded = encodeTarget(spec, column, remaining.train, ['tasks']);
  const tasks = levels.flatMap((name, level): TableTask[] => {
    if (!kept[level]) return [];
    const labels = encoded.labels.map((label, row) => (codes[row] === level ? label : NaN));
    return [{ ...describe(name, level, spec, encoded), labels }];
  });
  return { tasks, positions: remaining, findings: [...findings, ...encoded.findings] };
}

/** Per level the rows that have a label. */
function rowsByLevel(levels: number, codes: Int32Array, target: Column, rows: Uint32Array): number[][] {
  const found = Array.from({ length: levels }, (): number[] => []);
  for (const row of rows) if (codes[row] >= 0 && !isMissing(target, row)) found[codes[row]].push(row);
  return found;
}

/** Per level whether it is a class task that has one class alone. */
function singleClass(
  spec: EachTask,
  column: Column,
  trainRows: readonly (readonly number[])[],
  allRows: Uint32Array,
): boolean[] {
  if (spec.kind === 'regression') return trainRows.map(() => false);
  const { labels } = encodeTarget(spec, column, allRows, ['tasks']);
  return trainRows.map((rows) => classesIn(labels, rows).length < 2);
}

function leftOut(spec: EachTask, few: readonly string[], single: readonly string[], all: number): Finding[] {
  const findings: Finding[] = [];
  const path = ['tasks', 'each'];
  if (few.length > 0) {
    const message = `${counted(few.length, 'task')} left out for fewer than ${counted(spec.minimumRows, 'training row')}: ${enumerate(few)}.`;
    findings.push(warning('too-few-rows', path, message));
  }
  if (single.length > 0) {
    const message = `${counted(single.length, 'task')} left out as the training rows hold one class only: ${enumerate(single)}.`;
    findings.push(warning('one-class', path, message));
  }
  if (few.length + single.length < all) return findings;
  const message = `No value of ${code(spec.each)} has enough training rows for a task. Lower \`minimumRows\`, or choose another column.`;
  return [...findings, error('no-tasks', path, message)];
}
