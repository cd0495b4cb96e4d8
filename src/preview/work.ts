import type { Program } from '../program';
import { multiplications } from '../training/multiplications';

/** What is to be computed: exactly in multiplications of matrix products, about in time. */
export interface Work {
  readonly multiplications: number;
  readonly nanoseconds: number;
}

/**
 * Nanoseconds, on one thread of one machine: what counts is how they compare. Fitted to 104 steps of the wasm engine (five
 * architectures, 4 to 30 tasks, with and without measures), half of which take within 1.14 times the time that is told.
 */
const engine = { multiplication: 0.1, kernel: 300 };
/** To fill a batch and to see to the rest of a step. */
const besideStep = 50_000;
/**
 * Plain code, which runs once: a multiplication, one in the inner products of long columns, one of those that fit pairs of
 * linearised tasks, and a number that leaves the engine to be looked at, or to be added to a projection.
 */
const plain = { multiplication: 4, product: 1.2, fitted: 0.5, number: 12, projected: 1.5 };

/** One call of a program. */
export function callOf(program: Program): Work {
  const count = multiplications(program);
  return {
    multiplications: count,
    nanoseconds: count * engine.multiplication + program.nodes.length * engine.kernel,
  };
}

/** A training step beside its programs. */
export const stepOverhead: Work = { multiplications: 0, nanoseconds: besideStep };

/** Work in plain code: so many of something. */
export function plainWork(count: number, of: keyof typeof plain = 'multiplication'): Work {
  const multiplies = of === 'multiplication' || of === 'product' || of === 'fitted';
  return { multiplications: multiplies ? count : 0, nanoseconds: count * plain[of] };
}

export function times(work: Work, count: number): Work {
  return { multiplications: count * work.multiplications, nanoseconds: count * work.nanoseconds };
}

export function total(parts: readonly Work[]): Work {
  return parts.reduce(
    (sum, part) => ({
      multiplications: sum.multiplications + part.multiplications,
      nanoseconds: sum.nanoseconds + part.nanoseconds,
    }),
    { multiplications: 0, nanoseconds: 0 },
  );
}

/** What comes on top: nothing less than nothing. */
export function beyond(whole: Work, part: Work): Work {
  return {
    multiplications: Math.max(0, whole.multiplications - part.multiplications),
    nanoseconds: Math.max(0, whole.nanoseconds - part.nanoseconds),
  };
}
