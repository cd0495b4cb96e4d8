import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/runs/events';
import { requestRun } from '../../src/runs/lifecycle';
import { isRunAlive } from '../../src/runs/process';
import { readSummary } from '../../src/runs/read';
import { deleteRun, listRuns, readRecord } from '../../src/runs/store';
import { trainingsMeasuresOf } from '../../src/relatedness';
import { measureByTraining } from '../../src/training/moreTraining';
import { readRunFolder } from '../../src/training/open';
import { startStopwatch } from '../../src/training/pace';
import { runFolder } from '../../src/training/run';
import { draftRun, journalOf, type Draft, type DraftRun } from './runs';
import { exitOf, killAfter, start, trainScript } from './resuming';

const draft: Draft = {
  data: { generate: 'related-regressions', tasks: 3, rows: 300, inputs: 6 },
  tasks: {
    north: { target: 'y1', kind: 'regression' },
    south: { target: 'y2', kind: 'regression' },
    alien: { target: 'y3', kind: 'regression' },
  },
  model: { encoder: { layers: [6] } },
  training: { epochs: 6, batchSize: 32, optimizer: { name: 'adam', learningRate: 0.02 } },
  relatedness: { measures: ['pair-gain', 'leave-one-out-gain'] },
};
/** Two tasks that have all in common and few rows to train on, and one that has nothing to do with them. */
const related: Draft = {
  ...draft,
  data: {
    ...{ generate: 'related-regressions', tasks: 3, rows: 1000, inputs: 20, nonlinearity: 0, noise: 1 },
    ...{
      correlation: [
        [1, 1, 0],
        [1, 1, 0],
        [0, 0, 1],
      ],
      split: { train: 0.1, validation: 0.9, test: 0 },
    },
  },
  model: { encoder: { layers: [4] } },
  training: { epochs: 40, batchSize: 25, optimizer: { name: 'adam', learningRate: 0.03 } },
};
const names = ['alone-1-north', 'alone-2-south', 'alone-3-alien'];
const pairs = ['pair-1-2-north-south', 'pair-1-3-north-alien', 'pair-2-3-south-alien'];
const all = [...names, ...pairs];

const never = () => new AbortController().signal;
const below = ({ folder }: DraftRun) => join(folder, 'runs');
const journalled = async ({ events }: DraftRun) => journalOf(await events());
const matricesOf = async (drafted: DraftRun) => (await journalled(drafted)).of('finished')[0].relatedness;
const train = ({ folder }: DraftRun, signal = never()) => runFolder(folder, signal, undefined, { trainScript });

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(20);
}

const progressSays = (drafted: DraftRun, is: (event: Extract<RunEvent, { type: 'trainings' }>) => boolean) =>
  until(async () => (await journalled(drafted)).of('trainings').some(is));

describe('a run whose measures need more networks', () => {
  test('trains each as a run of its own, says how far it is, and records the matrices', async () => {
    const drafted = await draftRun(related);
    expect(await train(drafted)).toBe('finished');
    const { of } = await journalled(drafted);
    const [first, ...later] = of('trainings');
    expect(first).toMatchObject({ done: 0, total: 6, measures: ['pair-gain', 'leave-one-out-gain'] });
    expect(first.running).toBeUndefined();
    expect(later.map(({ done }) => done)).toEqual([...later.map(({ done }) => done)].sort((a, b) => a - b));
    expect(later.at(-1)).toMatchObject({ done: 6, total: 6, running: 0 });
    const [gain, leftOut] = await matricesOf(drafted);
    expect(gain).toMatchObject({ measure: 'pair-gain', directed: true, higherIsCloser: true });
    expect(leftOut).toMatchObject({ measure: 'leave-one-out-gain', directed: true, higherIsCloser: true });
    expect(gain.values.flat().filter((value) => value === null)).toHaveLength(3);
    const cell = (from: number, to: number) => gain.values[from][to]!;
    expect(cell(0, 1) + cell(1, 0)).toBeGreaterThan(0);
    expect(cell(0, 2) + cell(2, 0) + cell(1, 2) + cell(2, 1)).toBeLessThan(0);
    const { runs } = await listRuns(below(drafted));
    expect(runs.map(({ record }) => record.id).sort()).toEqual(all);
    for (const { folder, record } of runs) {
      expect(record).toMatchObject({ role: 'measure', group: 'group', seed: 1 });
      expect(readdirSync(folder)).not.toContain('checkpoints');
      expect(readdirSync(folder)).not.toContain('model');
    }
    expect(runs.find(({ record }) => record.id === pairs[0])?.record.purpose).toBe(
      'north with south, for pair-gain, leave-one-out-gain',
    );
    const above = await listRuns(resolve(drafted.folder, '..'));
    expect(above.runs.map(({ folder }) => folder)).toEqual([drafted.folder]);
    await deleteRun(drafted.folder);
    expect(existsSync(below(drafted))).toBe(false);
  });

  test('that is killed goes on with what is there, and measures the same', async () => {
    const undisturbed = await draftRun(draft);
    await train(undisturbed);
    const drafted = await draftRun(draft);
    const child = start(drafted.folder);
    await killAfter(child, 50, async () => (await journalled(drafted)).of('trainings').some(({ done }) => done >= 2));
    const finished = async () => {
      const found: string[] = [];
      for (const run of (await listRuns(below(drafted))).runs)
        if ((await readSummary(run, Date.now())).phase === 'finished') found.push(run.folder);
      return found;
    };
    const before = await Promise.all(
      (await finished()).map(async (folder) => [folder, (await readRecord(folder)) as object] as const),
    );
    expect(before.length).toBeGreaterThanOrEqual(2);
    expect(before.length).toBeLessThan(6);
    expect(await exitOf(start(drafted.folder, '--resume'))).toBe(0);
    expect(await matricesOf(drafted)).toEqual(await matricesOf(undisturbed));
    for (const [folder, record] of before) expect(await readRecord(folder)).toEqual(record);
    const again = (await journalled(drafted)).of('trainings').find(({ running }) => running !== undefined);
    expect(again?.done).toBeGreaterThanOrEqual(2);
    // Its own training was not done twice.
    expect((await journalled(drafted)).of('epoch')).toHaveLength(6);
  });

  /** Its networks are trained for some tenths of a second. */
  const longer: Draft = { ...draft, training: { ...draft.training, epochs: 300 } };

  test('stops what it has begun when it is stopped, and goes on where all stood', async () => {
    const drafted = await draftRun(longer);
    const child = start(drafted.folder);
    await progressSays(drafted, ({ running = 0 }) => running > 0);
    await requestRun(drafted.folder, 'stop');
    expect(await exitOf(child)).toBe(130);
    const { last } = await journalled(drafted);
    expect(last.type).toBe('stopped');
    for (const { folder } of (await listRuns(below(drafted))).runs) expect(await isRunAlive(folder)).toBe(false);
    expect(await exitOf(start(drafted.folder, '--resume'))).toBe(0);
    expect(await matricesOf(drafted)).toHaveLength(2);
  });

  test('pauses what it has begun', async () => {
    const drafted = await draftRun(longer);
    const child = start(drafted.folder);
    await progressSays(drafted, ({ running = 0 }) => running > 0);
    await requestRun(drafted.folder, 'pause');
    await until(async () => (await journalled(drafted)).last.type === 'paused');
    await delay(600);
    const then = (await journalled(drafted)).events.length;
    await delay(600);
    expect((await journalled(drafted)).events).toHaveLength(then);
    expect(child.exitCode).toBeNull();
    await requestRun(drafted.folder, 'resume');
    expect(await exitOf(child)).toBe(0);
    expect((await journalled(drafted)).of('resumed')).toHaveLength(1);
  });

  test('heeds what it is asked for though the file cannot be taken away', async () => {
    const drafted = await draftRun(longer);
    const child = start(drafted.folder);
    await progressSays(drafted, ({ running = 0 }) => running > 0);
    // What is no file cannot be taken away as one.
    mkdirSync(join(drafted.folder, 'requests', 'pause'), { recursive: true });
    await delay(400);
    expect(child.exitCode).toBeNull();
    mkdirSync(join(drafted.folder, 'requests', 'stop'));
    expect(await exitOf(child)).toBe(130);
    expect((await journalled(drafted)).last.type).toBe('stopped');
  });

  test('stops its networks where its journal cannot be written while it obeys', async () => {
    const drafted = await draftRun({ ...longer, relatedness: { measures: [] } });
    await train(drafted);
    const { folder } = drafted;
    const { record, experiment } = await readRunFolder(folder);
    const ending = (await journalled(drafted)).of('finished')[0];
    const full = new Error('no space left');
    const told: string[] = [];
    const measuring = measureByTraining({
      parent: { folder, record, experiment, engine: 'wasm', tasks: ['north', 'south', 'alien'] },
      ...{ measures: trainingsMeasuresOf(['pair-gain']), ending, trainScript, oneDnn: false },
      requests: { take: () => (told.length > 1 ? ['pause'] : []) },
      stopwatch: startStopwatch(),
      append: ({ type }) => {
        if (type === 'paused') throw full;
        told.push(type);
      },
    });
    await expect(measuring).rejects.toBe(full);
    const { runs } = await listRuns(below(drafted));
    expect(runs.length).toBeGreaterThan(0);
    expect(runs.length).toBeLessThan(6);
    for (const run of runs) expect(await isRunAlive(run.folder)).toBe(false);
  });

  test('leaves the cells of a network empty that came to no result, and says so', async () => {
    const drafted = await draftRun(draft);
    // Something in the place where its folder is to be made: this run cannot be begun.
    mkdirSync(join(below(drafted), `.new-${pairs[2]}.${process.pid}`), { recursive: true });
    expect(await train(drafted)).toBe('finished');
    const [gain, leftOut] = await matricesOf(drafted);
    expect([gain.values[1][2], gain.values[2][1]]).toEqual([null, null]);
    expect(gain.values[0].slice(1)).not.toContain(null);
    expect(leftOut.values[0]).toEqual([null, null, null]);
    const warnings = (await journalled(drafted)).of('warning').map(({ message }) => message);
    expect(warnings.at(-1)).toMatch(/^1 of 6 trainings .* their cells are empty: south with alien \(/);
  });

  describe('of which some start from others', () => {
    const tuned = [
      ...['tuned-1-from-2-north-south', 'tuned-1-from-3-north-alien', 'tuned-2-from-1-south-north'],
      ...['tuned-2-from-3-south-alien', 'tuned-3-from-1-alien-north', 'tuned-3-from-2-alien-south'],
    ];
    /** Steps too few to learn from scratch what the inputs mean. */
    const transfer: Draft = {
      ...related,
      data: { ...related.data, noise: 0.3 } as Draft['data'],
      training: { epochs: 6, batchSize: 25, optimizer: { name: 'adam', learningRate: 0.03 } },
      relatedness: { measures: ['ordered-transfer', 'pair-gain'] },
    };

    test('ranks the starts of each task, and trains what another measure needs too but once', async () => {
      const drafted = await draftRun(transfer);
      expect(await train(drafted)).toBe('finished');
      const [gain, order] = await matricesOf(drafted);
      expect([gain.measure, order.measure]).toEqual(['pair-gain', 'ordered-transfer']);
      expect(order).toMatchObject({ directed: true, higherIsCloser: true });
      const column = (to: number) => order.values.map((row) => Number(row[to]));
      for (const to of [0, 1, 2]) expect(column(to).reduce((sum, value) => sum + value)).toBeCloseTo(1, 5);
      expect(column(0)[1]).toBeGreaterThan(column(0)[2]);
      expect(column(1)[0]).toBeGreaterThan(column(1)[2]);
      const { runs } = await listRuns(below(drafted));
      expect(runs.map(({ record }) => record.id).sort()).toEqual([...all, ...tuned].sort());
      const recordOf = (id: string) => runs.find(({ record }) => record.id === id)?.record;
      expect(recordOf(names[0])).toMatchObject({
        purpose: 'north alone, for pair-gain, ordered-transfer',
        leaves: ['row losses', 'model'],
      });
      expect(recordOf(tuned[0])).toMatchObject({
        purpose: 'north from south, for ordered-transfer',
        leaves: ['row losses'],
      });
      for (const { folder } of runs)
        for (const gone of ['checkpoints', 'model', 'start']) expect(readdirSync(folder)).not.toContain(gone);
    });

    test('trains again what did not leave what others need, and else takes what is there', async () => {
      const drafted = await draftRun({ ...transfer, threads: 1, relatedness: { measures: ['ordered-transfer'] } });
      const child = start(drafted.folder);
      await killAfter(child, 0, async () => (await journalled(drafted)).of('trainings').some(({ done }) => done >= 4));
      const created = async () =>
        Object.fromEntries((await listRuns(below(drafted))).runs.map(({ record }) => [record.id, record.created]));
      const before = await created();
      rmSync(join(below(drafted), names[0], 'losses.safetensors'));
      rmSync(join(below(drafted), names[2], 'model'), { recursive: true });
      expect(await exitOf(start(drafted.folder, '--resume'))).toBe(0);
      const after = await created();
      expect(names.map((name) => after[name] === before[name])).toEqual([false, true, false]);
      const [order] = await matricesOf(drafted);
      expect(order.values.flat()).not.toContain(null);
      expect((await journalled(drafted)).of('trainings').at(-1)).toMatchObject({ done: 9, total: 9, running: 0 });
    });

    test('leaves the cells of a start empty that came to no result', async () => {
      const drafted = await draftRun({ ...transfer, relatedness: { measures: ['ordered-transfer'] } });
      mkdirSync(join(below(drafted), `.new-${names[2]}.${process.pid}`), { recursive: true });
      expect(await train(drafted)).toBe('finished');
      const [{ values }] = await matricesOf(drafted);
      expect(values[2]).toEqual([null, null, null]);
      expect(values[0]).not.toContain(null);
      const warnings = (await journalled(drafted)).of('warning').map(({ message }) => message);
      expect(warnings.at(-1)).toMatch(
        /^3 of 9 trainings .*: alien alone \(.*; north from alien \(there is no model of alien/,
      );
    });
  });

  test('needs none where there is one task', async () => {
    const drafted = await draftRun({ ...draft, only: ['north'] });
    expect(await train(drafted)).toBe('finished');
    expect(existsSync(below(drafted))).toBe(false);
    expect(await matricesOf(drafted)).toEqual([]);
  });
});
