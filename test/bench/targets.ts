import type { Summary } from './statistics';

/** A bound on the ratio of the medians of two rows of a case. */
export interface Target {
  readonly case: string;
  /** The time of this row ... */
  readonly of: string;
  /** ... divided by the time of this one ... */
  readonly to: string;
  /** ... is to lie on this side ... */
  readonly is: 'at least' | 'at most';
  /** ... of this number. */
  readonly bound: number;
  readonly why: string;
}

const [native, wasm, pytorch, jax] = ['native', 'wasm', 'PyTorch', 'jax.jit'];

export const targets: readonly Target[] = [
  faster('small', 2.2, 'one graph instead of some hundred calls'),
  faster('wide', 1.15, 'bound by matrix products, which both leave to tuned libraries'),
  { case: 'small', of: native, to: jax, is: 'at most', bound: 1.1, why: 'the strongest compiled peer' },
  { case: 'wide', of: native, to: jax, is: 'at most', bound: 1, why: 'the strongest compiled peer' },
  faster('small-gradients', 3, 'one forward pass instead of a backward pass per task'),
  faster('wide-gradients', 3, 'one forward pass instead of a backward pass per task'),
  { case: 'small', of: wasm, to: pytorch, is: 'at most', bound: 2, why: 'the embedded default' },
  { case: 'wide', of: wasm, to: pytorch, is: 'at most', bound: 5, why: 'the embedded default' },
  ...[native, wasm].flatMap((engine) => [
    overhead(`${engine}, epochs with cosine`, `${engine}, epochs`, 1.15, 'gradient cosine every 10th step'),
    overhead(`${engine}, epochs`, `${engine}, their steps`, 1.25, 'batches, journal and metrics'),
  ]),
];

function faster(name: string, bound: number, why: string): Target {
  return { case: name, of: pytorch, to: native, is: 'at least', bound, why };
}

function overhead(of: string, to: string, bound: number, why: string): Target {
  return { case: 'run', of, to, is: 'at most', bound, why };
}

export interface Verdict extends Target {
  readonly ratio: number;
  readonly met: boolean;
  /** How far off, as a share of the bound: 0 where it is met. */
  readonly missedBy: number;
}

/** What became of the targets of a case; none for those of which a row is missing. */
export function judge(name: string, rows: Readonly<Record<string, Summary>>): readonly Verdict[] {
  return targets.flatMap((target) => {
    if (target.case !== name || !Object.hasOwn(rows, target.of) || !Object.hasOwn(rows, target.to)) return [];
    const ratio = rows[target.of].median / rows[target.to].median;
    const met = target.is === 'at least' ? ratio >= target.bound : ratio <= target.bound;
    return [{ ...target, ratio, met, missedBy: met ? 0 : Math.abs(ratio / target.bound - 1) }];
  });
}
