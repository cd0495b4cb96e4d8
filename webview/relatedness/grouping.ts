import { groupingChoices } from '../../src/protocol/groupTasks';
import type { RelatednessMatrix } from '../../src/runs/events';
import { figuresOf } from '../../src/runs/report';
import { withReplicates } from '../../src/runs/replicated';
import type { RunState } from '../../src/runs/state';
import { measureWords } from '../../src/figures/measureWords';
import type { TaskGroup } from '../../src/relatedness/grouping';
import type { FoundGroups } from './groupFinder';
import type { GroupingRequest } from './groupingWorker';
import type { GroupingSettings } from './settings';

/** A way to group tasks that can be chosen. */
export type GroupingChoice = (typeof groupingChoices)[number];

/** One word for a choice. */
export function choiceKey({ method, disjoint }: Pick<GroupingChoice, 'method' | 'disjoint'>): string {
  return disjoint ? `${method}, disjoint` : method;
}

/** About three tasks in each. */
export function usualGroups(tasks: number): number {
  return Math.min(tasks, Math.max(2, Math.round(tasks / 3)));
}

/** What groups are looked for by: the mean over replicates, or the run's own matrix; as the command line does. */
export function groupingMatrix(state: RunState, measure: string): RelatednessMatrix | undefined {
  return withReplicates(figuresOf(state).relatedness, state.replicated).find((matrix) => matrix.measure === measure);
}

/** What to look for; undefined where no grouping is chosen, or there is nothing to group. */
export function groupingRequest(
  state: RunState,
  measure: string | undefined,
  grouping: GroupingSettings | undefined,
): (GroupingRequest & { readonly choice: GroupingChoice }) | undefined {
  const choice = groupingChoices.find((known) => choiceKey(known) === grouping?.choice);
  const matrix = measure === undefined ? undefined : groupingMatrix(state, measure);
  if (grouping === undefined || choice === undefined || matrix === undefined || state.tasks.length < 2)
    return undefined;
  const { method, disjoint } = choice;
  const groups = Math.min(grouping.groups ?? usualGroups(state.tasks.length), state.tasks.length);
  const alone = measureWords(matrix.measure, matrix).neutral ?? 'never';
  return {
    values: matrix.values,
    higherIsCloser: matrix.higherIsCloser,
    options: { groups, method, disjoint, alone },
    choice,
  };
}

/** Groups of a run's tasks, and by which measure. */
export interface ShownGroups {
  readonly runId: string;
  readonly measure: string;
  readonly groups: readonly TaskGroup[];
}

/**
 * The groups to show: those that were found or, while others are looked for, those of before, where they are of the same
 * run and measure.
 * @param before Those that were shown last.
 * @param found The answer to the latest request; undefined while it is looked for.
 */
export function shownGroups(
  before: ShownGroups | undefined,
  { runId, measure }: Omit<ShownGroups, 'groups'>,
  found: FoundGroups,
): ShownGroups | undefined {
  if (found === undefined) return before?.runId === runId && before.measure === measure ? before : undefined;
  return 'grouping' in found ? { runId, measure, groups: found.grouping.groups } : undefined;
}
