/** The middle value; the mean of the two middle ones where their number is even. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** What is said of a row of a case: all times in milliseconds. */
export interface Summary {
  readonly median: number;
  /** The fastest one, which says most on a machine that also does other things. */
  readonly best: number;
  readonly count: number;
}

export function summarise(milliseconds: readonly number[]): Summary {
  return { median: median(milliseconds), best: Math.min(...milliseconds), count: milliseconds.length };
}

/** What a contender used while it had its turns. */
export interface Use {
  /** Processors that were busy with it, in the mean: tells whether it kept to its threads. */
  readonly cores: number;
  /**
   * Processor time of a step, in milliseconds: nearly what it takes by the clock with one thread on a quiet machine.
   * Absent where a turn is not made of steps.
   */
  readonly processor?: number;
  /** The most memory that it held in a turn, in MB. */
  readonly peak: number;
}
