import { availableParallelism } from 'node:os';
import type { Program } from '../program';
import { multiplications } from './multiplications';

/**
 * Multiplications of a step that keep a thread busy for long enough. Measured on two cores, the time of two threads over
 * that of one: 1.5 with 30 million in all, 1.3 with 59, 1.14 with 324, 0.81 with 664, 0.75 with 849, 0.57 with 2,500. So
 * a second one pays from about 450 million on.
 */
const worthAThread = 225_000_000;

/** How many threads are likely to be the fastest for a step. */
export function chooseThreads(step: Program, cores = availableParallelism()): number {
  return Math.max(1, Math.min(cores, Math.floor(multiplications(step) / worthAThread)));
}
