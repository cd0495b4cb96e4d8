import type { TrainedMeasure } from './fromModel';
import type { TaskKind } from './measure';

/** What is known of the tasks of a network before it is trained. */
export interface TasksAhead {
  readonly tasks: readonly TaskAhead[];
  /** Whether a row has the label of one task alone. */
  readonly labelsApart: boolean;
  /** Whether each head is one layer on a representation that all tasks of a row read. */
  readonly linearHeads: boolean;
}

export interface TaskAhead {
  readonly kind: TaskKind;
  /** Which table has its rows. */
  readonly table: number;
  /** How many rows of it are looked at, where that is known. */
  readonly rows?: number;
}

/** What a measure needs of tasks to tell anything of two of them, and they do not have. */
export type Lack = 'kinds' | 'labels in the same rows' | 'linear heads' | 'rows' | 'table';

/** What two tasks must have in common, by what a measure looks at. */
const inCommon: Partial<Record<TrainedMeasure['needs'], 'labels' | 'table'>> = {
  labels: 'labels',
  residuals: 'labels',
  representations: 'table',
  'representations and labels': 'table',
  'probabilities and labels': 'table',
  'head weights': 'table',
};

/** Why a measure cannot have a value of any two tasks, whatever they learn; undefined where it can. */
export function lackOf({ needs, takes = {} }: TrainedMeasure, ahead: TasksAhead): Lack | undefined {
  const { from, to, rows = 0 } = takes;
  const { tasks, labelsApart, linearHeads } = ahead;
  const common = inCommon[needs];
  const pairs = tasks.flatMap((one, place) =>
    tasks.flatMap((other, at) => (at === place ? [] : [[one, other] as const])),
  );
  const ofKind = pairs.filter(([one, other]) => isOf(from, one) && isOf(to, other));
  if (ofKind.length === 0) return 'kinds';
  if (needs === 'head weights' && !linearHeads) return 'linear heads';
  if (common === undefined) return undefined;
  const together = ofKind.filter(([one, other]) => one.table === other.table);
  if (common === 'labels' && (labelsApart || together.length === 0)) return 'labels in the same rows';
  if (together.length === 0) return 'table';
  return together.some(([one]) => (one.rows ?? rows) >= rows) ? undefined : 'rows';
}

function isOf(kinds: readonly TaskKind[] | undefined, { kind }: TaskAhead): boolean {
  return kinds?.includes(kind) ?? true;
}
