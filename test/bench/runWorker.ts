import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { stepsPerEpoch } from '../../src/data/batches';
import { prepareTasks } from '../../src/data/prepare';
import { experimentSchema, type Experiment } from '../../src/experiment/schema';
import { buildModel } from '../../src/model/model';
import type { EngineName, Executor } from '../../src/program';
import { stepMeasuresOf } from '../../src/relatedness';
import { openJournal } from '../../src/runs/journal';
import { openCheckpoints } from '../../src/training/checkpointFolder';
import { planCheckpoints } from '../../src/training/checkpointPlan';
import { compile } from '../../src/training/compile';
import { createTrainer } from '../../src/training/trainer';
import { shapes } from './shapes';
import type { Work } from './worker';

/** Epochs through the real trainer, with and without relatedness, and how much of those without its steps are. */
export async function trainerEpochs(engine: EngineName, { rows }: { readonly rows: number }): Promise<Work> {
  const cosine = await epochsOf(engine, experimentOf(rows, 'gradient-cosine', shapes.small.tasks));
  const tag = await epochsOf(engine, experimentOf(rows, 'tag-affinity', 8));
  return async () => {
    const [plain, measured] = [await cosine(false), await cosine(true)];
    const [plainOfEight, lookingAhead] = [await tag(false), await tag(true)];
    const times = {
      ...{ epochs: plain.whole, 'their steps': plain.inSteps, 'epochs with cosine': measured.whole },
      ...{ 'epochs of 8 tasks': plainOfEight.whole, 'epochs of 8 tasks with TAG': lookingAhead.whole },
    };
    return { rows: Object.fromEntries(Object.entries(times).map(([name, time]) => [name, [time]])) };
  };
}

/** One epoch at each call, with or without what the experiment measures: milliseconds per step. */
async function epochsOf(engine: EngineName, experiment: Experiment) {
  const measures = stepMeasuresOf(experiment.relatedness.measures);
  const model = buildModel(experiment, await prepareTasks(experiment, '.'));
  const batchSize = shapes.small.batch;
  const { executor } = await compile({
    experiment,
    model,
    engine,
    seed: 1,
    batchSize,
    needs: measures.map(({ needs }) => needs),
    inspected: [],
  });
  const steps = stepsPerEpoch(model.taskSet, batchSize);
  return async (measure: boolean) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'mtl-bench-'));
    const journal = openJournal(folder);
    const checkpoints = openCheckpoints(folder);
    const watched = watch(executor);
    try {
      const start = performance.now();
      const trainer = createTrainer({
        secondsBefore: 0,
        ...{ experiment, model, executor: watched.executor, seed: 1, batchSize },
        measures: measure ? measures : [],
        views: [],
        inspected: [],
        keepsTheEnd: false,
        checkpoints: planCheckpoints(experiment.training.checkpoints, (progress, seconds) =>
          checkpoints.save({
            ...{ identity: { experiment: '', seed: 1 }, engine, threads: 1, surroundings: {}, dataFingerprint: '' },
            ...{ state: executor.readState(), journal: journal.sync(), progress, seconds },
          }),
        ),
        append: (event) => journal.append(event),
        control: () => Promise.resolve('go on'),
      });
      await trainer.train();
      return { whole: (performance.now() - start) / steps, inSteps: watched.milliseconds() / steps };
    } finally {
      await journal.close();
      await rm(folder, { recursive: true, force: true });
    }
  };
}

/** The small model on generated rows; a tenth of them are for validation. */
function experimentOf(rows: number, measure: string, tasks: number): Experiment {
  const { inputs, shared, head, batch } = shapes.small;
  const names = Array.from({ length: tasks }, (_, task) => `y${task + 1}`);
  return experimentSchema.parse({
    name: 'Bench',
    data: {
      ...{ generate: 'related-regressions', tasks, rows, inputs },
      split: { train: 0.8, validation: 0.1, test: 0.1 },
    },
    tasks: Object.fromEntries(names.map((target) => [target, { target, kind: 'regression' }])),
    model: { encoder: { layers: [...shared] }, head: { layers: [head] } },
    training: { epochs: 1, batchSize: batch, optimizer: { name: 'adam', learningRate: 0.001 } },
    relatedness: { measures: [measure], every: 10 },
  });
}

/** The executor, with a clock on its training steps. */
function watch(executor: Executor): { readonly executor: Executor; readonly milliseconds: () => number } {
  let sum = 0;
  const run: Executor['run'] = (program, inputs) => {
    const start = performance.now();
    const results = executor.run(program, inputs);
    if (!program.startsWith('evaluate')) sum += performance.now() - start;
    return results;
  };
  const watched = new Proxy(executor, {
    get: (target, key) => {
      if (key === 'run') return run;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { executor: watched, milliseconds: () => sum };
}
