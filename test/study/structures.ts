import { createRandom, type Random } from '../../src/common/random';

/** T x T: the cosines of the weight vectors of generated tasks. */
export type Correlation = number[][];

export const structureNames = ['clusters', 'chain', 'opposed'] as const;
export type StructureName = (typeof structureNames)[number];

/** Clusters of the structure of that name. */
export const clusterCount = 3;

export function clusterOf(task: number): number {
  return task % clusterCount;
}

/**
 * The correlation of tasks under a structure, drawn with a seed, so that each replicate has another truth and hardly any
 * two pairs are equally related.
 */
export function drawCorrelation(structure: StructureName, tasks: number, seed: number): Correlation {
  const random = createRandom(seed, `relatedness study ${structure}`);
  const draw = correlations[structure](tasks, random);
  return Array.from({ length: tasks }, (_, one) =>
    Array.from({ length: tasks }, (__, other) => (one === other ? 1 : draw(one, other))),
  );
}

/**
 * For a number of tasks: the correlation of two different ones.
 * - clusters: loadings on one of three directions, which have cosines of their own
 * - chain: tasks on a line, `exp(-distance)`
 * - opposed: loadings on one direction, negative for half of the tasks
 */
const correlations: Readonly<
  Record<StructureName, (tasks: number, random: Random) => (one: number, other: number) => number>
> = {
  clusters(tasks, random) {
    const loadings = Array.from({ length: tasks }, () => between(random, 0.6, 0.95));
    const cosines = Array.from({ length: clusterCount }, () => between(random, 0, 0.6));
    return (one, other) => {
      const [first, second] = [clusterOf(one), clusterOf(other)];
      // Three directions have three cosines: that of the two others of a direction.
      const cosine = first === second ? 1 : cosines[clusterCount - first - second];
      return loadings[one] * loadings[other] * cosine;
    };
  },
  chain(tasks, random) {
    const gaps = Array.from({ length: tasks }, () => between(random, 0.1, 0.5));
    const places = gaps.map((_, task) => gaps.slice(0, task).reduce((sum, gap) => sum + gap, 0));
    return (one, other) => Math.exp(-Math.abs(places[one] - places[other]));
  },
  opposed(tasks, random) {
    const loadings = Array.from(
      { length: tasks },
      (_, task) => between(random, 0.3, 0.95) * (task < tasks / 2 ? 1 : -1),
    );
    return (one, other) => loadings[one] * loadings[other];
  },
};

function between(random: Random, lowest: number, highest: number): number {
  return lowest + (highest - lowest) * random.uniform();
}
