import type { Affinities } from './affinities';

/** What the worth of groups is made of. */
export interface Worth extends Affinities {
  /** The affinity of a task that is trained alone; -Infinity where it is not to be. */
  readonly single: readonly number[];
  /** Whether a network may hold tasks that another network serves, for the help that they are. */
  readonly helpers: boolean;
}

/** A group of tasks that one network serves. */
export interface Served {
  /** Positions, ascending. */
  readonly serves: readonly number[];
  /** Tasks that are trained beside them. */
  readonly helpers: readonly number[];
  /** The sum over the served tasks of the mean affinity from the others in the network. */
  readonly value: number;
}

/**
 * The best network for tasks to be served. The affinity of task t in a network G is the mean of those from the others
 * in G, so with s served tasks and m helpers their sum is `(W + C_m) / (s - 1 + m)`, where W is the sum over the pairs of
 * served tasks and C_m that of what the helpers do for them. For each m the best helpers are those that do most; and
 * one more is worth it as long as it does more than that quotient.
 */
export function bestNetwork({ count, pairs, single, helpers }: Worth, serves: readonly number[]): Served {
  const member = new Uint8Array(count);
  for (const task of serves) member[task] = 1;
  let within = 0;
  const help: { readonly task: number; readonly value: number }[] = [];
  for (let from = 0; from < count; from++) {
    let value = 0;
    for (const to of serves) value += pairs[from * count + to];
    if (member[from] === 1) within += value;
    else if (helpers) help.push({ task: from, value });
  }
  help.sort((one, other) => other.value - one.value);
  let [sum, size] = [within, serves.length - 1];
  let value = size === 0 ? single[serves[0]] : sum / size;
  const chosen: number[] = [];
  for (const { task, value: own } of help) {
    const next = (sum + own) / (size + 1);
    if (next <= value) break;
    [sum, size, value] = [sum + own, size + 1, next];
    chosen.push(task);
  }
  return { serves, helpers: chosen.sort((one, other) => one - other), value };
}

/** The same values for every set of tasks, by the bits of its number; -Infinity for the empty set. */
export function valuesOfAllSets(worth: Worth): Float64Array {
  const { count, pairs, single, helpers } = worth;
  const values = new Float64Array(2 ** count).fill(-Infinity);
  // By the size of the set that is being grown, task by task: what each task does for its tasks.
  const help = Array.from({ length: count + 1 }, () => new Float64Array(count));
  const grow = (set: number, size: number, from: number): void => {
    const [before, after] = [help[size], help[size + 1]];
    for (let added = from; added < count; added++) {
      for (let task = 0; task < count; task++) after[task] = before[task] + pairs[task * count + added];
      const grown = set | (1 << added);
      values[grown] = valueOf(grown, size + 1, after, size === 0 ? single[added] : undefined, helpers);
      grow(grown, size + 1, added + 1);
    }
  };
  grow(0, 0, 0);
  return values;
}

/**
 * As `bestNetwork` has it.
 * @param help What each task does for those of the set.
 * @param alone The value without helpers, where it is not the mean of what the tasks do for each other.
 */
function valueOf(set: number, size: number, help: Float64Array, alone: number | undefined, helpers: boolean): number {
  let sum = 0;
  for (let task = 0; task < help.length; task++) if ((set >> task) & 1) sum += help[task];
  let value = alone ?? sum / (size - 1);
  if (!helpers) return value;
  for (let trained = set; ; size++) {
    let best = -1;
    for (let task = 0; task < help.length; task++) {
      if (((trained >> task) & 1) === 0 && (best === -1 || help[task] > help[best])) best = task;
    }
    if (best === -1 || (sum + help[best]) / size <= value) return value;
    sum += help[best];
    value = sum / size;
    trained |= 1 << best;
  }
}
