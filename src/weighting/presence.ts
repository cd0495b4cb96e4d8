import { submatrix, type Matrix } from '../common/linear/matrix';

/** Positions of the tasks that have a label in this batch. */
export function presentTasks(present: readonly boolean[]): readonly number[] {
  return [...present.keys()].filter((task) => present[task]);
}

/** One value per task: those of the chosen ones in their places, and `others` for the rest. */
export function scatter(count: number, chosen: readonly number[], values: ArrayLike<number>, others = 0): number[] {
  const result = Array.from({ length: count }, () => others);
  chosen.forEach((task, at) => (result[task] = values[at]));
  return result;
}

/**
 * Weights by `solve` for the tasks with a batch whose gradient is not zero (or is, where `zeros` lets them take part); 0
 * for all others.
 */
export function amongPresent(
  { present, gramian }: { readonly present: readonly boolean[]; readonly gramian: Matrix },
  solve: (gramian: Matrix, count: number, chosen: readonly number[]) => ArrayLike<number>,
  zeros: 'with zeros' | 'without zeros' = 'without zeros',
): number[] {
  const count = present.length;
  const takesPart = (task: number) => zeros === 'with zeros' || gramian[task * count + task] > 0;
  const chosen = presentTasks(present).filter(takesPart);
  if (chosen.length === 0) return present.map(() => 0);
  const inner = chosen.length === count ? gramian : submatrix(gramian, count, chosen);
  return scatter(count, chosen, solve(inner, chosen.length, chosen));
}

/** A loss that can be divided by and whose logarithm is finite. */
export function positive(loss: number): number {
  return Math.max(loss, 1e-20);
}
