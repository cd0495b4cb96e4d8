import type { Finding } from '../experiment/problem';
import type { Experiment } from '../experiment/schema';
import type { TableSummary } from '../experiment/tableSummary';
import { checkPrimary } from '../experiment/meaning/weighting';
import { checkGroups } from '../experiment/meaning/groups';
import { checkOnly } from '../experiment/meaning/only';
import { chosenTasks } from '../experiment/onlyTasks';
import { isEach } from '../experiment/tasks';
import { encodeInputs } from './encodeInputs';
import { hasErrors } from './findings';
import { fingerprintOf } from './fingerprint';
import { fittedFor, type FittedTable } from './fitted';
import { draftTable, isSharedInput } from './draftTable';
import type { TableDraft } from './draftTable';
import type { TableLoader } from './read/loader';
import { assemble, checkWidths } from './streams';
import type { PreparedTable } from './streams';
import { keepTasks } from './onlyTasks';
import { summarise } from './summary';
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
export async function prepare(
  experiment: Experiment,
  loader: TableLoader,
  fitted: readonly FittedTable[] = [],
): Promise<Preparation> {
  const uses = tableUses(experiment);
  const findings: Finding[] = [];
  const tables: TableSummary[] = [];
  const drafts: TableDraft[] = [];
  const { stopEarly, weighting } = experiment.training;
  const validates = stopEarly !== undefined || weighting.name === 'auto-lambda';
  const needed: SplitName[] = validates ? ['train', 'validation'] : ['train'];
  for (const use of uses) {
    const loaded = await loader.load(use.data, use.path);
    findings.push(...loaded.findings);
    if (!loaded.table) continue;
    tables.push(summarise(loaded.table, use.path));
    const result = draftTable(use, loaded.table, needed);
    findings.push(...result.findings);
    if (result.draft) drafts.push(result.draft);
  }
  const settled = settleShared(findings, uses);
  if (hasErrors(settled)) return { findings: settled, tables };
  const { prepared, findings: ofInputs } = encodeDrafts(drafts, fitted);
  const all = assemble(prepared);
  const ofNames = isEach(experiment.tasks) ? checkNames(experiment, all.tasks) : [];
  const complete = [...settled, ...ofInputs, ...checkWidths(all.streams, all.tasks), ...ofNames];
  if (hasErrors(complete)) return { findings: complete, tables };
  const chosen = chosenTasks(experiment);
  const { tasks, streams } = chosen ? keepTasks(all.tasks, all.streams, chosen) : all;
  const taskSet: TaskSet = {
    tasks,
    streams,
    pooled: isEach(experiment.tasks),
    fingerprint: fingerprintOf(tasks, streams),
    warnings: complete.filter(({ severity }) => severity === 'warning').map(({ message }) => message),
  };
  return { findings: complete, tables, taskSet };
}

/** Tasks that the experiment names and the column does not. */
function checkNames(experiment: Experiment, tasks: TaskSet['tasks']): Finding[] {
  const names = tasks.map(({ name }) => name);
  const ofGroups = checkGroups(experiment, names);
  return [...checkOnly(experiment, names), ...ofGroups, ...checkPrimary(experiment, chosenTasks(experiment) ?? names)];
}

/** Tables with the same input columns that enter the shared encoder directly are encoded alike; others each alone. */
function encodeDrafts(
  drafts: readonly TableDraft[],
  fitted: readonly FittedTable[],
): {
  readonly prepared: readonly PreparedTable[];
  readonly findings: readonly Finding[];
} {
  const groups = new Map<string, TableDraft[]>();
  for (const draft of drafts) {
    const key = draft.encoder?.layers.length ? `alone ${draft.name}` : `alike ${signatureOf(draft)}`;
    groups.set(key, [...(groups.get(key) ?? []), draft]);
  }
  const findings: Finding[] = [];
  const prepared = [...groups.values()].flatMap((group) => {
    const { encoded, findings: ofGroup } = encodeInputs(
      group,
      group[0].inputsPath,
      group.map(({ name, plan }) => fittedFor(name, plan, fitted)),
    );
    findings.push(...ofGroup);
    return group.map(({ name, tasks, positions, encoder }, index): PreparedTable => {
      return { name, tasks, positions, inputs: encoded[index], ...(encoder ? { encoder } : {}) };
    });
  });
  return { prepared, findings };
}

function signatureOf({ plan, inputs: { numeric, categorical } }: TableDraft): string {
  const names = [plan.numeric, plan.categorical].map((columns) => columns.map(({ name }) => name));
  return JSON.stringify([numeric.scale, numeric.missing, categorical.maxLevels, names]);
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
