import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/runs/events';
import { runFolder } from '../../src/training/run';
import { draftRun, journalOf, run, type Draft } from './runs';
import { engines, nativeProblem, nativeTitle } from '../program/support';

const pair: Draft = {
  data: { generate: 'related-regressions', tasks: 2, rows: 1500, inputs: 10, nonlinearity: 0 },
  tasks: { first: { target: 'y1', kind: 'regression' }, second: { target: 'y2', kind: 'regression' } },
  model: { encoder: { layers: [16] } },
  training: { epochs: 8, batchSize: 64, optimizer: { name: 'adam', learningRate: 0.01 } },
};

const brief: Draft = { ...pair, training: { ...pair.training, epochs: 1 } };

/** Steps of some ten million multiplications. */
const larger: Draft = { ...brief, model: { encoder: { layers: [200, 200] } } };

/** What a journal says besides when. */
function timeless(events: readonly RunEvent[]) {
  return events
    .filter(({ type }) => type === 'epoch' || type === 'relatedness' || type === 'finished')
    .map((event) => JSON.stringify({ ...event, time: 0, sequence: 0, seconds: 0 }));
}

describe('a whole run', () => {
  test.each(engines)('learns on %s, and its journal tells all of it', async (engine) => {
    const { outcome, of, events, last } = await run(pair, { engine });
    expect(outcome).toBe('finished');
    const [started] = of('started');
    expect(events[0]).toBe(started);
    expect(started).toMatchObject({
      engine,
      epochs: 8,
      stepsPerEpoch: 19,
      rows: { train: 1200, validation: 150, test: 150 },
    });
    expect(started.tasks.map(({ name }) => name)).toEqual(['first', 'second']);
    expect(started.parameters).toBe(10 * 16 + 16 + 2 * (16 + 1));

    const epochs = of('epoch');
    expect(epochs.map(({ epoch, step }) => [epoch, step])).toEqual(
      Array.from({ length: 8 }, (_, i) => [i + 1, 19 * (i + 1)]),
    );
    for (const task of [0, 1]) {
      const [before, after] = [epochs[0], epochs[7]].map(({ metrics }) => metrics[task]);
      expect(after.train!.loss!).toBeLessThan(before.train!.loss! / 4);
      expect(after.validation!.r2!).toBeGreaterThan(0.9);
    }
    expect(of('relatedness').map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(of('step').at(-1)!.step).toBe(8 * 19);
    // Each can be read without the other lines.
    const matrices = of('relatedness').flatMap((event) => event.matrices.map((matrix) => ({ event, matrix })));
    for (const { event, matrix } of matrices)
      expect(matrix).toMatchObject({ step: event.step, tasks: ['first', 'second'], directed: false });
    const { relatedness } = of('finished')[0];
    expect(relatedness[0]).toMatchObject({ step: 8 * 19, tasks: ['first', 'second'] });

    if (last.type !== 'finished') throw new Error(last.type);
    expect(last).toMatchObject({ reason: 'epochs', step: 152, epoch: 8 });
    expect(last.metrics.map((metrics) => Object.keys(metrics))).toEqual([
      ['train', 'validation', 'test'],
      ['train', 'validation', 'test'],
    ]);
    expect(last.metrics[0].validation).toEqual(epochs[last.bestEpoch - 1].metrics[0].validation);

    // Two measured steps an epoch; at the very first the output layers are zero and nothing reaches the shared parameters.
    const perEpoch = of('relatedness').map(({ matrices }) => matrices[0].values[0][1]!);
    const sum = perEpoch.reduce((total, value, epoch) => total + (epoch === 0 ? 1 : 2) * value, 0);
    expect(last.relatedness[0].values[0][1]).toBeCloseTo(sum / 15, 5);
    expect(last.relatedness[0].values[0][0]).toBe(1);
  });

  test('the last step of every epoch is in the journal', async () => {
    const { of } = await run(pair);
    const steps = new Set(of('step').map(({ step }) => step));
    for (const { step } of of('epoch')) expect(steps).toContain(step);
  });

  test('gives the same numbers again, and others for another seed', async () => {
    const draft = {
      ...pair,
      model: { encoder: { layers: [8], dropout: 0.2 } },
      training: { ...pair.training, epochs: 3 },
    };
    const [first, again, other] = [await run(draft), await run(draft), await run(draft, { seed: 2 })];
    expect(timeless(again.events)).toEqual(timeless(first.events));
    expect(timeless(other.events)).not.toEqual(timeless(first.events));
  });

  test('engines agree', async () => {
    const [first, ...others] = await Promise.all(engines.map((engine) => run(pair, { engine })));
    expect(others.length).toBeGreaterThan(0);
    for (const other of others)
      other
        .of('epoch')
        .forEach(({ metrics }, epoch) =>
          metrics.forEach(({ validation }, task) =>
            expect(first.of('epoch')[epoch].metrics[task].validation!.loss).toBeCloseTo(validation!.loss!, 3),
          ),
        );
  });

  test('says which engine computed, why, with how many threads and of which version', async () => {
    const [started] = (await run(brief)).of('started');
    expect(started.engine).toBe('wasm');
    expect(started.engineReason).toMatch(/^The fastest engine for steps as small as these/);
    expect(started.threads).toBe(1);
    expect('tensorflowLibrary' in started.versions).toBe(false);
  });

  test.skipIf(nativeProblem !== undefined)(nativeTitle('takes native where its steps are worth a call'), async () => {
    const [started] = (await run(larger)).of('started');
    expect(started).toMatchObject({ engine: 'native', engineReason: 'The fastest engine there is.', threads: 1 });
    expect('tensorflowLibrary' in started.versions).toBe(true);
  });

  test.skipIf(nativeProblem !== undefined)(nativeTitle('takes as many native threads as asked for'), async () => {
    const [started] = (await run({ ...brief, threads: 1 }, { engine: 'native' })).of('started');
    expect(started).toMatchObject({ engine: 'native', threads: 1 });
  });

  test.skipIf(nativeProblem === undefined)('without the native engine auto takes wasm, and says why', async () => {
    const [started] = (await run(larger)).of('started');
    expect(started).toMatchObject({ engine: 'wasm', threads: 1 });
    expect(started.engineReason).toMatch(/The native engine did not start: TensorFlow .* Run `mtl engine install`/);
  });

  test('measuring relatedness does not change training', async () => {
    const without = await run({ ...pair, relatedness: { measures: [] } });
    const measured = await run({ ...pair, relatedness: { every: 1 } });
    const losses = (of: typeof without.of) => of('epoch').map(({ metrics }) => metrics);
    expect(losses(measured.of)).toEqual(losses(without.of));
    expect(without.of('relatedness')).toEqual([]);
  });

  test('SGD with momentum and weight decay learns as well', async () => {
    const optimizer = { name: 'sgd' as const, learningRate: 0.02, momentum: 0.9 };
    const { of } = await run({ ...pair, training: { ...pair.training, optimizer, weightDecay: 0.001 } });
    expect(of('epoch').at(-1)!.metrics[0].validation!.r2).toBeGreaterThan(0.9);
  });

  test('a task with weight 0 is not learnt, the other is', async () => {
    const training = { ...pair.training, weighting: { name: 'fixed' as const, weights: { second: 0 } } };
    const { of } = await run({ ...pair, training, model: { encoder: { layers: [] } } });
    const { metrics } = of('epoch').at(-1)!;
    expect(metrics[0].validation!.r2).toBeGreaterThan(0.9);
    expect(metrics[1].validation!.r2).toBeLessThan(0.1);
    expect(of('step')[0].weights).toEqual([1, 0]);
  });

  test('without shared parameters there is a warning and no relatedness', async () => {
    const { of } = await run({
      ...pair,
      model: { encoder: { layers: [] } },
      training: { ...pair.training, epochs: 1 },
    });
    expect(of('warning')[0].message).toContain('share no parameters');
    expect(of('relatedness')).toEqual([]);
  });
});

describe('early stopping', () => {
  test('ends the run, and the figures are those of the best epoch', async () => {
    const training = {
      epochs: 500,
      batchSize: 64,
      optimizer: { name: 'adam' as const, learningRate: 0.05 },
      stopEarly: { metric: 'r2' as const, patience: 3 },
    };
    const { of, last } = await run({ ...pair, training });
    if (last.type !== 'finished') throw new Error(last.type);
    expect(last.reason).toBe('early-stopping');
    const epochs = of('epoch');
    expect(last.epoch).toBeLessThan(500);
    expect(last.epoch - last.bestEpoch).toBe(3);
    const means = epochs.map(({ metrics }) => (metrics[0].validation!.r2! + metrics[1].validation!.r2!) / 2);
    expect(means.indexOf(Math.max(...means)) + 1).toBe(last.bestEpoch);
    expect(
      epochs.map(
        ({ best }, position) => best === means.slice(0, position).every((earlier) => means[position] > earlier),
      ),
    ).not.toContain(false);
    expect(last.metrics[1].validation).toEqual(epochs[last.bestEpoch - 1].metrics[1].validation);
  });

  test('without validation rows the last epoch is kept', async () => {
    const data = { ...pair.data!, split: { train: 0.8, validation: 0, test: 0.2 } };
    const { of, last } = await run({ ...pair, data, training: { ...pair.training, epochs: 2 } });
    expect(of('epoch').map(({ best }) => best)).toEqual([true, true]);
    expect(last).toMatchObject({ type: 'finished', reason: 'epochs', bestEpoch: 2 });
  });
});

describe('requests', () => {
  const long: Draft = { ...pair, training: { ...pair.training, epochs: 100_000 } };

  /** Waits until the journal says so. */
  async function until(events: () => Promise<readonly RunEvent[]>, told: (events: readonly RunEvent[]) => boolean) {
    for (let look = 0; look < 400; look++) {
      if (told(await events())) return;
      await delay(25);
    }
    throw new Error('The journal never said it.');
  }
  const hasEpochs = (count: number) => (events: readonly RunEvent[]) =>
    events.filter(({ type }) => type === 'epoch').length >= count;

  test('stop ends the run with the figures of the best epoch', async () => {
    const { folder, events } = await draftRun(long);
    const ended = runFolder(folder, new AbortController().signal);
    await until(events, hasEpochs(2));
    writeFileSync(join(folder, 'requests', 'stop'), '');
    expect(await ended).toBe('stopped');
    const { of, last } = journalOf(await events());
    if (last.type !== 'stopped') throw new Error(last.type);
    expect(last.metrics[0].test!.r2).toBeGreaterThan(0);
    expect(last.metrics[0].validation).toEqual(of('epoch')[last.bestEpoch - 1].metrics[0].validation);
    expect(existsSync(join(folder, 'requests', 'stop'))).toBe(false);
  });

  test('a signal stops as well, also before the first step', async () => {
    const { folder, events } = await draftRun(long);
    expect(await runFolder(folder, AbortSignal.abort())).toBe('stopped');
    const { last } = journalOf(await events());
    expect(last).toMatchObject({ type: 'stopped', step: 0, epoch: 0, bestEpoch: 0, metrics: [], relatedness: [] });
  });

  test('pause holds the run until resume', async () => {
    const { folder, events } = await draftRun(long);
    const ended = runFolder(folder, new AbortController().signal);
    await until(events, hasEpochs(1));
    writeFileSync(join(folder, 'requests', 'pause'), '');
    await until(events, (seen) => seen.some(({ type }) => type === 'paused'));
    const held = (await events()).length;
    await delay(400);
    expect((await events()).length).toBe(held);
    writeFileSync(join(folder, 'requests', 'resume'), '');
    await until(events, (seen) => seen.some(({ type }) => type === 'resumed') && seen.length > held + 3);
    writeFileSync(join(folder, 'requests', 'stop'), '');
    expect(await ended).toBe('stopped');
    const { of, last } = journalOf(await events());
    expect(of('resumed')[0].step).toBe(of('paused')[0].step);
    if (last.type !== 'stopped') throw new Error(last.type);
    expect(last.seconds).toBeLessThan((last.time - of('started')[0].time) / 1000 - 0.4);
  });

  test('stop is heard while paused', async () => {
    const { folder, events } = await draftRun(long);
    writeFileSync(join(folder, 'requests', 'pause'), '');
    const ended = runFolder(folder, new AbortController().signal);
    await until(events, (seen) => seen.some(({ type }) => type === 'paused'));
    writeFileSync(join(folder, 'requests', 'stop'), '');
    expect(await ended).toBe('stopped');
  });
});

describe('failures', () => {
  test('a loss that is no longer finite says step, task and what to do, and the journal is kept', async () => {
    const training = { ...pair.training, optimizer: { name: 'sgd' as const, learningRate: 1e12 } };
    const { outcome, of, last } = await run({ ...pair, training });
    expect(outcome).toBe('failed');
    if (last.type !== 'failed') throw new Error(last.type);
    expect(last).toMatchObject({ code: 'loss-not-finite', task: expect.stringMatching(/^(first|second)$/) as string });
    expect(last.step).toBeGreaterThan(1);
    expect(last.message).toContain(`step ${last.step}`);
    expect(last.message).toMatch(/Lower the learning rate \(now 1000000000000\)/);
    expect(of('started')).toHaveLength(1);
  });

  test('what is wrong with the data is told by its code, without a stack', async () => {
    const tasks = { first: { target: 'y7', kind: 'regression' as const } };
    const { outcome, last } = await run({ ...pair, tasks });
    expect(outcome).toBe('refused');
    if (last.type !== 'failed') throw new Error(last.type);
    expect(last.code).toBe('column-not-found');
    expect(last.message).toContain('y7');
    expect(last.message).not.toMatch(/\n\s+at /);
  });

  test('tables of different width without private encoders are refused', async () => {
    const table = (modality: 'speech' | 'image', inputs: number) => ({
      data: { generate: 'two-modalities' as const, modality, rows: 200, inputs },
      target: 'class',
      kind: 'multiclass' as const,
    });
    const { last } = await run({ tasks: { speech: table('speech', 10), image: table('image', 12) } });
    expect(last).toMatchObject({ type: 'failed', code: 'input-widths-differ' });
  });
});
