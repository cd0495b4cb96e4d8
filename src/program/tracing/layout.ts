/**
 * How the gradients of the entries of a vector lie in one tensor. A tensor of shape S that depends on which entry is
 * asked for stands for one S per entry; entries that a layout does not name have zeros.
 */
export type Layout =
  | {
      /** One after the other along a new first axis: [entries.length, ...S]. */
      readonly kind: 'rows';
      readonly entries: readonly number[];
    }
  | {
      /**
       * Where an axis of S belongs to the entries block by block, each entry is zero outside its own blocks, and all
       * together fit into S: position p of the axis belongs to `entries[floor(p / block)]`; -1 for none.
       */
      readonly kind: 'diagonal';
      readonly entries: readonly number[];
      readonly axis: number;
      readonly block: number;
    };

export type Rows = Extract<Layout, { kind: 'rows' }>;
export type Diagonal = Extract<Layout, { kind: 'diagonal' }>;

/**
 * The layout of a reshaped diagonal, where its blocks remain blocks of one axis; undefined where they do not.
 * @param from The shape before. @param to The shape after.
 */
export function reshapedDiagonal(
  layout: Diagonal,
  from: readonly number[],
  to: readonly number[],
): Diagonal | undefined {
  const before = product(from.slice(0, layout.axis));
  const blockSize = layout.block * product(from.slice(layout.axis + 1));
  for (let axis = 0; axis < to.length; axis++) {
    if (product(to.slice(0, axis)) !== before) continue;
    const inner = product(to.slice(axis + 1));
    const block = blockSize / inner;
    if (Number.isInteger(block) && to[axis] === layout.entries.length * block) return { ...layout, axis, block };
  }
  return undefined;
}

/** The layout of the sum of two diagonals, where no position belongs to two entries; undefined where one does. */
export function mergedDiagonals(left: Diagonal, right: Diagonal): Diagonal | undefined {
  if (left.axis !== right.axis || left.block !== right.block) return undefined;
  const entries = left.entries.map((entry, position) => {
    const other = right.entries[position];
    if (entry === other || other === -1) return entry;
    return entry === -1 ? other : undefined;
  });
  return entries.every((entry) => entry !== undefined) ? { ...left, entries } : undefined;
}

/** Whether every position has an entry, and every entry one position. */
export function isOneToOne({ entries }: Layout): boolean {
  return entries.every((entry) => entry >= 0) && new Set(entries).size === entries.length;
}

export function sameEntries(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((entry, position) => entry === right[position]);
}

/** Stretches of consecutive numbers. */
export function runsOf(numbers: readonly number[]): { readonly start: number; readonly length: number }[] {
  const runs: { start: number; length: number }[] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && last.start + last.length === number) last.length++;
    else runs.push({ start: number, length: 1 });
  }
  return runs;
}

function product(sizes: readonly number[]): number {
  return sizes.reduce((size, length) => size * length, 1);
}
