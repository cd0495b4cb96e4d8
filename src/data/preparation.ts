import type { Finding, Path } from '../experiment/problem';
import type { Experiment } from '../experiment/schema';
import type { TableSummary } from '../experiment/tableSummary';
import { isEach } from '../experiment/tasks';
import { enumerate } from '../experiment/wording';
import { hasErrors, warning } from './findings';
import { fingerprintOf } from './fingerprint';
import { encodeInputs, planInputs } from './inputs';
import type { TableLoader } from './read/loader';
import { checkSizes, checkSplit, splitRows } from './split';
import type { SplitPositions } from './split';
import { assemble, checkWidths } from './streams';
import type { PreparedTable } from './streams';
import { summarise } from './summary';
import type { Table } from './table';
import { encodeTasks, findTargets, labelledRows, reservedColumns } from './tableTasks';
import type { TableTask } from './tableTasks';
import { tableUses } from './tableUses';
import type { TableUse } from './tableUses';
import type { SplitName, TaskSet } from './taskSet';

/** Everything that could be found out about the data of an experiment. */
export interface Preparation {
  readonly findings: readonly Finding[];
  readonly tables: readonly TableSummary[];
  /** Absent where a finding is an error. */
  readonly taskSet?: TaskSet;
}

/** Reads, checks, splits and encodes; goes on after an error as far as that tells more. */
export async function prepare(experiment: Experiment, loader: TableLoader): Promise<Preparation> {
  const uses = tableUses(experiment);
  const findings: Finding[] = [];
  const tables: TableSummary[] = [];
  const prepared: PreparedTable[] = [];
  const needed: SplitName[] = experiment.training.stopEarly ? ['train', 'validation'] : ['train'];
  for (const use of uses) {
    const loaded = await loader.load(use.data, use.path);
    findings.push(...loaded.findings);
    if (!loaded.table) continue;
    tables.push(summarise(loaded.table, use.path));
    const result = prepareTable(use, loaded.table, needed);
    findings.push(...result.findings);
    if (result.prepared) prepared.push(result.prepared);
  }
  const settled = settleShared(findings, uses);
  if (hasErrors(settled)) return { findings: settled, tables };
  const { tasks, streams } = assemble(prepared);
  const complete = [...settled, ...checkWidths(streams, tasks)];
  if (hasErrors(complete)) return { findings: complete, tables };
  const taskSet: TaskSet = {
    tasks,
    streams,
    pooled: isEach(experiment.tasks),
    fingerprint: fingerprintOf(tasks, streams),
    warnings: complete.filter(({ severity }) => severity === 'warning').map(({ message }) => message),
  };
  return { findings: complete, tables, taskSet };
}

interface TableResult {
  readonly findings: readonly Finding[];
  readonly prepared?: PreparedTable;
}

function prepareTable(use: TableUse, table: Table, needed: readonly SplitName[]): TableResult {
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
  const inputs = encodeInputs(plan, use.inputs, positions, use.inputsPath);
  const later = [...ofTasks, ...checkTestRows(tasks, positions, splitPath), ...inputs.findings];
  const encoder = 'named' in use.tasks && use.tasks.named.length === 1 ? use.tasks.named[0].task.encoder : undefined;
  const prepared = { name: use.name, tasks, positions, inputs, ...(encoder ? { encoder } : {}) };
  return { findings: [...findings, ...later], prepared };
}

/** Tasks whose final figures will be missing although others have some. */
function checkTestRows(tasks: readonly TableTask[], { test }: SplitPositions, path: Path): Finding[] {
  if (test.length === 0) return [];
  const without = tasks.filter(({ labels }) => !test.some((row) => !Number.isNaN(labels[row])));
  if (without.length === 0) return [];
  const message = `These tasks have no test row, so they will have no test figures: ${enumerate(without.map(({ name }) => name))}.`;
  return [warning('no-test-rows', path, message)];
}

function isSharedInput({ code, path }: Finding): boolean {
  return code === 'column-not-found' && path[0] === 'inputs';
}

/** A column of the common inputs is missing only where no table that uses them has it. */
function settleShared(findings: readonly Finding[], uses: readonly TableUse[]): Finding[] {
  const sharing = uses.filter(({ inputsShared }) => inputsShared).length;
  const key = ({ path }: Finding) => JSON.stringify(path);
  const counts = new Map<string, number>();
  for (const finding of findings) {
    if (isSharedInput(finding)) counts.set(key(finding), (counts.get(key(finding)) ?? 0) + 1);
  }
  const kept = findings.filter(
    (finding) => !isSharedInput(finding) || sharing <= 1 || counts.get(key(finding)) === sharing,
  );
  const seen = new Set<string>();
  return kept.filter((finding) => {
    const same = `${finding.code} ${key(finding)} ${isSharedInput(finding) ? '' : finding.message}`;
    return seen.has(same) ? false : seen.add(same);
  });
}
