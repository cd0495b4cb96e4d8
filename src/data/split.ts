import { createRandom, shuffle } from '../common/random';
import type { Random } from '../common/random';
import type { Split } from '../experiment/dataSchema';
import type { Finding, Path } from '../experiment/problem';
import { fewerRows } from './fewerRows';
import { columnNotFound, counted, error, valueNotFound } from './findings';
import { membersOf } from './members';
import { levelsOf, positionOfLevel } from './table';
import type { Column, Table } from './table';
import { splitNames } from './taskSet';
import type { SplitName } from './taskSet';

/** Positions of the table's rows in each split, ascending. */
export type SplitPositions = Readonly<Record<SplitName, Uint32Array>>;

type ColumnSplit = Extract<Split, { column: string }>;
type FractionSplit = Exclude<Split, ColumnSplit>;

const unused = splitNames.length;
/** Where two splits have the same claim to a row: test rows matter most, as without them there are no final figures. */
const tieOrder = [2, 1, 0, unused];

/** Columns and values that a split names and the table does not have; `path` is that of the split object. */
export function checkSplit(split: Split, table: Table, path: Path): Finding[] {
  return 'column' in split ? checkColumnSplit(split, table, path) : checkFractionSplit(split, table, path);
}

function checkFractionSplit(split: FractionSplit, table: Table, path: Path): Finding[] {
  const findings: Finding[] = [];
  const names = table.columns.map(({ name }) => name);
  for (const key of ['stratify', 'group'] as const) {
    const name = split[key];
    if (name !== undefined && !names.includes(name)) findings.push(columnNotFound(name, [...path, key], names));
  }
  return findings;
}

function checkColumnSplit(split: ColumnSplit, table: Table, path: Path): Finding[] {
  const column = table.columns.find(({ name }) => name === split.column);
  if (!column) {
    const names = table.columns.map(({ name }) => name);
    return [columnNotFound(split.column, [...path, 'column'], names)];
  }
  const { levels } = levelsOf(column);
  const findings: Finding[] = [];
  for (const name of splitNames) {
    (split[name] ?? []).forEach((value, index) => {
      const known = positionOfLevel(levels, value) >= 0;
      if (!known) findings.push(valueNotFound(value, split.column, [...path, name, index], levels));
    });
  }
  return findings;
}

/**
 * Which of `rows` fall into which split. `within` (one task per value of a column) makes fractions hold within each of
 * its values, unless rows are stratified or grouped by another column. The split must have passed `checkSplit`.
 * Of splits that differ between replicates it is the one of seed 1: what a file is checked with. Of the training rows
 * those of `trainFraction`.
 */
export function splitRows(split: Split, table: Table, rows: Uint32Array, within?: Column): SplitPositions {
  const positions = drawSplits(split, table, rows, within);
  const { trainFraction, trainSeed } = split;
  if (trainFraction === undefined) return positions;
  const codesOf = (column: Column | undefined) => column && strataOf(column, positions.train);
  const named = (name: string | undefined) => table.columns.find((candidate) => candidate.name === name);
  const { stratify, group } = 'column' in split ? {} : split;
  const used = fewerRows(trainFraction, positions.train, {
    strata: codesOf(named(stratify) ?? within),
    groups: codesOf(named(group)),
    random: createRandom(typeof trainSeed === 'number' ? trainSeed : 1, 'training rows'),
  });
  return { ...positions, train: used };
}

function drawSplits(split: Split, table: Table, rows: Uint32Array, within?: Column): SplitPositions {
  const column = (name: string) => table.columns.find((candidate) => candidate.name === name)!;
  if ('column' in split) return collect(rows, byColumn(split, column(split.column), rows));
  const random = createRandom(split.seed === 'replicate' ? 1 : split.seed, 'split');
  const fractions = withUnused(split);
  const strata = split.stratify === undefined ? undefined : strataOf(column(split.stratify), rows);
  if (split.group !== undefined) {
    const groups = strataOf(column(split.group), rows);
    return collect(rows, byGroup(fractions, groups, strata ?? new Int32Array(rows.length), random));
  }
  if (strata) return collect(rows, byStrata(fractions, strata, random));
  if (within) return collect(rows, withinParts(fractions, strataOf(within, rows), random));
  return collect(rows, withinParts(fractions, new Int32Array(rows.length), random));
}

/** The finding for a split that training cannot do without and that has no rows. */
export function checkSizes(positions: SplitPositions, needed: readonly SplitName[], path: Path): Finding[] {
  const sizes = splitNames.map((name) => `${name} ${positions[name].length}`).join(', ');
  return needed
    .filter((name) => positions[name].length === 0)
    .map((name) => {
      const why = name === 'validation' ? ' Early stopping watches the validation split.' : '';
      const rows = splitNames.reduce((sum, other) => sum + positions[other].length, 0);
      const message = `The ${name} split is empty (${counted(rows, 'row')}: ${sizes}).${why} Give it some rows.`;
      return error('empty-split', path, message);
    });
}

function collect(rows: Uint32Array, assigned: Uint8Array): SplitPositions {
  const of = (split: number) => rows.filter((_, position) => assigned[position] === split);
  return { train: of(0), validation: of(1), test: of(2) };
}

function withUnused({ train, validation, test }: FractionSplit): number[] {
  return [train, validation, test, Math.max(0, 1 - train - validation - test)];
}

function byColumn(split: ColumnSplit, column: Column, rows: Uint32Array): Uint8Array {
  const { levels, codes } = levelsOf(column);
  const rest = split.train === undefined ? 0 : unused;
  const ofLevel = new Uint8Array(levels.length).fill(rest);
  splitNames.forEach((name, index) => {
    for (const value of split[name] ?? []) ofLevel[positionOfLevel(levels, value)] = index;
  });
  return Uint8Array.from(rows, (row) => (codes[row] < 0 ? rest : ofLevel[codes[row]]));
}

/** Missing values make a stratum, or a group, of their own. */
function strataOf(column: Column, rows: Uint32Array): Int32Array {
  const { codes } = levelsOf(column);
  return Int32Array.from(rows, (row) => codes[row] + 1);
}

/** How many of `count` things each fraction gets: whole numbers by the largest remainder. */
export function apportion(fractions: readonly number[], count: number): number[] {
  const exact = fractions.map((fraction) => fraction * count);
  // A quota such as 0.1 * 30 is a hair above or below the whole number that is meant.
  const sizes = exact.map((quota) => Math.floor(quota + 1e-9));
  const order = tieOrder
    .filter((split) => fractions[split] > 0)
    .sort((a, b) => {
      const apart = exact[b] - sizes[b] - (exact[a] - sizes[a]);
      return Math.abs(apart) < 1e-9 ? 0 : apart;
    });
  let left = count - sizes.reduce((sum, size) => sum + size, 0);
  for (let turn = 0; left > 0; turn++, left--) sizes[order[turn % order.length]]++;
  return sizes;
}

/** Exact fractions within each part. */
function withinParts(fractions: readonly number[], parts: Int32Array, random: Random): Uint8Array {
  const assigned = new Uint8Array(parts.length);
  for (const members of membersOf(parts)) {
    shuffle(members, random);
    let next = 0;
    apportion(fractions, members.length).forEach((size, split) => {
      for (let taken = 0; taken < size; taken++) assigned[members[next++]] = split;
    });
  }
  return assigned;
}

/**
 * Rows in order of their stratum, shuffled within it; each goes to the split that is furthest behind its share so far.
 * So every stratum and the whole keep the fractions to within a row or two.
 */
function byStrata(fractions: readonly number[], strata: Int32Array, random: Random): Uint8Array {
  const assigned = new Uint8Array(strata.length);
  const sizes = fractions.map(() => 0);
  let seen = 0;
  for (const members of membersOf(strata)) {
    for (const member of shuffle(members, random)) {
      seen++;
      const split = largestOf(
        fractions.map((fraction, index) => (fraction > 0 ? fraction * seen - sizes[index] : -Infinity)),
      );
      assigned[member] = split;
      sizes[split]++;
    }
  }
  return assigned;
}

/** Whole groups in random order; each goes to the split that lacks most of what it brings, stratum by stratum. */
function byGroup(fractions: readonly number[], groups: Int32Array, strata: Int32Array, random: Random): Uint8Array {
  const totals = countsOf(strata.keys(), strata);
  const filled = fractions.map(() => new Map<number, number>());
  const assigned = new Uint8Array(groups.length);
  for (const members of shuffle(membersOf(groups), random)) {
    const counts = countsOf(members, strata);
    const lacks = fractions.map((fraction, split) => {
      if (fraction === 0) return -Infinity;
      let sum = 0;
      for (const [stratum, count] of counts) {
        sum += count * (fraction - (filled[split].get(stratum) ?? 0) / totals.get(stratum)!);
      }
      return sum;
    });
    const split = largestOf(lacks);
    for (const [stratum, count] of counts) filled[split].set(stratum, (filled[split].get(stratum) ?? 0) + count);
    for (const member of members) assigned[member] = split;
  }
  return assigned;
}

/** How many of the members fall into each stratum. */
function countsOf(members: Iterable<number>, strata: Int32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const member of members) counts.set(strata[member], (counts.get(strata[member]) ?? 0) + 1);
  return counts;
}

/** The index of the largest number; ties go by `tieOrder`. */
function largestOf(numbers: readonly number[]): number {
  let best = tieOrder[0];
  for (const index of tieOrder) if (numbers[index] > numbers[best] + 1e-9) best = index;
  return best;
}
