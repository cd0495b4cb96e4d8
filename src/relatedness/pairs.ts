import type { RelatednessValues } from './measure';

/** Whether a matrix says anything of two different tasks. */
export function hasPairs(values: RelatednessValues): boolean {
  return values.some((row, from) => row.some((value, to) => from !== to && value !== null));
}
