import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  followRun,
  killRun,
  logTail,
  requestRun,
  startRun,
  waitForEnd,
  type StartedRun,
} from '../../src/runs/lifecycle';
import { isRunAlive, isSameProcess, readProcess, writeProcess } from '../../src/runs/process';
import { readRun, readSummary } from '../../src/runs/read';
import { createRunFolder, listRuns } from '../../src/runs/store';
import { bundleTrainer, scriptText } from './fixtures/bundle';
import { temporaryFolder } from './fixtures/folders';
import type { Script } from './fixtures/trainer';

const bundles = mkdtempSync(join(tmpdir(), 'mtl-trainer-'));
let trainScript = '';
beforeAll(async () => {
  trainScript = await bundleTrainer(bundles);
});
afterAll(() => rmSync(bundles, { recursive: true, force: true }));

const quick = { pollMilliseconds: 50 };

async function start(script: Script, root = temporaryFolder()): Promise<StartedRun> {
  const run = await startRun({
    root,
    experimentText: scriptText(script),
    trainScript,
    group: 'g',
    experiment: 'A test',
    file: join(root, 'a.mtl.yaml'),
    folder: root,
    seed: 3,
    engine: 'auto',
    overrides: [],
  });
  onTestFinished(() => killRun(run.folder));
  return run;
}

describe('a run as a process', () => {
  test('starts, is followed and finishes', async () => {
    const run = await start({ epochs: 4, milliseconds: 20 });
    expect(await isRunAlive(run.folder)).toBe(true);
    const phases: string[] = [];
    const { state, problem } = await followRun(run.folder, ({ phase }) => phases.push(phase), quick);
    expect(problem).toBeUndefined();
    expect(state.phase).toBe('finished');
    expect(state.started?.processId).toBe(run.processId);
    expect(state.epochs).toHaveLength(4);
    expect(phases.at(-1)).toBe('finished');
    await run.exited;
    expect(await isRunAlive(run.folder)).toBe(false);
    expect((await readRun(run)).phase).toBe('finished');
    expect(await readSummary(run, Date.now())).toMatchObject({ phase: 'finished', progress: 1, seed: 3 });
  });

  test('pauses, resumes and stops when asked', async () => {
    const run = await start({ epochs: 10_000, milliseconds: 5 });
    const seen = new Set<string>();
    const end = followRun(
      run.folder,
      ({ phase }, events) => {
        seen.add(phase);
        for (const { type } of events) seen.add(type);
      },
      quick,
    );
    await requestRun(run.folder, 'pause');
    await until(() => seen.has('paused'));
    expect((await readRun(run)).phase).toBe('paused');
    await requestRun(run.folder, 'resume');
    await until(() => seen.has('resumed'));
    await requestRun(run.folder, 'stop');
    const { state } = await end;
    expect(state.phase).toBe('stopped');
    expect(state.ending?.epoch).toBeGreaterThan(0);
    await expect(requestRun(run.folder, 'pause')).rejects.toMatchObject({ code: 'not-running' });
  });

  test('a later pause or resume takes the place of the other', async () => {
    const run = await start({ epochs: 100, milliseconds: 50, deaf: true });
    await requestRun(run.folder, 'pause');
    await requestRun(run.folder, 'resume');
    expect(existsSync(join(run.folder, 'requests', 'pause'))).toBe(false);
    expect(existsSync(join(run.folder, 'requests', 'resume'))).toBe(true);
  });

  test('a process that ends without a word leaves an interrupted run with its journal', async () => {
    const run = await start({ epochs: 10, milliseconds: 10, crash: 3 });
    const { state } = await waitForEnd(run.folder, quick);
    expect(state.epochs).toHaveLength(3);
    expect((await readRun(run)).phase).toBe('interrupted');
    expect(await logTail(run.folder)).toContain('out of luck');
    await expect(requestRun(run.folder, 'stop')).rejects.toMatchObject({ code: 'not-running' });
  });

  test('is killed where it does not obey', async () => {
    const run = await start({ epochs: 10_000, milliseconds: 10, deaf: true });
    const end = waitForEnd(run.folder, quick);
    await requestRun(run.folder, 'stop');
    await delay(150);
    expect(await isRunAlive(run.folder)).toBe(true);
    await killRun(run.folder);
    expect(await isRunAlive(run.folder)).toBe(false);
    await end;
    expect((await readRun(run)).phase).toBe('interrupted');
    await killRun(run.folder);
  });

  test('outlives the process that started it', async () => {
    const root = temporaryFolder();
    const starter = join(bundles, 'starter.cjs');
    const { build } = await import('esbuild');
    await build({
      stdin: {
        contents: `import { startRun } from './src/runs/lifecycle';
          void startRun(JSON.parse(process.argv[2])).then(({ folder }) => console.log(folder));`,
        resolveDir: process.cwd(),
        loader: 'ts',
      },
      outfile: starter,
      bundle: true,
      platform: 'node',
      format: 'cjs',
    });
    const options = {
      root,
      experimentText: scriptText({ epochs: 30, milliseconds: 20 }),
      trainScript,
      group: 'g',
      experiment: 'x',
      file: 'x',
      folder: root,
      seed: 1,
      engine: 'cpu',
      overrides: [],
    };
    const child = spawn(process.execPath, [starter, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let folder = '';
    child.stdout.on('data', (text: Buffer) => (folder += text.toString()));
    await once(child, 'close');
    const { state } = await waitForEnd(folder.trim(), quick);
    expect(state.phase).toBe('finished');
  });

  test('a folder that its process cannot enter gives one clear error and no run folder', async () => {
    const root = temporaryFolder();
    const failing = startRun({
      root,
      experimentText: '',
      trainScript,
      group: 'g',
      experiment: 'x',
      file: 'x',
      folder: join(root, 'gone'),
      seed: 1,
      engine: 'cpu',
      overrides: [],
    });
    await expect(failing).rejects.toMatchObject({ name: 'RunFolderError', code: 'not-started' });
    expect((await listRuns(root)).runs).toEqual([]);
  });

  test('following ends when told to', async () => {
    const run = await start({ epochs: 1000, milliseconds: 20 });
    const end = new AbortController();
    const following = followRun(run.folder, () => end.abort(), { ...quick, signal: end.signal });
    expect((await following).state.phase).toBe('running');
    expect(await isRunAlive(run.folder)).toBe(true);
  });
});

describe('whether a process is the noted one', () => {
  test('an id that another process has taken over is not', async () => {
    const folder = temporaryFolder();
    await writeProcess(folder, process.pid);
    const noted = await readProcess(folder);
    expect(noted).toMatchObject({ processId: process.pid });
    expect(await isSameProcess(noted!)).toBe(true);
    if (noted!.ticks !== undefined) expect(await isSameProcess({ ...noted!, ticks: '1' })).toBe(false);
    expect(await isSameProcess({ ...noted!, startedAt: 0 })).toBe(false);
  });

  test('a run without a noted process counts as starting for a while only', async () => {
    const root = temporaryFolder();
    const body = {
      group: 'g',
      experiment: 'x',
      file: 'x',
      folder: root,
      seed: 1,
      overrides: [],
      version: '1',
    } as const;
    const { folder } = await createRunFolder(root, { ...body, engine: 'cpu' }, '');
    expect(await isRunAlive(folder)).toBe(true);
    const earlier = Date.now() / 1000 - 60;
    utimesSync(join(folder, 'run.json'), earlier, earlier);
    expect(await isRunAlive(folder)).toBe(false);
    expect(await isRunAlive(folder, { processId: process.pid, time: Date.now() })).toBe(true);
    writeFileSync(join(folder, 'process.json'), 'rubbish');
    expect(await isRunAlive(folder)).toBe(false);
    expect(readFileSync(join(folder, 'process.json'), 'utf8')).toBe('rubbish');
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let look = 0; look < 500 && !condition(); look++) await delay(10);
  expect(condition()).toBe(true);
}
