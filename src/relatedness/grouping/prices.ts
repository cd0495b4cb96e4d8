/** A price for each task, and what sets of tasks are worth beyond the prices of their tasks. */
export class Prices {
  readonly count: number;
  readonly total: number;
  /** Sums of the prices of all sets of the first tasks, and of the others. */
  private readonly low: Float64Array;
  private readonly high: Float64Array;
  private readonly half: number;

  constructor(private readonly each: Float64Array) {
    this.count = each.length;
    this.half = each.length >> 1;
    this.low = sumsOfSets(each.subarray(0, this.half));
    this.high = sumsOfSets(each.subarray(this.half));
    this.total = each.reduce((sum, price) => sum + price, 0);
  }

  /** Every task has an equal part in the worth of its set. */
  static sharing(sets: readonly number[], values: Float64Array, count: number): Prices {
    const each = new Float64Array(count);
    for (const set of sets) {
      const size = each.reduce((members, _, task) => members + ((set >> task) & 1), 0);
      for (let task = 0; task < count; task++) if ((set >> task) & 1) each[task] = values[set] / size;
    }
    return new Prices(each);
  }

  of(set: number): number {
    return this.low[set & ((1 << this.half) - 1)] + this.high[set >> this.half];
  }

  netValues(values: Float64Array, sets: Int32Array): Float64Array {
    const result = new Float64Array(sets.length);
    for (let at = 0; at < sets.length; at++) result[at] = values[sets[at]] - this.of(sets[at]);
    return result;
  }

  /** Per task, in how many of the sets it is, less the one in which it should be. */
  excess(sets: readonly number[]): number[] {
    return Array.from(this.each, (_, task) => sets.reduce((times, set) => times + ((set >> task) & 1), 0) - 1);
  }

  /** Tasks that were taken too often become dearer, those that were not taken cheaper. */
  moved(excess: readonly number[], gap: number): Prices {
    const squares = excess.reduce((sum, times) => sum + times * times, 0);
    return new Prices(this.each.map((price, task) => price + (gap / squares) * excess[task]));
  }
}

function sumsOfSets(each: Float64Array): Float64Array {
  const sums = new Float64Array(2 ** each.length);
  each.forEach((price, task) => {
    for (let set = 0; set < 1 << task; set++) sums[set | (1 << task)] = sums[set] + price;
  });
  return sums;
}
