import { createRandom } from '../../../src/common/random';

export type Matrix = readonly (readonly number[])[];

/** A matrix of affinities of tasks that lie in blocks, with noise; of noise alone where there is no block. */
export function randomAffinities(count: number, seed: number, blocks = 0, noise = 1): number[][] {
  const random = createRandom(seed, 'affinities');
  return Array.from({ length: count }, (_, from) =>
    Array.from({ length: count }, (__, to) => {
      const together = blocks > 0 && from % blocks === to % blocks ? 3 : 0;
      return from === to ? 9 : together + noise * random.normal();
    }),
  );
}

export function permuted(matrix: Matrix, order: readonly number[]): number[][] {
  return order.map((row) => order.map((column) => matrix[row][column]));
}

/** By every choice of so many sets of tasks: the highest mean over tasks of the best mean affinity. */
export function bruteForceScore(matrix: Matrix, groups: number, disjoint: boolean, alone: number): number {
  const count = matrix.length;
  const sets = Array.from({ length: 2 ** count - 1 }, (_, at) => at + 1);
  const members = (set: number) => Array.from({ length: count }, (_, task) => task).filter((task) => (set >> task) & 1);
  const worth = new Map(
    sets.map((set) => [
      set,
      new Map(
        members(set).map((to) => {
          const others = members(set).filter((from) => from !== to);
          const sum = others.reduce((total, from) => total + matrix[from][to], 0);
          return [to, others.length === 0 ? alone : sum / others.length] as const;
        }),
      ),
    ]),
  );
  let best = -Infinity;
  const choose = (chosen: readonly number[], from: number): void => {
    const covered = chosen.reduce((all, set) => all | set, 0);
    if (covered === 2 ** count - 1) {
      const total = members(covered).reduce(
        (sum, task) => sum + Math.max(...chosen.map((set) => worth.get(set)!.get(task) ?? -Infinity)),
        0,
      );
      best = Math.max(best, total / count);
    }
    if (chosen.length === groups) return;
    for (let at = from; at < sets.length; at++) {
      if (!disjoint || (sets[at] & covered) === 0) choose([...chosen, sets[at]], at + 1);
    }
  };
  choose([], 0);
  return best;
}
