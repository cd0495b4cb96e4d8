import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import type { RunEvent } from '../../src/runs/events';
import { sha256 } from '../../src/training/checkpoints';
import { runFolder } from '../../src/training/run';
import { nativeProblem, nativeTitle } from '../program/support';
import { draftRun, temporaryFolder, type Draft } from './runs';

const dist = resolve(import.meta.dirname, '../../dist');
export const trainScript = join(dist, 'train.js');

/** Engines that runs are tried on, and what tests of them are called. */
export const engines = ['native', 'wasm', 'cpu'] as const;
export const titles = { native: nativeTitle('native'), wasm: 'wasm', cpu: 'cpu' };
export const missing = (engine: (typeof engines)[number]) => engine === 'native' && nativeProblem !== undefined;

export const draft: Draft = {
  data: { generate: 'related-regressions', tasks: 2, rows: 600, inputs: 6, nonlinearity: 0 },
  tasks: { first: { target: 'y1', kind: 'regression' }, second: { target: 'y2', kind: 'regression' } },
  model: { encoder: { layers: [8], dropout: 0.2 } },
  training: {
    epochs: 30,
    batchSize: 32,
    optimizer: { name: 'adam', learningRate: 0.01 },
    checkpoints: { everySteps: 1 },
  },
  relatedness: { every: 2 },
};

/** What a journal says, without what cannot be the same twice: times, durations, the process, and that it was resumed. */
export function content(events: readonly RunEvent[]): readonly string[] {
  return events
    .filter(({ type }) => type !== 'resumed')
    .map((event) => JSON.stringify({ ...event, time: 0, seconds: 0, processId: 0 }));
}

export function start(folder: string, ...words: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [trainScript, folder, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

export const exitOf = async (child: ChildProcess) => ((await once(child, 'exit')) as [number | null])[0];

/** The bytes of the newest checkpoint's tensors: parameters, optimizer, sums. */
export function lastTensors(folder: string): string {
  const steps = readdirSync(join(folder, 'checkpoints')).map(Number);
  return readFileSync(join(folder, 'checkpoints', String(Math.max(...steps)), 'state.safetensors')).toString('base64');
}

export const asides = (folder: string) =>
  existsSync(join(folder, 'checkpoints'))
    ? readdirSync(join(folder, 'checkpoints')).filter((name) => name.startsWith('.new-'))
    : [];

export async function undisturbed(engine: (typeof engines)[number], of: Draft = draft) {
  const { folder, events } = await draftRun(of, { engine });
  // TensorFlow is set up once in a process, so a run on it has one of its own.
  if (engine === 'native') expect(await exitOf(start(folder))).toBe(0);
  else expect(await runFolder(folder, new AbortController().signal)).toBe('finished');
  return { folder, content: content(await events()), tensors: lastTensors(folder) };
}

/** Kills a run from outside some time after it is ready, and waits for its end. */
export async function killAfter(child: ChildProcess, milliseconds: number, isReady: () => Promise<boolean>) {
  const gone = once(child, 'exit');
  while (child.exitCode === null && !(await isReady())) await delay(5);
  await Promise.race([gone, delay(milliseconds)]);
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await gone;
}

export const short: Draft = { ...draft, training: { ...draft.training, epochs: 3, checkpoints: { everySteps: 4 } } };
export const never = new AbortController().signal;

/** A run that was stopped at its first look for requests after it had a checkpoint. */
export async function stoppedRun(of: Draft = { ...draft, training: { ...draft.training, epochs: 2000 } }) {
  const drafted = await draftRun(of);
  const child = start(drafted.folder);
  while (!(await drafted.events()).some(({ type }) => type === 'checkpoint')) await delay(10);
  writeFileSync(join(drafted.folder, 'requests', 'stop'), '');
  expect(await exitOf(child)).toBe(130);
  return drafted;
}

export const stepsOf = (folder: string) =>
  readdirSync(join(folder, 'checkpoints'))
    .map(Number)
    .sort((a, b) => a - b);

/** Changes what run.json says. */
export function editRecord(folder: string, change: object): void {
  const path = join(folder, 'run.json');
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), ...change }));
}

/** Changes what all checkpoints say, as if they had been written so. */
export function editCheckpoints(folder: string, change: object): void {
  for (const step of stepsOf(folder)) {
    const path = join(folder, 'checkpoints', String(step), 'state.json');
    const { checkpoint } = JSON.parse(readFileSync(path, 'utf8')) as { checkpoint: object };
    const head = JSON.stringify({ ...checkpoint, ...change });
    writeFileSync(path, `{"checksum":"${sha256(head)}","checkpoint":${head}}\n`);
  }
}

/** The bundled programs where no native engine is found. */
export function withoutNative() {
  const place = temporaryFolder();
  const copy = join(place, 'dist');
  mkdirSync(copy);
  for (const name of readdirSync(dist).filter((file) => /^(train|cli)\.js$|\.wasm$/.test(file)))
    copyFileSync(join(dist, name), join(copy, name));
  symlinkSync(resolve(dist, '../node_modules'), join(place, 'node_modules'));
  writeFileSync(join(place, 'package.json'), '{}');
  const env = { ...process.env, HOME: place, XDG_DATA_HOME: place, LOCALAPPDATA: place, MTL_ENGINE_FOLDER: place };
  return (script: 'train.js' | 'cli.js', ...words: readonly string[]) =>
    spawnSync(process.execPath, [join(copy, script), ...words], { env, encoding: 'utf8' });
}
