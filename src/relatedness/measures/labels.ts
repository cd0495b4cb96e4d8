import type { TaskKind } from '../measure';
import { leastRows, ordered, pearson, spearman, type Ordered } from '../statistics/correlation';
import { sameLength } from './matrix';

/** Kinds of tasks whose labels are classes. */
export const classKinds: readonly TaskKind[] = ['binary', 'multiclass'];

/** @throws RangeError where tasks have not the same rows, or a class is no position */
export function checkLabels(tasks: readonly TaskValues[]): void {
  sameLength(
    tasks.map(({ values }) => values),
    'labels',
  );
  tasks.forEach(({ kind, values }, task) => {
    if (kind === 'regression') return;
    for (let row = 0; row < values.length; row++) {
      const value = values[row];
      if (Number.isNaN(value) || (Number.isInteger(value) && value >= 0 && (kind === 'multiclass' || value <= 1)))
        continue;
      throw new RangeError(
        `Label ${row} of task ${task} is ${value}. Give ${kind === 'binary' ? '0 or 1' : 'the position of a class, from 0'}, or NaN where there is none.`,
      );
    }
  });
}

/** What a task is to predict, or what is left of it, of rows in an order that all tasks share. */
export interface TaskValues {
  readonly kind: TaskKind;
  /** n numbers: of a binary task 0 and 1, of one with more classes their positions from 0; NaN where there is no label. */
  readonly values: ArrayLike<number>;
}

/** A task's values as associations look at them. */
interface Prepared extends TaskValues {
  /** Where ranks are asked for. */
  readonly ordered?: Ordered;
}

export function prepared(task: TaskValues, by: 'values' | 'ranks'): Prepared {
  return by === 'ranks' ? { ...task, ordered: ordered(task.values) } : task;
}

/**
 * How far two tasks' values go together, over the rows at which both have one. Null where fewer than three have, or
 * where one task has the same value in all of them.
 */
export function association(one: Prepared, other: Prepared): number | null {
  if (one.kind !== 'multiclass' && other.kind !== 'multiclass') {
    return one.ordered && other.ordered ? spearman(one.ordered, other.ordered) : pearson(one.values, other.values);
  }
  if (one.kind === other.kind) return cramersV(one.values, other.values);
  const [classes, numbers] = one.kind === 'multiclass' ? [one, other] : [other, one];
  return correlationRatio(classes.values, numbers.values);
}

/** `sqrt(SS between classes / SS total)`. */
function correlationRatio(classes: ArrayLike<number>, numbers: ArrayLike<number>): number | null {
  const size = classCount(classes);
  const counts = new Float64Array(size);
  const means = new Float64Array(size);
  let [count, mean, squares] = [0, 0, 0];
  for (let row = 0; row < classes.length; row++) {
    const [own, value] = [classes[row], numbers[row]];
    if (Number.isNaN(own) || !Number.isFinite(value)) continue;
    count++;
    const before = value - mean;
    mean += before / count;
    squares += before * (value - mean);
    counts[own]++;
    means[own] += (value - means[own]) / counts[own];
  }
  if (count < leastRows || occurring(counts) < 2 || squares <= count * (1e-12 * mean) ** 2) return null;
  const between = counts.reduce((sum, times, own) => sum + times * (means[own] - mean) ** 2, 0);
  return Math.min(1, Math.sqrt(between / squares));
}

/** `sqrt(χ² / (n min(rows - 1, columns - 1)))`. */
function cramersV(one: ArrayLike<number>, other: ArrayLike<number>): number | null {
  const { count, pairs, first, second } = countClasses(one, other);
  const least = Math.min(occurring(first), occurring(second)) - 1;
  if (count < leastRows || least < 1) return null;
  // χ² / n = Σ n_ab² / (n_a n_b) - 1; pairs that never occur add nothing.
  let sum = 0;
  pairs.forEach((times, pair) => {
    if (times === 0) return;
    sum += times ** 2 / (first[Math.floor(pair / second.length)] * second[pair % second.length]);
  });
  return Math.sqrt(Math.min(1, Math.max(0, sum - 1) / least));
}

/**
 * How often each class of either list occurs where both are known, and each pair of classes.
 * `pairs[a * second.length + b]` is of class a of the first list with class b of the second.
 */
export function countClasses(one: ArrayLike<number>, other: ArrayLike<number>) {
  const first = new Float64Array(classCount(one));
  const second = new Float64Array(classCount(other));
  const pairs = new Float64Array(first.length * second.length);
  let count = 0;
  for (let row = 0; row < one.length; row++) {
    const [a, b] = [one[row], other[row]];
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    count++;
    first[a]++;
    second[b]++;
    pairs[a * second.length + b]++;
  }
  return { count, first, second, pairs };
}

/** One more than the highest position of a class. */
export function classCount(values: ArrayLike<number>): number {
  let highest = -1;
  for (let row = 0; row < values.length; row++) if (values[row] > highest) highest = values[row];
  return highest + 1;
}

/** How many classes have a row. */
export function occurring(counts: Float64Array): number {
  return counts.reduce((sum, times) => sum + (times > 0 ? 1 : 0), 0);
}
