import { groupingMethods, type GroupingMethod } from '../relatedness/grouping';

/** What the command `mtl.groupTasks` may be given; it asks the person for what is not. */
export interface GroupTasksArgument {
  /** The run folder. */
  readonly folder: string;
  readonly measure?: string;
  /** How many. */
  readonly groups?: number;
  readonly method?: GroupingMethod;
  /** Whether no task is trained in two networks. */
  readonly disjoint?: boolean;
}

/** The ways to group tasks that a person can choose from. */
export const groupingChoices: readonly {
  readonly method: GroupingMethod;
  readonly disjoint: boolean;
  readonly title: string;
  readonly summary: string;
}[] = groupingMethods.flatMap(({ name: method, title, summary, overlaps }) => {
  const choice = { method, disjoint: false, title, summary };
  if (!overlaps) return [choice];
  const apart = {
    method,
    disjoint: true,
    title: `${title}, disjoint`,
    summary: 'The networks in which tasks do most for each other, and no task is in two of them.',
  };
  return [choice, apart];
});
