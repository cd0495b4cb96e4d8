import type { EngineName, Program } from '../program';
import { multiplications } from './multiplications';

/**
 * Multiplications of a step from which on native is faster than wasm. A call of native costs 0.08 ms however little it
 * computes, and wasm nearly nothing. Measured with one thread, the time of wasm over that of native: 0.1 with 0.02
 * million, 0.4 with 0.3, 0.9 with 1.1, 1.2 with 2.1, 1.8 with 6 and 2.5 with 30.
 */
const worthACall = 1_500_000;

/** Engines for a training step, likely the fastest one first, and why it is that one. */
export function fastestFirst(step: Program): { readonly engines: readonly EngineName[]; readonly reason: string } {
  return multiplications(step) < worthACall
    ? {
        engines: ['wasm', 'native', 'cpu'],
        reason: 'The fastest engine for steps as small as these, which take less time than a call of native.',
      }
    : { engines: ['native', 'wasm', 'cpu'], reason: 'The fastest engine there is.' };
}
