import { gramianOf } from '../../src/common/linear/matrix';
import { createRandom } from '../../src/common/random';
import { weightings, type AnyWeighting } from '../../src/weighting';
import type { Work } from './worker';

const [taskCount, gradientLength, batches] = [10, 200, 64];

/** Every method that looks at the Gramian of the task gradients weighs ten tasks, step after step. */
export function weighing(): Work {
  const tasks = Array.from({ length: taskCount }, (_, task) => `task ${task}`);
  const gramians = Array.from({ length: batches }, (_, batch) => gramianOf(gradientsOf(batch)));
  const methods = (weightings as readonly AnyWeighting[]).filter(({ needs }) => needs === 'gramian');
  const weighers = methods.map((method) => [method.name, weigher(method, tasks)] as const);
  let step = 0;
  return (count) => {
    const rows = Object.fromEntries(methods.map(({ name }) => [name, [] as number[]]));
    for (let done = 0; done < count; done++, step++) {
      for (const [name, weigh] of weighers) {
        const start = performance.now();
        weigh(step, gramians[step % batches]);
        rows[name].push(performance.now() - start);
      }
    }
    return Promise.resolve({ rows });
  };
}

/** A method with its own memory, as it has in a run. */
function weigher(method: AnyWeighting, tasks: readonly string[]) {
  const options = method.options.parse({});
  let state = method.initialise(tasks, options);
  return (step: number, gramian: Float64Array) => {
    const random = createRandom(1, `weighting ${step}`);
    const losses = tasks.map((_, task) => 1 + 0.1 * task);
    const seen = { tasks, losses, present: tasks.map(() => true), history: [], options, step, epoch: 0, random };
    const weighed = method.weigh({ ...seen, gramian, gradients: [], state });
    if (!weighed.weights.every(Number.isFinite)) throw new Error(`The weights of ${method.name} are not finite.`);
    state = weighed.state;
  };
}

/** Gradients with a part in common, of which half of all pairs are in conflict besides, of lengths up to tenfold apart. */
function gradientsOf(batch: number): readonly Float64Array[] {
  const random = createRandom(3, `gradients ${batch}`);
  const common = Float64Array.from({ length: gradientLength }, () => 0.3 * random.normal());
  return Array.from({ length: taskCount }, () => {
    const scale = 10 ** random.uniform();
    return common.map((value) => scale * (value + random.normal()));
  });
}
