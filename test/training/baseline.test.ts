import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { singleTaskBaseline } from '../../src/experiment/baseline';
import { experimentSchema } from '../../src/experiment/schema';
import type { RunEventOf } from '../../src/runs/events';
import { readJournal } from '../../src/runs/journalReader';
import { listRuns } from '../../src/runs/store';
import { runFolder } from '../../src/training/run';
import { draftRun, journalOf, run, temporaryFolder, type Draft, type DraftOptions } from './runs';

/** Trains a draft for one seed as its baseline, or as itself. */
async function runOf(draft: Draft, options: DraftOptions) {
  const alone = singleTaskBaseline(experimentSchema.parse({ name: 'A test', ...draft }));
  const drafted = await draftRun(options.role === 'baseline' ? alone : draft, { engine: 'wasm', ...options });
  expect(await runFolder(drafted.folder, new AbortController().signal)).toBe('finished');
  return journalOf(await drafted.events());
}

/** A group as `mtl run` makes it. Returns what the last run says sharing brought. */
async function gainOver(draft: Draft, seeds: readonly number[], root = temporaryFolder()) {
  let gain: RunEventOf<'gain'> | undefined;
  for (const seed of seeds) {
    await runOf(draft, { seed, root, role: 'baseline' });
    gain = (await runOf(draft, { seed, root })).of('gain').at(-1);
  }
  return gain!;
}

/** Regressions on few noisy rows, of which the shared encoder sees the labels of all tasks. */
function regressions(tasks: number, correlation: number, layers: readonly number[], noise: number): Draft {
  const names = Array.from({ length: tasks }, (_, task) => `y${task + 1}`);
  return {
    data: {
      generate: 'related-regressions',
      tasks,
      rows: 400,
      inputs: 30,
      nonlinearity: 0,
      correlation,
      noise,
      split: { train: 0.2, validation: 0.2, test: 0.6 },
    },
    tasks: Object.fromEntries(names.map((target) => [target, { target, kind: 'regression' as const }])),
    model: { encoder: { layers: [...layers], activation: 'tanh' } },
    training: { epochs: 30, batchSize: 16, optimizer: { name: 'adam', learningRate: 0.01 } },
    relatedness: { measures: [] },
    baseline: 'single-task',
  };
}

const six = [1, 2, 3, 4, 5, 6];

describe('a verdict on what was planted', () => {
  test('sharing helps tasks that are one task with noise of their own', { timeout: 120_000 }, async () => {
    const { tasks, overall, seeds } = await gainOver(regressions(10, 1, [2], 1), six);
    expect(seeds).toEqual(six);
    expect(tasks.map(({ verdict }) => verdict)).toEqual(tasks.map(() => 'helped'));
    expect(overall.interval![0]).toBeGreaterThan(0);
  });

  test('sharing one unit hurts tasks that have nothing in common', { timeout: 120_000 }, async () => {
    const { tasks, overall } = await gainOver(regressions(6, 0, [1], 0.1), six);
    expect(tasks.map(({ verdict }) => verdict)).toContain('hurt');
    expect(tasks.map(({ verdict }) => verdict)).not.toContain('helped');
    expect(overall.interval![1]).toBeLessThan(0);
  });
});

const pair: Draft = {
  ...regressions(2, 0.5, [8], 0.3),
  tasks: { first: { target: 'y1', kind: 'regression' }, second: { target: 'y2', kind: 'regression' } },
  training: {
    epochs: 40,
    batchSize: 16,
    optimizer: { name: 'adam', learningRate: 0.02 },
    stopEarly: { metric: 'loss', patience: 3 },
  },
};

describe('a group with baselines', () => {
  test('its gain is what its run folders say', async () => {
    const root = temporaryFolder();
    const gain = await gainOver(pair, [4, 7], root);
    const { runs } = await listRuns(join(root, 'runs'));
    const endings = await Promise.all(
      runs.map(async ({ folder, record }) => {
        const { last } = journalOf((await readJournal(folder)).events);
        if (last.type !== 'finished') throw new Error(last.type);
        return { seed: record.seed, role: record.role, metrics: last.metrics };
      }),
    );
    expect(endings).toHaveLength(4);
    const rmse = (seed: number, role: 'baseline' | undefined, task: number) =>
      endings.find((one) => one.seed === seed && one.role === role)!.metrics[task].test!.rmse!;
    const changes = [0, 1].map((task) =>
      [4, 7].map((seed) => {
        const [alone, shared] = [rmse(seed, 'baseline', task), rmse(seed, undefined, task)];
        return (alone - shared) / alone;
      }),
    );
    changes.forEach(([one, two], task) => expect(gain.tasks[task].mean).toBeCloseTo((one + two) / 2, 6));
    expect(gain.overall.mean).toBeCloseTo((changes[0][0] + changes[0][1] + changes[1][0] + changes[1][1]) / 4, 6);
    expect(gain.tasks[1].metrics.rmse?.alone).toEqual([rmse(4, 'baseline', 1), rmse(7, 'baseline', 1)]);
    expect(gain.metrics.rmse).toEqual(gain.overall);
  });

  test('the event stands before the end, and only where the baseline has finished', async () => {
    const root = temporaryFolder();
    const alone = await runOf(pair, { root });
    expect(alone.of('gain')).toEqual([]);
    const baseline = await runOf(pair, { root, seed: 2, role: 'baseline' });
    expect(baseline.of('gain')).toEqual([]);
    const { events, of } = await runOf(pair, { root, seed: 2 });
    expect(events.at(-2)).toBe(of('gain')[0]);
    expect(of('gain')[0].seeds).toEqual([2]);
  });
});

describe('training without sharing', () => {
  test('each task ends as it would alone: the same best epoch and figures', async () => {
    const together = await runOf(pair, { role: 'baseline', seed: 3 });
    if (together.last.type !== 'finished') throw new Error(together.last.type);
    const { bestEpochs, metrics } = together.last;
    for (const [task, name] of (['first', 'second'] as const).entries()) {
      const one: Draft = {
        ...pair,
        tasks: { [name]: { target: `y${task + 1}`, kind: 'regression' } },
        inputs: { numeric: { columns: Array.from({ length: 30 }, (_, input) => `x${input + 1}`) } },
        model: { ...pair.model, sharing: 'single-task' },
        baseline: 'none',
      };
      const { last } = await run(one, { engine: 'wasm', seed: 3 });
      if (last.type !== 'finished') throw new Error(last.type);
      expect(bestEpochs![task]).toBe(last.bestEpoch);
      for (const split of ['train', 'validation', 'test'] as const) {
        expect(metrics[task][split]!.loss).toBeCloseTo(last.metrics[0][split]!.loss!, 4);
      }
    }
    // Else it would be no test that each keeps its own.
    expect(bestEpochs![0]).not.toBe(bestEpochs![1]);
  });

  test('the figures kept are those of the epochs named', async () => {
    const { of, last } = await runOf(
      { ...pair, training: { ...pair.training, stopEarly: undefined } },
      { role: 'baseline' },
    );
    if (last.type !== 'finished') throw new Error(last.type);
    last.bestEpochs!.forEach((epoch, task) => {
      const losses = of('epoch').map(({ metrics }) => metrics[task].validation!.loss!);
      expect(losses[epoch - 1]).toBe(Math.min(...losses));
      expect(last.metrics[task].validation!.loss).toBeCloseTo(losses[epoch - 1], 5);
    });
  });

  test('a run that goes on ends as one that never stopped', async () => {
    const draft: Draft = {
      ...pair,
      training: { ...pair.training, epochs: 600, stopEarly: undefined, checkpoints: { everySteps: 70 } },
    };
    const whole = await runOf(draft, { role: 'baseline' });
    const alone = singleTaskBaseline(experimentSchema.parse({ name: 'A test', ...draft }));
    const drafted = await draftRun(alone, { engine: 'wasm', role: 'baseline' });
    const stop = new AbortController();
    // It trains in this process: whoever looks by several turns of the event loop may see no more than its end.
    const journal = join(drafted.folder, 'events.jsonl');
    const watch = setInterval(() => {
      if (existsSync(journal) && readFileSync(journal, 'utf8').includes('"type":"epoch"')) stop.abort();
    }, 1);
    const outcome = await runFolder(drafted.folder, stop.signal);
    clearInterval(watch);
    expect(outcome).toBe('stopped');
    expect(await runFolder(drafted.folder, new AbortController().signal, 'same')).toBe('finished');
    const { last, of } = journalOf(await drafted.events());
    expect(of('resumed').length).toBe(1);
    if (last.type !== 'finished' || whole.last.type !== 'finished') throw new Error(last.type);
    expect({ ...last, time: 0, sequence: 0, seconds: 0 }).toEqual({ ...whole.last, time: 0, sequence: 0, seconds: 0 });
  });
});
