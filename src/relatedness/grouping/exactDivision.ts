import { Prices } from './prices';

/** A division of tasks into sets, each by the bits of its number. */
export interface Division {
  readonly sets: readonly number[];
  readonly value: number;
}

const rounds = 200;

/** With so few sets left the search is faster than better prices. */
const fewSets = 300;

/**
 * The best division of all tasks into at most `groups` sets, exact up to rounding, by branch and bound. Prices on the
 * tasks bound it from above: the sum of the prices and of the largest `groups` of `value - prices` over the sets is
 * never below the best (the Lagrangian relaxation of every task being in one set: Fisher, The Lagrangian Relaxation
 * Method for Solving Integer Programming Problems, 1981). A set that stays below what is known already even beside the
 * best of the others is left out, and the search goes through those that remain.
 * @param values The worth of every set; the empty one is not looked at.
 * @param known Sets to start from; the better they are, the faster it is.
 */
export function divideExactly(values: Float64Array, groups: number, known: readonly number[]): Division {
  const count = Math.log2(values.length);
  const best: Division = { sets: known, value: known.reduce((total, set) => total + values[set], 0) };
  let sets = Int32Array.from({ length: values.length - 1 }, (_, at) => at + 1).filter((set) => values[set] > -Infinity);
  let prices = Prices.sharing(best.sets, values, count);
  let tightest = { bound: Infinity, prices };
  let share = 1;
  for (let round = 0, stale = 0; round < rounds && sets.length > fewSets && share > 1e-3; round++) {
    const net = prices.netValues(values, sets);
    const top = largest(net, groups).filter((at) => net[at] > 0);
    const chosen = top.map((at) => sets[at]);
    const bound = prices.total + top.reduce((total, at) => total + net[at], 0);
    const excess = prices.excess(chosen);
    // Sets that happen to divide the tasks reach the bound: nothing is better.
    if (excess.every((times) => times === 0)) return { sets: chosen, value: bound };
    const others = top.slice(0, groups - 1).reduce((total, at) => total + net[at], 0);
    const least = best.value + 1e-12 * Math.abs(best.value) - prices.total - others;
    sets = sets.filter((_, at) => net[at] > least);
    if (bound < tightest.bound) [tightest, stale] = [{ bound, prices }, 0];
    else if (++stale % 3 === 0) share /= 2;
    prices = prices.moved(excess, share * Math.max(0, bound - best.value));
  }
  return new Search(sets, values, tightest.prices, groups, best).run();
}

/** The places of the largest few, in descending order. */
function largest(values: Float64Array, few: number): number[] {
  const top: number[] = [];
  let least = -Infinity;
  for (let at = 0; at < values.length; at++) {
    if (values[at] <= least) continue;
    top.push(at);
    top.sort((one, other) => values[other] - values[one]);
    if (top.length > few) top.pop();
    if (top.length === few) least = values[top[few - 1]];
  }
  return top;
}

/** Depth first: the lowest task that is not yet in a set is put into each that could hold it. */
class Search {
  /** By the lowest task of the set, in descending order of value less prices. */
  private readonly buckets: readonly { readonly set: number; readonly net: number }[][];
  /** The largest sum that so many sets can have. */
  private readonly ceiling: readonly number[];
  private readonly chosen: number[] = [];
  private best: Division;
  /** What the sum of value less prices has to exceed. */
  private target: number;

  constructor(
    sets: Int32Array,
    private readonly values: Float64Array,
    private readonly prices: Prices,
    private readonly groups: number,
    best: Division,
  ) {
    this.best = best;
    this.target = this.targetOf(best);
    const net = prices.netValues(values, sets);
    const order = Array.from(sets, (set, at) => ({ set, net: net[at] })).sort((one, other) => other.net - one.net);
    const buckets: { readonly set: number; readonly net: number }[][] = Array.from({ length: prices.count }, () => []);
    for (const entry of order) buckets[lowestTask(entry.set)].push(entry);
    this.buckets = buckets;
    const ceiling = [0];
    for (let k = 0; k < groups; k++) ceiling.push(ceiling[k] + Math.max(0, order[k]?.net ?? 0));
    this.ceiling = ceiling;
  }

  run(): Division {
    this.visit(this.values.length - 1, this.groups, 0);
    return this.best;
  }

  private targetOf({ value }: Division): number {
    return value + 1e-12 * Math.abs(value) - this.prices.total;
  }

  /** @param left The tasks that are in no set. */
  private visit(left: number, groupsLeft: number, sum: number): void {
    if (left === 0) {
      this.take(sum);
      return;
    }
    if (groupsLeft === 1) {
      this.chosen.push(left);
      this.take(sum + this.values[left] - this.prices.of(left));
      this.chosen.pop();
      return;
    }
    for (const { set, net } of this.buckets[lowestTask(left)]) {
      if (sum + net + this.ceiling[groupsLeft - 1] <= this.target) return;
      if ((set & ~left) !== 0) continue;
      this.chosen.push(set);
      this.visit(left & ~set, groupsLeft - 1, sum + net);
      this.chosen.pop();
    }
  }

  private take(sum: number): void {
    if (sum <= this.target) return;
    this.best = {
      sets: [...this.chosen],
      value: this.chosen.reduce((total, set) => total + this.values[set], 0),
    };
    this.target = this.targetOf(this.best);
  }
}

function lowestTask(set: number): number {
  return 31 - Math.clz32(set & -set);
}
