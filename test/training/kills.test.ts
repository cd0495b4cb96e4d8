import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createRandom } from '../../src/common/random';
import { takeLock } from '../../src/runs/lock';
import { readProcess } from '../../src/runs/process';
import { nativeProblem } from '../program/support';
import { draftRun, journalOf, temporaryFolder } from './runs';
import {
  asides,
  content,
  draft,
  engines,
  exitOf,
  killAfter,
  lastTensors,
  missing,
  start,
  stoppedRun,
  titles,
  undisturbed,
} from './resuming';
/** How often a run on each engine is killed: fifty times in all. */
const kills = { native: 25, wasm: nativeProblem === undefined ? 20 : 45, cpu: 5 };

describe('a run that is killed', () => {
  const random = createRandom(20, 'kills');
  let duringWriting = 0;

  /** Starts a run and kills its process again and again, until it has come to its end in spite of that or often enough. */
  async function killed(engine: (typeof engines)[number], most: number) {
    const { folder, events } = await draftRun(draft, { engine });
    let child = start(folder);
    let count = 0;
    while (count < most) {
      const took = child;
      // Most are killed while they train; some before, while they read.
      const isReady = async () => (await readProcess(folder))?.processId === took.pid;
      const early = random.uniform() < 0.1;
      const ready = count === 0 ? async () => (await events()).length > 1 : isReady;
      await killAfter(took, (early ? 400 : 120) * random.uniform(), early ? async () => true : ready);
      if (took.exitCode !== null) break;
      count++;
      if (asides(folder).length > 0) duringWriting++;
      child = start(folder, '--resume');
    }
    expect(child.exitCode ?? (await exitOf(child))).toBe(0);
    return { folder, count, found: await events() };
  }

  for (const engine of engines) {
    test.skipIf(missing(engine))(
      `at random moments on ${titles[engine]} ends as one that never was: same parameters, same journal`,
      async () => {
        const whole = await undisturbed(engine);
        for (let left = kills[engine]; left > 0;) {
          const { folder, count, found } = await killed(engine, left);
          left -= count;
          expect(content(found)).toEqual(whole.content);
          expect(lastTensors(folder)).toBe(whole.tensors);
        }
      },
      240_000,
    );
  }

  test('was killed while it wrote a checkpoint, too', () => {
    expect(duringWriting).toBeGreaterThan(0);
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
