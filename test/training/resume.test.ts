import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createRandom } from '../../src/common/random';
import type { RunEvent } from '../../src/runs/events';
import { takeLock } from '../../src/runs/lock';
import { readProcess } from '../../src/runs/process';
import { sha256 } from '../../src/training/checkpoints';
import { runFolder } from '../../src/training/run';
import { draftRun, journalOf, temporaryFolder, type Draft } from './runs';

const trainScript = resolve(import.meta.dirname, '../../dist/train.js');
const engines = ['wasm', 'cpu'] as const;

const draft: Draft = {
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

/**
 * What a journal says, without what cannot be the same twice: times, durations, the process, and the marks that a run
 * was continued, with the numbering that they shift.
 */
function content(events: readonly RunEvent[]): readonly string[] {
  return events
    .filter(({ type }) => type !== 'resumed' && type !== 'paused')
    .map((event) => JSON.stringify({ ...event, time: 0, sequence: 0, seconds: 0, processId: 0 }));
}

function start(folder: string, ...words: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, [trainScript, folder, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

const exitOf = async (child: ChildProcess) => ((await once(child, 'exit')) as [number | null])[0];

/** The bytes of the newest checkpoint's tensors: parameters, optimizer, sums. */
function lastTensors(folder: string): string {
  const steps = readdirSync(join(folder, 'checkpoints')).map(Number);
  return readFileSync(join(folder, 'checkpoints', String(Math.max(...steps)), 'state.safetensors')).toString('base64');
}

const asides = (folder: string) =>
  existsSync(join(folder, 'checkpoints'))
    ? readdirSync(join(folder, 'checkpoints')).filter((name) => name.startsWith('.new-'))
    : [];

async function undisturbed(engine: (typeof engines)[number], of: Draft = draft) {
  const { folder, events } = await draftRun(of, { engine });
  expect(await runFolder(folder, new AbortController().signal)).toBe('finished');
  return { folder, content: content(await events()), tensors: lastTensors(folder) };
}

/** Kills a run from outside some time after it is ready, and waits for its end. */
async function killAfter(child: ChildProcess, milliseconds: number, isReady: () => Promise<boolean>) {
  const gone = once(child, 'exit');
  while (child.exitCode === null && !(await isReady())) await delay(5);
  await Promise.race([gone, delay(milliseconds)]);
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await gone;
}

describe('a run that is killed', () => {
  test('fifty times at random moments ends as one that never was: same parameters, same journal', async () => {
    const random = createRandom(20, 'kills');
    let kills = 0;
    let duringWriting = 0;
    for (const engine of engines) {
      const whole = await undisturbed(engine);
      while (kills < (engine === 'wasm' ? 25 : 50)) {
        const { folder, events } = await draftRun(draft, { engine });
        let child = start(folder);
        for (;;) {
          const { processId } = (await readProcess(folder)) ?? {};
          const steps = (await events()).length;
          const took = child;
          await killAfter(took, 120 * random.uniform(), async () => {
            const now = (await readProcess(folder))?.processId;
            return processId === undefined && now === undefined ? (await events()).length > steps : now === took.pid;
          });
          if (took.exitCode !== null) break;
          kills++;
          if (asides(folder).length > 0) duringWriting++;
          child = start(folder, '--resume');
          if (kills % 25 === 0) await exitOf(child);
        }
        expect(child.exitCode).toBe(0);
        expect(content(await events())).toEqual(whole.content);
        expect((await events()).map(({ sequence }) => sequence)).toEqual((await events()).map((_, index) => index));
        expect(lastTensors(folder)).toBe(whole.tensors);
      }
    }
    expect(kills).toBeGreaterThanOrEqual(50);
    expect(duringWriting).toBeGreaterThan(0);
  }, 240_000);
});

const short: Draft = { ...draft, training: { ...draft.training, epochs: 3, checkpoints: { everySteps: 4 } } };
const never = new AbortController().signal;

/** A run that was stopped at its first look for requests after it had a checkpoint. */
async function stoppedRun(of: Draft = { ...draft, training: { ...draft.training, epochs: 2000 } }) {
  const drafted = await draftRun(of);
  const child = start(drafted.folder);
  while (!(await drafted.events()).some(({ type }) => type === 'checkpoint')) await delay(10);
  writeFileSync(join(drafted.folder, 'requests', 'stop'), '');
  expect(await exitOf(child)).toBe(130);
  return drafted;
}

const stepsOf = (folder: string) =>
  readdirSync(join(folder, 'checkpoints'))
    .map(Number)
    .sort((a, b) => a - b);

describe('checkpoints', () => {
  test.each(engines)('a run and its repetition on %s write the same journal and the same state', async (engine) => {
    const [one, other] = [await undisturbed(engine, short), await undisturbed(engine, short)];
    expect(other.content).toEqual(one.content);
    expect(other.tensors).toBe(one.tensors);
  });

  test('the last two and the best are kept', async () => {
    const { folder, content: lines } = await undisturbed('wasm', {
      ...draft,
      training: { ...draft.training, epochs: 40, optimizer: { name: 'adam', learningRate: 0.1 } },
    });
    const best = journalOf(lines.map((line) => JSON.parse(line) as RunEvent)).last;
    if (best.type !== 'finished') throw new Error(best.type);
    expect(best.bestEpoch).toBeLessThan(39);
    const perEpoch = 15;
    const last = 40 * perEpoch;
    expect(stepsOf(folder)).toEqual([...new Set([best.bestEpoch * perEpoch, last - 1, last])].sort((a, b) => a - b));
  });

  test.each(['state.safetensors', 'state.json'])('a flipped byte in %s: the one before is taken', async (name) => {
    const whole = await undisturbed('wasm', short);
    const { folder, events } = await draftRun(short, { engine: 'wasm' });
    await runFolder(folder, never);
    const [before, newest] = stepsOf(folder).slice(-2);
    const path = join(folder, 'checkpoints', String(newest), name);
    const bytes = readFileSync(path);
    bytes[bytes.length - 20] ^= 1;
    writeFileSync(path, bytes);
    expect(await runFolder(folder, never, true)).toBe('finished');
    const { of } = journalOf(await events());
    expect(of('resumed').map(({ step }) => step)).toEqual([before]);
    expect(of('warning')[0].message).toContain(`checkpoint of step ${newest} is damaged`);
    expect(content(await events()).filter((line) => !line.includes('"warning"'))).toEqual(whole.content);
    expect(lastTensors(folder)).toBe(whole.tensors);
  });

  test('without any checkpoint the run begins again in the same folder', async () => {
    const whole = await undisturbed('wasm', short);
    const { folder, events } = await draftRun(short, { engine: 'wasm' });
    await runFolder(folder, never);
    rmSync(join(folder, 'checkpoints'), { recursive: true });
    expect(await runFolder(folder, never, true)).toBe('finished');
    expect(content(await events())).toEqual(whole.content);
  });

  test('a run that was killed before it could stop goes on to its end', async () => {
    const { folder } = await draftRun(short, { engine: 'wasm' });
    await runFolder(folder, never);
    rmSync(join(folder, 'checkpoints'), { recursive: true });
    writeFileSync(join(folder, 'requests', 'stop'), '');
    expect(await runFolder(folder, never, true)).toBe('finished');
  });

  test('one that another version wrote otherwise is refused, and nothing is given up', async () => {
    const { folder } = await draftRun(short, { engine: 'wasm' });
    await runFolder(folder, never);
    const journal = readFileSync(join(folder, 'events.jsonl'), 'utf8');
    const newest = stepsOf(folder).at(-1)!;
    const path = join(folder, 'checkpoints', String(newest), 'state.json');
    const { checkpoint } = JSON.parse(readFileSync(path, 'utf8')) as { checkpoint: object };
    const head = JSON.stringify({ ...checkpoint, format: 99 });
    writeFileSync(path, `{"checksum":"${sha256(head)}","checkpoint":${head}}\n`);
    await expect(runFolder(folder, never, true)).rejects.toMatchObject({ code: 'not-resumable' });
    expect(readFileSync(join(folder, 'events.jsonl'), 'utf8')).toBe(journal);
  });
});

describe('a run folder', () => {
  test('belongs to one process at a time, and a dead one does not hold it', async () => {
    const { folder } = await stoppedRun();
    const [one, other] = [start(folder, '--resume'), start(folder, '--resume')];
    const said: string[] = [];
    for (const child of [one, other]) child.stderr!.on('data', (data: Buffer) => said.push(String(data)));
    const loser = await Promise.race([exitOf(one).then(() => one), exitOf(other).then(() => other)]);
    expect(loser.exitCode).toBe(1);
    expect(said.join('')).toContain('already runs this run');
    const winner = loser === one ? other : one;
    expect(winner.exitCode).toBeNull();
    await expect(takeLock(folder)).rejects.toMatchObject({ code: 'locked' });
    winner.kill('SIGKILL');
    await once(winner, 'exit');
    (await takeLock(folder))();
  });

  test('that is deleted while the run goes on ends the process, and is not made anew', async () => {
    const { folder, events } = await draftRun({ ...draft, training: { ...draft.training, epochs: 2000 } });
    const child = start(folder);
    let said = '';
    child.stderr!.on('data', (data: Buffer) => (said += String(data)));
    while (!(await events()).some(({ type }) => type === 'checkpoint')) await delay(10);
    while (existsSync(folder)) {
      try {
        rmSync(folder, { recursive: true });
      } catch {
        // A file came into the folder meanwhile.
      }
    }
    expect(await exitOf(child)).toBe(1);
    expect(said).toMatch(/run folder (was deleted|is gone)/);
    expect(existsSync(folder)).toBe(false);
  });
});

const canMount = (() => {
  const place = mkdtempSync(join(tmpdir(), 'mtl-mount-'));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place]);
  if (status === 0) spawnSync('umount', [place]);
  rmSync(place, { recursive: true });
  return status === 0;
})();

describe(canMount ? 'a full disk' : 'a full disk (skipped: this machine lets no file system be mounted)', () => {
  test.skipIf(!canMount)('ends the run with a clear word; with room again it goes on to the same end', async () => {
    const whole = await undisturbed('wasm');
    const root = temporaryFolder();
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', root]).status).toBe(0);
    onTestFinished(() => void spawnSync('umount', ['-l', root]));
    const { folder, events } = await draftRun(draft, { engine: 'wasm', root });
    const child = start(folder);
    while (!(await events()).some(({ type }) => type === 'checkpoint')) await delay(10);
    spawnSync('dd', ['if=/dev/zero', `of=${join(root, 'ballast')}`, 'bs=4k']);
    expect(await exitOf(child)).toBe(1);
    const { last } = journalOf(await events());
    if (last.type !== 'failed') throw new Error(last.type);
    expect(last).toMatchObject({ code: 'not-writable' });
    expect(last.message).toContain('the disk is full');
    rmSync(join(root, 'ballast'));
    expect(await exitOf(start(folder, '--resume'))).toBe(0);
    expect(content(await events())).toEqual(whole.content);
    expect(lastTensors(folder)).toBe(whole.tensors);
  });
});
