/** Milliseconds of work between two `step` events, by estimate. */
const aim = 50;
/** Runs of no more steps than this have an event for each. */
const stepsToldSingly = 1000;
/** A processor that does this many operations in a millisecond, and takes this long for a step that has none. */
const operationsPerMillisecond = 4e6;
const leastMilliseconds = 0.3;

/** What the pace of `step` events depends on. */
export interface StepCost {
  readonly parameters: number;
  /** Rows of all batches of a step. */
  readonly rows: number;
  readonly totalSteps: number;
}

/**
 * Steps between two `step` events. A function of the experiment alone, not of the clock, so that a run and its repetition
 * write the same journal: some twenty events a second by an estimate of a step's cost (six operations for each
 * parameter and row: forwards, and twice as many backwards), one for each step of a short run or a slow model.
 */
export function stepsPerEvent({ parameters, rows, totalSteps }: StepCost): number {
  const estimated = leastMilliseconds + (6 * parameters * rows) / operationsPerMillisecond;
  return Math.max(1, Math.min(Math.floor(aim / estimated), Math.ceil(totalSteps / stepsToldSingly)));
}
