import { median, type Summary } from './statistics';

/** A bound on the ratio of the medians of two rows of a case, or on one time. */
export interface Target {
  readonly case: string;
  /** The time of this row, or of the middle one or the slowest of all rows ... */
  readonly of: string;
  /** ... divided by the time of this one; absent where the target is a time in milliseconds ... */
  readonly to?: string;
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
  { case: 'tiny', of: wasm, to: native, is: 'at most', bound: 1, why: '`auto` takes wasm for very small steps' },
  ...[native, wasm].flatMap((engine) => [
    overhead(`${engine}, epochs with cosine`, `${engine}, epochs`, 1.15, 'gradient cosine every 10th step'),
    overhead(`${engine}, epochs of 8 tasks with TAG`, `${engine}, epochs of 8 tasks`, 1.6, 'TAG every 10th step'),
    overhead(`${engine}, epochs`, `${engine}, their steps`, 1.25, 'batches, journal and metrics'),
  ]),
  {
    ...{ case: 'pairs', of: 'pairs, 28 runs, two at a time', to: 'pairs, 14 runs, one after the other' },
    ...{ is: 'at most', bound: 1.1, why: 'two cores train two networks' },
  },
  { case: 'weighing', of: 'the middle row', is: 'at most', bound: 0.2, why: 'little beside the smallest steps' },
  ...['chance', 'blocks'].flatMap((kind): Target[] => [
    { case: 'grouping', of: `grouping, 16 tasks, ${kind}`, is: 'at most', bound: 1000, why: 'while a person waits' },
    { case: 'grouping', of: `grouping, 20 tasks, ${kind}`, is: 'at most', bound: 1000, why: 'while a person waits' },
  ]),
  { case: 'weighing', of: 'the slowest row', is: 'at most', bound: 2, why: 'little beside the smallest steps' },
];

function faster(name: string, bound: number, why: string): Target {
  return { case: name, of: pytorch, to: native, is: 'at least', bound, why };
}

function overhead(of: string, to: string, bound: number, why: string): Target {
  return { case: 'run', of, to, is: 'at most', bound, why };
}

export interface Verdict extends Target {
  /** The ratio, or the time in milliseconds. */
  readonly found: number;
  readonly met: boolean;
  /** How far off, as a share of the bound: 0 where it is met. */
  readonly missedBy: number;
}

/** What became of the targets of a case; none for those of which a row is missing. */
export function judge(name: string, rows: Readonly<Record<string, Summary>>): readonly Verdict[] {
  return targets.flatMap((target) => {
    if (target.case !== name) return [];
    const [over, under] = [timeOf(target.of, rows), target.to === undefined ? 1 : timeOf(target.to, rows)];
    if (over === undefined || under === undefined) return [];
    const found = over / under;
    const met = target.is === 'at least' ? found >= target.bound : found <= target.bound;
    return [{ ...target, found, met, missedBy: met ? 0 : Math.abs(found / target.bound - 1) }];
  });
}

function timeOf(row: string, rows: Readonly<Record<string, Summary>>): number | undefined {
  const times = Object.values(rows).map((summary) => summary.median);
  if (times.length === 0) return undefined;
  if (row === 'the middle row') return median(times);
  if (row === 'the slowest row') return Math.max(...times);
  return Object.hasOwn(rows, row) ? rows[row].median : undefined;
}
