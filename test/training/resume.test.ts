import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createRandom } from '../../src/common/random';
import type { RunEvent } from '../../src/runs/events';
import { readJournal } from '../../src/runs/journalReader';
import { readProcess } from '../../src/runs/process';
import { runFolder } from '../../src/training/run';
import { draftRun, journalOf, type Draft } from './runs';

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

/** Kills a run from outside when its journal has reached a number of bytes, and waits for its end. */
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
    console.log({ kills, duringWriting });
  }, 240_000);
});
