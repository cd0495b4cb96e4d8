import { createRandom } from '../../src/common/random';
import { groupTasks } from '../../src/relatedness/grouping';
import type { Work } from './worker';

const matrices = 8;

/** Tasks are grouped into four by affinities in blocks and by affinities of chance, which are harder. */
export function grouping(): Work {
  const sizes = [16, 20, 50];
  const kinds = sizes.flatMap((tasks) =>
    [0, 4].map((blocks) => ({
      name: `${tasks} tasks, ${blocks === 0 ? 'chance' : 'blocks'}`,
      inputs: Array.from({ length: matrices }, (_, seed) => affinities(tasks, blocks, seed)),
    })),
  );
  let round = 0;
  return (count) => {
    const rows = Object.fromEntries(kinds.map(({ name }) => [name, [] as number[]]));
    for (let done = 0; done < count; done++, round++) {
      for (const { name, inputs } of kinds) {
        const start = performance.now();
        const { score } = groupTasks(inputs[round % matrices], true, { groups: 4 });
        rows[name].push(performance.now() - start);
        if (score === null) throw new Error(`There is no grouping of ${name}.`);
      }
    }
    return Promise.resolve({ rows });
  };
}

function affinities(tasks: number, blocks: number, seed: number): number[][] {
  const random = createRandom(seed, `affinities ${tasks} ${blocks}`);
  return Array.from({ length: tasks }, (_, from) =>
    Array.from({ length: tasks }, (__, to) => random.normal() + (blocks > 0 && from % blocks === to % blocks ? 2 : 0)),
  );
}
