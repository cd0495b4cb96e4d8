import type { RunEventBody } from './events';

/**
 * Where an event stands in its journal. What training does is counted: `sequence` 0, 1, 2… without gaps. Marks, which
 * tell what befell the run's processes, are not: a mark has the number of the event before it and is the first, second…
 * `mark` after that. So a run that was interrupted numbers its events as one that never was.
 */
export interface Place {
  readonly sequence: number;
  /** Absent for what is counted; from 1 for a mark. */
  readonly mark?: number;
}

/** Before the first event of a journal. */
export const journalStart: Place = { sequence: -1 };

const marks: ReadonlySet<RunEventBody['type']> = new Set(['checkpoint', 'trainings', 'paused', 'resumed']);

/** The place of an event of this type that comes right after another place. */
export function placeAfter({ sequence, mark = 0 }: Place, type: RunEventBody['type']): Place {
  return marks.has(type) ? { sequence, mark: mark + 1 } : { sequence: sequence + 1 };
}

export function isAfter(one: Place, other: Place): boolean {
  return one.sequence > other.sequence || (one.sequence === other.sequence && (one.mark ?? 0) > (other.mark ?? 0));
}

/** Whether nothing can lie between two places. */
export function isRightAfter(one: Place, other: Place): boolean {
  return one.mark === undefined
    ? one.sequence === other.sequence + 1
    : one.sequence === other.sequence && one.mark === (other.mark ?? 0) + 1;
}
