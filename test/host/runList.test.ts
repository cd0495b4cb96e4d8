import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RunList } from '../../src/host/runs/runList';
import type { RunEventBody } from '../../src/runs/events';
import { openJournal, type JournalWriter } from '../../src/runs/journal';
import { writeProcess } from '../../src/runs/process';
import { createRunFolder, deleteRun, type StoredRun } from '../../src/runs/store';
import { reopenJournal } from '../../src/training/open';

let root: string;
let list: RunList;

beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'mtl-list-')), '.mtl', 'runs');
  list = new RunList({ noticeMilliseconds: 20, pollMilliseconds: 50 });
});

afterEach(() => {
  list.dispose();
  rmSync(join(root, '..', '..'), { recursive: true, force: true, maxRetries: 3 });
});

function makeRun(experiment: string, group = 'group'): Promise<StoredRun> {
  const body = { group, experiment, file: `/${experiment}.mtl.yaml`, folder: '/', seed: 1, engine: 'cpu' as const };
  return createRunFolder(root, { ...body, overrides: [], version: '0.1.0' }, 'name: x\n');
}

const started: RunEventBody = {
  type: 'started',
  processId: process.pid,
  engine: 'cpu',
  engineReason: 'asked for',
  tasks: [{ name: 'one', kind: 'regression', metrics: ['loss'] }],
  epochs: 4,
  stepsPerEpoch: 10,
  parameters: 10,
  rows: { train: 10, validation: 1, test: 1 },
  dataFingerprint: '',
  versions: {},
};

const finished: RunEventBody = {
  type: 'finished',
  reason: 'epochs',
  step: 40,
  epoch: 4,
  bestEpoch: 4,
  seconds: 1,
  metrics: [{ validation: { loss: 0.25 } }],
  relatedness: [],
};

function step(number: number): RunEventBody {
  return { type: 'step', step: number, epoch: 1, losses: [1 / number], weights: [1], learningRate: 0.1 };
}

/** A run of this very process, so that it counts as alive. */
async function makeLiveRun(): Promise<{ run: StoredRun; journal: JournalWriter }> {
  const run = await makeRun('live');
  await writeProcess(run.folder, process.pid);
  const journal = openJournal(run.folder);
  journal.append(started);
  return { run, journal };
}

const phases = () => list.all().map(({ summary }) => summary?.phase);

describe('the list of runs', () => {
  test('finds runs in a folder that comes to be later, newest first, and sees them go', async () => {
    list.setRoots([root]);
    await delay(100);
    expect(list.all()).toEqual([]);
    const first = await makeRun('first');
    await delay(5);
    const second = await makeRun('second');
    await vi.waitFor(() => expect(list.all().map(({ run }) => run.record.experiment)).toEqual(['second', 'first']));
    await deleteRun(second.folder);
    await vi.waitFor(() => expect(list.all().map(({ run }) => run.record.id)).toEqual([first.record.id]));
  });

  test('follows a run that goes on, from its start to its end', async () => {
    list.setRoots([root]);
    const told: ReadonlySet<string>[] = [];
    list.onChange((ids) => told.push(ids));
    const { run, journal } = await makeLiveRun();
    await vi.waitFor(() => expect(phases()).toEqual(['running']));
    for (let number = 1; number <= 20; number++) journal.append(step(number));
    await vi.waitFor(() => expect(list.get(run.record.id)?.state?.steps).toHaveLength(20), 3000);
    expect(list.get(run.record.id)?.summary?.progress).toBeCloseTo(0.5);
    journal.append({ type: 'paused', step: 20 });
    await vi.waitFor(() => expect(phases()).toEqual(['paused']), 3000);
    journal.append({ type: 'resumed', step: 20 });
    journal.append(finished);
    await vi.waitFor(() => expect(phases()).toEqual(['finished']), 3000);
    expect(list.get(run.record.id)?.summary?.keyMetric).toMatchObject({ name: 'loss', value: 0.25 });
    expect(list.get(run.record.id)?.state).toBeUndefined();
    expect(told.every((ids) => ids.has(run.record.id))).toBe(true);
    await journal.close();
  });

  test('many changes are told together', async () => {
    list.setRoots([root]);
    const { journal } = await makeLiveRun();
    await vi.waitFor(() => expect(phases()).toEqual(['running']));
    let quick = 0;
    let slow = 0;
    list.onChange(() => quick++);
    list.onChange(() => slow++, 400);
    for (let number = 1; number <= 100; number++) {
      journal.append(step(number));
      await delay(10);
    }
    expect(quick).toBeGreaterThan(3);
    expect(quick).toBeLessThan(60);
    expect(slow).toBeLessThanOrEqual(4);
    await journal.close();
  });

  test('a run whose process is gone is interrupted', async () => {
    const { run, journal } = await makeLiveRun();
    await journal.close();
    const file = join(run.folder, 'process.json');
    const record = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...record, processId: 2 ** 22 - 1 }));
    list.setRoots([root]);
    await vi.waitFor(() => expect(phases()).toEqual(['interrupted']));
  });

  test('a run that had ended, and that somebody else goes on with, is followed again', async () => {
    const { run, journal } = await makeLiveRun();
    journal.append({ ...finished, type: 'stopped' });
    await journal.close();
    const file = join(run.folder, 'process.json');
    writeFileSync(file, JSON.stringify({ processId: 2 ** 22 - 1, startedAt: Date.now() }));
    list.setRoots([root]);
    await vi.waitFor(() => expect(phases()).toEqual(['stopped']));
    const again = await reopenJournal(run.folder, undefined, {});
    again.append(started);
    again.append(step(1));
    await vi.waitFor(() => expect(phases()).toEqual(['running']), 3000);
    again.append(step(2));
    await vi.waitFor(() => expect(list.get(run.record.id)?.state?.step).toBe(2), 3000);
    await again.close();
  });

  test('broken folders do no harm', async () => {
    const run = await makeRun('whole');
    const broken = await makeRun('broken');
    writeFileSync(join(broken.folder, 'run.json'), '{ "id": ');
    writeFileSync(join(root, 'a file'), '');
    list.setRoots([root]);
    await vi.waitFor(() => expect(list.all().map(({ run: found }) => found.record.id)).toEqual([run.record.id]));
  });

  test('a folder that is no longer watched is forgotten', async () => {
    await makeRun('one');
    list.setRoots([root]);
    await vi.waitFor(() => expect(list.all()).toHaveLength(1));
    list.setRoots([]);
    expect(list.all()).toEqual([]);
  });

  test('five hundred old runs do not hold the event loop', async () => {
    for (let number = 0; number < 500; number++) {
      const run = await makeRun(`old ${number}`);
      const journal = openJournal(run.folder);
      journal.append(started);
      for (let count = 1; count <= 40; count++) journal.append(step(count));
      journal.append(finished);
      await journal.close();
    }
    await delay(200);
    const held = monitorEventLoopDelay({ resolution: 2 });
    held.enable();
    list.setRoots([root]);
    await vi.waitFor(() => expect(phases().filter((phase) => phase === 'finished')).toHaveLength(500), 50_000);
    held.disable();
    expect(held.percentile(99) / 1e6).toBeLessThan(50);
  });
});
