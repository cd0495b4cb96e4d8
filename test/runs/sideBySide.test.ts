import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { killRun, startRun, type StartedRun } from '../../src/runs/lifecycle';
import { followSideBySide } from '../../src/runs/sideBySide';
import { listRuns } from '../../src/runs/store';
import { bundleTrainer, scriptText } from './fixtures/bundle';
import { temporaryFolder } from './fixtures/folders';
import type { Script } from './fixtures/trainer';

const bundles = mkdtempSync(join(tmpdir(), 'mtl-trainer-'));
let trainScript = '';
beforeAll(async () => {
  trainScript = await bundleTrainer(bundles);
});
afterAll(() => rmSync(bundles, { recursive: true, force: true }));

const pollMilliseconds = 50;

function starts(root: string, scripts: readonly Script[]): (() => Promise<StartedRun>)[] {
  return scripts.map((script, index) => async () => {
    const run = await startRun({
      root,
      experimentText: scriptText(script),
      trainScript,
      group: 'g',
      experiment: 'A test',
      file: join(root, 'a.mtl.yaml'),
      folder: root,
      seed: index,
      engine: 'auto',
      overrides: [],
    });
    onTestFinished(() => killRun(run.folder));
    return run;
  });
}

const short: Script = { epochs: 3, milliseconds: 60 };
const endless: Script = { epochs: 10_000, milliseconds: 5 };

test('never more at once than asked for, and their ends in the order of the starts', async () => {
  const running = new Set<number>();
  const most: number[] = [];
  const ends = await followSideBySide(
    starts(temporaryFolder(), [{ ...short, epochs: 9 }, short, { ...short, fail: 1 }, short, { ...short, crash: 1 }]),
    {
      atOnce: 2,
      pollMilliseconds,
      onStart: (index) => most.push(running.add(index).size),
      onEnd: (index) => running.delete(index),
    },
  );
  expect(Math.max(...most)).toBe(2);
  expect(ends.map((end) => end?.run.record.seed)).toEqual([0, 1, 2, 3, 4]);
  expect(ends.map((end) => end?.state.phase)).toEqual(['finished', 'finished', 'failed', 'finished', 'running']);
});

test('a stop is passed on, and no other is started', async () => {
  const root = temporaryFolder();
  const stop = new AbortController();
  let started = 0;
  const ends = await followSideBySide(starts(root, [endless, endless, endless]), {
    atOnce: 2,
    stop: stop.signal,
    pollMilliseconds,
    onStart: () => ++started,
    onChange: (_, { epochs }) => epochs.length > 0 && started === 2 && stop.abort(),
  });
  expect(ends.map((end) => end?.state.phase)).toEqual(['stopped', 'stopped', undefined]);
  expect((await listRuns(root)).runs).toHaveLength(2);
});

test('where stopping takes too long they are killed', async () => {
  const kill = new AbortController();
  const [end] = await followSideBySide(starts(temporaryFolder(), [{ ...endless, deaf: true }]), {
    atOnce: 2,
    stop: AbortSignal.abort(),
    pollMilliseconds,
  });
  expect(end).toBeUndefined();
  const [killed] = await followSideBySide(starts(temporaryFolder(), [{ ...endless, deaf: true }]), {
    atOnce: 2,
    kill: kill.signal,
    pollMilliseconds,
    onChange: (_, { epochs }) => epochs.length > 0 && kill.abort(),
  });
  expect(killed?.state.phase).toBe('running');
});

test('after a last one no other is started', async () => {
  const ends = await followSideBySide(starts(temporaryFolder(), [{ ...short, fail: 1 }, short]), {
    atOnce: 1,
    pollMilliseconds,
    isLast: ({ state }) => state.phase === 'failed',
  });
  expect(ends.map((end) => end?.state.phase)).toEqual(['failed', undefined]);
});

test('one that does not start stops the others', async () => {
  const [first, second] = starts(temporaryFolder(), [endless, short]);
  const seen: string[] = [];
  const following = followSideBySide([first, () => Promise.reject(new Error('no room')), second], {
    atOnce: 2,
    pollMilliseconds,
    onEnd: (_, { state }) => seen.push(state.phase),
  });
  await expect(following).rejects.toThrow('no room');
  expect(seen).toEqual(['stopped']);
});
