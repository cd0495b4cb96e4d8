import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { experimentSchema, type Experiment } from '../../src/experiment/schema';
import { planTrainings, trainingsMeasuresOf, type PlannedTraining } from '../../src/relatedness';
import { eachSideBySide } from '../../src/runs/sideBySide';
import { Workers } from '../../src/runs/workers';
import { openSubRun, subRunOf, type ParentRun } from '../../src/training/subRun';
import { shapes } from './shapes';
import type { Work } from './worker';

/** What the contender of the case `pairs` is told on its command line, as JSON. */
export interface PairsOrder {
  /** The bundled train.js. */
  readonly trainScript: string;
  readonly rows: number;
}

const tasks = 8;
/** The pair runs of 8 tasks, two at a time, as a run trains them for `pair-gain`; and every second of them one by one. */
export function pairRuns({ trainScript, rows }: PairsOrder): Work {
  if (!existsSync(trainScript)) throw new Error('The programs are not built. Build them with: npm run build');
  const pairs = planTrainings(trainingsMeasuresOf(['pair-gain']), tasks).filter(
    (planned) => planned.tasks.length === 2,
  );
  const half = pairs.filter((_, place) => place % 2 === 0);
  return async () => {
    const alone = await timed(half, rows, trainScript, 1);
    const all = await timed(pairs, rows, trainScript, 2);
    return {
      rows: { '28 runs, two at a time': [all], '14 runs, one after the other': [alone] },
      figures: { 'milliseconds of one run alone': Math.round(alone / half.length) },
    };
  };
}

/** Milliseconds from the first start to the last end. */
async function timed(
  planned: readonly PlannedTraining[],
  rows: number,
  trainScript: string,
  atOnce: number,
): Promise<number> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mtl-bench-'));
  try {
    const parent = parentIn(folder, experimentOf(rows));
    const workers = new Workers({ most: atOnce, trainScript, logs: path.join(folder, 'workers') });
    const begin = performance.now();
    await eachSideBySide(
      planned.map((training) => () => openSubRun(subRunOf(parent, training), workers.launch)),
      {
        atOnce,
        onEnd: (_, { run, state }) => {
          if (state.phase !== 'finished') throw new Error(`${run.record.id}: ${state.failure?.message ?? state.phase}`);
        },
      },
    );
    await workers.close();
    return performance.now() - begin;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function parentIn(folder: string, experiment: Experiment): ParentRun {
  return {
    folder,
    record: {
      ...{ id: 'bench', group: 'bench', experiment: experiment.name, file: path.join(folder, 'bench.mtl.yaml') },
      ...{ folder, seed: 1, engine: 'wasm', overrides: [], created: Date.now(), version: '0' },
    },
    experiment,
    engine: 'wasm',
    tasks: Object.keys(experiment.tasks),
  };
}

/** The small model with eight tasks; a fifth of the rows are not trained on. */
function experimentOf(rows: number): Experiment {
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
    training: { epochs: 20, batchSize: batch, optimizer: { name: 'adam', learningRate: 0.001 } },
  });
}
