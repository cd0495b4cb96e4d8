import { describe, expect, test } from 'vitest';
import { createRandom } from '../../../src/common/random';
import { selectNetworks, type MeasuredNetwork } from '../../../src/relatedness/grouping/budget';

/** All networks of so many tasks: one of one task costs a half. */
function allNetworks(count: number, seed: number): MeasuredNetwork[] {
  const random = createRandom(seed, 'networks');
  return Array.from({ length: 2 ** count - 1 }, (_, at) => {
    const tasks = Array.from({ length: count }, (__, task) => task).filter((task) => ((at + 1) >> task) & 1);
    return { tasks, cost: tasks.length === 1 ? 0.5 : 1, losses: tasks.map(() => random.uniform()) };
  });
}

function bruteForce(networks: readonly MeasuredNetwork[], count: number, budget: number): number {
  let best = Infinity;
  for (let choice = 0; choice < 2 ** networks.length; choice++) {
    const chosen = networks.filter((_, at) => (choice >> at) & 1);
    if (chosen.reduce((sum, { cost }) => sum + cost, 0) > budget) continue;
    const losses = Array.from({ length: count }, (_, task) =>
      Math.min(...chosen.map(({ tasks, losses: own }) => own[tasks.indexOf(task)] ?? Infinity)),
    );
    best = Math.min(
      best,
      losses.reduce((sum, loss) => sum + loss, 0),
    );
  }
  return best;
}

describe('networks under a budget', () => {
  test.each([1, 2, 3, 4, 5, 6])('are as good as trying all, seed %d', (seed) => {
    const networks = allNetworks(4, seed);
    for (const budget of [1, 1.5, 2, 3]) {
      const found = selectNetworks(networks, 4, budget)!;
      expect(found.loss).toBeCloseTo(bruteForce(networks, 4, budget), 12);
      expect(found.networks.reduce((sum, position) => sum + networks[position].cost, 0)).toBe(found.cost);
      const served = found.servedBy.map((position, task) => {
        const { tasks, losses } = networks[position];
        return losses[tasks.indexOf(task)];
      });
      expect(served.reduce((sum, loss) => sum + loss, 0)).toBeCloseTo(found.loss, 12);
    }
  });

  test('a larger budget is never worse, with eight tasks', () => {
    const networks = allNetworks(8, 1);
    let before = Infinity;
    for (const budget of [1, 1.5, 2, 2.5, 3, 4]) {
      const { loss, cost } = selectNetworks(networks, 8, budget)!;
      expect(loss).toBeLessThanOrEqual(before + 1e-12);
      expect(cost).toBeLessThanOrEqual(budget);
      before = loss;
    }
  });

  test('of equal ones the cheapest is chosen, and where none will do there is none', () => {
    const networks = [
      { tasks: [0, 1], cost: 1, losses: [1, 1] },
      { tasks: [0, 1], cost: 0.7, losses: [1, 1] },
      { tasks: [0], cost: 0.1, losses: [1] },
    ];
    expect(selectNetworks(networks, 2, 3)).toEqual({ networks: [1], servedBy: [1, 1], loss: 2, cost: 0.7 });
    expect(selectNetworks(networks, 2, 0.5)).toBeUndefined();
    expect(selectNetworks(networks, 3, 3)).toBeUndefined();
    expect(selectNetworks([], 1, 3)).toBeUndefined();
    expect(() => selectNetworks(networks, 17, 3)).toThrow(RangeError);
  });
});
