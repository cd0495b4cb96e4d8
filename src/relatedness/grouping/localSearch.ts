import { createRandom, type Random } from '../../common/random';
import { symmetricPairs, type Affinities } from './affinities';
import { cutInto, linkage } from './linkage';

const restarts = 20;

/**
 * A division of the tasks into at most `groups` that no move of a task to another group and no exchange of two tasks
 * betters: the best that is found from the clusters of average linkage and from random divisions. Not always the best
 * there is.
 * @param value The worth of a set of tasks, ascending and not empty.
 */
export function divideBySearch(
  affinities: Affinities,
  groups: number,
  seed: number,
  value: (tasks: readonly number[]) => number,
): number[][] {
  const { count } = affinities;
  const random = createRandom(seed, 'grouping');
  const starts = [cutInto(linkage(symmetricPairs(affinities), count), groups)];
  for (let start = 0; start < restarts; start++) starts.push(randomDivision(count, groups, random));
  let best: Division | undefined;
  for (const start of starts) {
    const division = new Division(start, count, value);
    while (division.improve());
    if (best === undefined || division.total > best.total) best = division;
  }
  return best!.groups.filter((group) => group.length > 0);
}

function randomDivision(count: number, groups: number, random: Random): number[][] {
  const result = Array.from({ length: groups }, (): number[] => []);
  for (let task = 0; task < count; task++) result[random.integer(groups)].push(task);
  return result;
}

/** Empty groups are worth nothing and cost nothing: they stand for groups not used. */
class Division {
  readonly groups: number[][];
  private readonly values: number[];
  private readonly groupOf: Int32Array;

  constructor(
    start: readonly (readonly number[])[],
    private readonly count: number,
    private readonly value: (tasks: readonly number[]) => number,
  ) {
    this.groups = start.map((group) => [...group]);
    this.groupOf = new Int32Array(count);
    this.groups.forEach((group, position) => group.forEach((task) => (this.groupOf[task] = position)));
    this.values = this.groups.map((group) => this.worth(group));
  }

  get total(): number {
    return this.values.reduce((sum, value) => sum + value, 0);
  }

  /** Makes every move and exchange that is worth it, once around; false where there was none. */
  improve(): boolean {
    let improved = false;
    for (let task = 0; task < this.count; task++) {
      for (let to = 0; to < this.groups.length; to++) improved = this.tryChange([task], to) || improved;
      for (let other = 0; other < task; other++) improved = this.tryChange([task, other], undefined) || improved;
    }
    return improved;
  }

  /** Moves one task to a group, or exchanges two. */
  private tryChange(tasks: readonly number[], to: number | undefined): boolean {
    const [first, second] = tasks;
    const from = this.groupOf[first];
    const target = to ?? this.groupOf[second];
    if (from === target) return false;
    const left = ascending([...this.groups[from].filter((task) => task !== first), ...tasks.slice(1)]);
    const right = ascending([...this.groups[target].filter((task) => task !== second), first]);
    const [leftValue, rightValue] = [this.worth(left), this.worth(right)];
    const before = this.values[from] + this.values[target];
    const gained = leftValue + rightValue - before;
    // From a division that is not allowed at all, any that is allowed is better.
    const better = before === -Infinity ? leftValue + rightValue > -Infinity : gained > 1e-12 * (1 + Math.abs(before));
    if (!better) return false;
    [this.groups[from], this.groups[target]] = [left, right];
    [this.values[from], this.values[target]] = [leftValue, rightValue];
    this.groupOf[first] = target;
    if (to === undefined) this.groupOf[second] = from;
    return true;
  }

  private worth(group: readonly number[]): number {
    return group.length === 0 ? 0 : this.value(group);
  }
}

function ascending(tasks: number[]): number[] {
  return tasks.sort((one, other) => one - other);
}
