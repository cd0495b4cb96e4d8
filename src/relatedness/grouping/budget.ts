/** A network that could be trained, or was: which tasks it has, what it costs, and what loss each reaches in it. */
export interface MeasuredNetwork {
  /** Positions of its tasks. */
  readonly tasks: readonly number[];
  readonly cost: number;
  /** In the order of `tasks`; lower is better. */
  readonly losses: readonly number[];
}

export interface BudgetSelection {
  /** Positions of the chosen networks, ascending. */
  readonly networks: readonly number[];
  /** Per task, which of them serves it best. */
  readonly servedBy: readonly number[];
  /** The sum over tasks of their lowest losses. */
  readonly loss: number;
  readonly cost: number;
}

/** For more tasks there are too many sets of them. */
export const mostBudgetTasks = 16;

/**
 * The networks that together cost no more than the budget and serve every task with the least sum of losses, each task
 * by the one in which its loss is lowest; of equal ones the cheapest (Standley et al., Which Tasks Should Be Learned
 * Together in Multi-task Learning?, 2020). Exact: for every set of tasks, from small to large, all ways to serve it that
 * are not both dearer and worse than another are kept. Takes 3^T steps, however many networks there are to choose from.
 * @param count T, at most 16.
 * @returns undefined where no choice within the budget serves every task
 */
export function selectNetworks(
  networks: readonly MeasuredNetwork[],
  count: number,
  budget: number,
): BudgetSelection | undefined {
  if (count > mostBudgetTasks) throw new RangeError(`${count} tasks are too many to choose networks for exactly.`);
  const single = waysByOne(networks, count, budget);
  const ways: Way[][] = [[{ cost: 0, loss: 0 }]];
  for (let set = 1; set < 2 ** count; set++) {
    const lowest = set & -set;
    const own: Way[] = [];
    // Every part of the set that has its lowest task is served by one network, and the rest as is best for it.
    for (let part = set; part > 0; part = (part - 1) & set) {
      if ((part & lowest) === 0) continue;
      for (const first of single[part]) {
        for (const rest of ways[set & ~part]) {
          keep(own, { ...first, cost: first.cost + rest.cost, loss: first.loss + rest.loss, rest }, budget);
        }
      }
    }
    ways.push(own);
  }
  const best = ways[ways.length - 1].at(-1);
  return best && selectionOf(networks, count, best);
}

/** A way to serve a set of tasks. */
interface Way {
  readonly cost: number;
  /** The sum over the tasks. */
  readonly loss: number;
  /** The position of the network that serves some of them. */
  readonly network?: number;
  /** How the others are served. */
  readonly rest?: Way;
}

const rounding = 1e-9;

/** Keeps ways that rise in cost and fall in loss; a way that another makes needless is not kept. */
function keep(ways: Way[], way: Way, budget: number): void {
  if (way.cost > budget + rounding) return;
  const before = ways.filter(({ cost }) => cost <= way.cost + rounding);
  if (before.some(({ loss }) => loss <= way.loss + rounding * Math.abs(way.loss))) return;
  const kept = ways.filter(({ cost, loss }) => cost < way.cost - rounding || loss < way.loss);
  const place = kept.findIndex(({ cost }) => cost > way.cost);
  kept.splice(place === -1 ? kept.length : place, 0, way);
  ways.splice(0, ways.length, ...kept);
}

/** By one network each, for every set of tasks. */
function waysByOne(networks: readonly MeasuredNetwork[], count: number, budget: number): Way[][] {
  const single = Array.from({ length: 2 ** count }, (): Way[] => []);
  networks.forEach(({ tasks, cost, losses }, network) => {
    const all = tasks.reduce((set, task) => set | (1 << task), 0);
    for (let set = all; set > 0; set = (set - 1) & all) {
      const loss = tasks.reduce((sum, task, at) => sum + ((set >> task) & 1 ? losses[at] : 0), 0);
      keep(single[set], { cost, loss, network }, budget);
    }
  });
  return single;
}

function selectionOf(networks: readonly MeasuredNetwork[], count: number, way: Way): BudgetSelection {
  const chosen = new Set<number>();
  for (let part: Way | undefined = way; part; part = part.rest)
    if (part.network !== undefined) chosen.add(part.network);
  const positions = [...chosen].sort((one, other) => one - other);
  const lossIn = (position: number, task: number) => networks[position].losses[networks[position].tasks.indexOf(task)];
  const servedBy = Array.from({ length: count }, (_, task) => {
    const offers = positions.filter((position) => networks[position].tasks.includes(task));
    return offers.reduce((best, position) => (lossIn(position, task) < lossIn(best, task) ? position : best));
  });
  return { networks: positions, servedBy, loss: way.loss, cost: way.cost };
}
