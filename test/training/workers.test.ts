import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readJournal } from '../../src/runs/journalReader';
import { startFolder, waitForEnd } from '../../src/runs/lifecycle';
import { isRunAlive, readProcess } from '../../src/runs/process';
import { continueRun } from '../../src/runs/resume';
import { listRuns, readRecord, type StoredRun } from '../../src/runs/store';
import { Workers } from '../../src/runs/workers';
import { tensorflowSettings } from '../../src/training/oneDnn';
import {
  content,
  draft,
  engines,
  lastTensors,
  missing,
  start,
  stoppedRun,
  titles,
  trainScript,
  undisturbed,
} from './resuming';
import { draftRun, journalOf, temporaryFolder, type Draft, type DraftRun } from './runs';

const endless: Draft = { ...draft, training: { ...draft.training, epochs: 100_000 } };

function openWorkers(most = 2) {
  const logs = join(temporaryFolder(), 'workers');
  const workers = new Workers({ most, trainScript, logs, env: tensorflowSettings(true) });
  onTestFinished(() => workers.close());
  return { workers, logs };
}

async function stored({ folder }: DraftRun): Promise<StoredRun> {
  return (await readRecord(folder)) as StoredRun;
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(20);
}

const hasCheckpoint = (drafted: DraftRun) =>
  until(async () => journalOf(await drafted.events()).of('checkpoint').length > 0);

/** Whether a process is there, and no zombie. */
function isThere(processId: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${processId}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe.each(engines)('one process that trains several runs on %s', (engine) => {
  test.skipIf(missing(engine))(`${titles[engine]}: gives each what it has in a process of its own`, async () => {
    const models: readonly Draft['model'][] = [
      { encoder: { layers: [8], dropout: 0.2 } },
      { encoder: { layers: [5] } },
    ];
    const { workers, logs } = openWorkers();
    const processes = new Set<number>();
    for (const model of [...models, models[0]]) {
      const of: Draft = { ...draft, model, training: { ...draft.training, epochs: 3 } };
      const alone = await undisturbed(engine, of);
      const drafted = await draftRun(of, { engine });
      const { processId, ended } = await workers.launch(await stored(drafted));
      processes.add(processId);
      expect(await ended).toBe(0);
      expect(content(await drafted.events())).toEqual(alone.content);
      expect(lastTensors(drafted.folder)).toBe(alone.tensors);
    }
    expect(processes.size).toBe(1);
    await workers.close();
    expect(isThere([...processes][0])).toBe(false);
    // Nothing was printed.
    expect(existsSync(logs)).toBe(false);
  });
});

test('as many runs at one time have processes of their own', async () => {
  const { workers } = openWorkers();
  const drafted = [await draftRun(endless), await draftRun(endless)];
  const given = [];
  for (const one of drafted) given.push(await workers.launch(await stored(one)));
  expect(new Set(given.map(({ processId }) => processId)).size).toBe(2);
  await workers.close();
  expect(await Promise.all(given.map(({ ended }) => ended))).toEqual([130, 130]);
  for (const one of drafted) expect(journalOf(await one.events()).last.type).toBe('stopped');
});

test('a run waits for a process where as many as there may be are at work', async () => {
  const { workers } = openWorkers(1);
  const short: Draft = { ...draft, training: { ...draft.training, epochs: 2 } };
  const given = await Promise.all([1, 2, 3].map(async () => workers.launch(await stored(await draftRun(short)))));
  expect(new Set(given.map(({ processId }) => processId)).size).toBe(1);
  process.kill(given[0].processId, 'SIGKILL');
  const next = await workers.launch(await stored(await draftRun(short)));
  expect(next.processId).not.toBe(given[0].processId);
  expect(await next.ended).toBe(0);
});

test('a run that fails is told as failed, and the next has the same process', async () => {
  const { workers } = openWorkers();
  const refused = await draftRun({ ...draft, data: { source: 'no-such.csv' } });
  const first = await workers.launch(await stored(refused));
  expect(await first.ended).toBe(2);
  expect(journalOf(await refused.events()).last.type).toBe('failed');
  const second = await workers.launch(
    await stored(await draftRun({ ...draft, training: { ...draft.training, epochs: 1 } })),
  );
  expect(second.processId).toBe(first.processId);
  expect(await second.ended).toBe(0);
});

test('a process that cannot bring its run to an end goes, so that the run does not seem to go on', async () => {
  const { workers, logs } = openWorkers();
  const drafted = await draftRun(draft);
  // The journal cannot be opened where a folder has its name.
  mkdirSync(join(drafted.folder, 'events.jsonl'));
  const { processId, ended } = await workers.launch(await stored(drafted));
  expect(await ended).toBe(1);
  expect(isThere(processId)).toBe(false);
  expect(readFileSync(join(logs, '1.log'), 'utf8')).toContain('events.jsonl');
  const next = await draftRun({ ...draft, training: { ...draft.training, epochs: 1 } });
  const other = await workers.launch(await stored(next));
  expect(other.processId).not.toBe(processId);
  expect(await other.ended).toBe(0);
});

test('a run whose process was killed goes on in another, or says why it does not', async () => {
  const { workers } = openWorkers();
  const of: Draft = { ...draft, training: { ...draft.training, epochs: 60 } };
  const drafted = await draftRun(of);
  const { processId, exited } = await startFolder(await stored(drafted), workers.launch);
  await hasCheckpoint(drafted);
  process.kill(processId, 'SIGKILL');
  await exited;
  expect(await isRunAlive(drafted.folder)).toBe(false);
  const again = await continueRun(await stored(drafted), workers.launch);
  expect(again.processId).not.toBe(processId);
  expect((await readProcess(drafted.folder))?.processId).toBe(again.processId);
  expect((await waitForEnd(drafted.folder)).state.phase).toBe('finished');
  const gone = await draftRun(endless);
  const killed = await workers.launch(await stored(gone));
  await hasCheckpoint(gone);
  process.kill(killed.processId, 'SIGKILL');
  await killed.ended;
  rmSync(join(gone.folder, 'experiment.yaml'));
  await expect(continueRun(await stored(gone), workers.launch)).rejects.toMatchObject({ code: 'not-started' });
});

test('a process of the number that another had before is not taken for that one', async () => {
  const { workers } = openWorkers(1);
  const of: Draft = { ...draft, training: { ...draft.training, epochs: 5 } };
  const { processId, ended } = await workers.launch(await stored(await draftRun(of)));
  await ended;
  // As in a container that was started anew after this run was interrupted.
  const interrupted = await stoppedRun();
  const before = { processId, startedAt: 1, ticks: '1' };
  writeFileSync(join(interrupted.folder, 'process.json'), JSON.stringify(before));
  const again = await continueRun(await stored(interrupted), workers.launch);
  expect(again.processId).toBe(processId);
  expect(await readProcess(interrupted.folder)).not.toMatchObject({ startedAt: 1 });
  expect(await isRunAlive(interrupted.folder)).toBe(true);
  await workers.close();
});

test.skipIf(process.platform !== 'linux')(
  'those of a run that was killed stop with a checkpoint, and are gone',
  async () => {
    const drafted = await draftRun({
      ...draft,
      training: { ...draft.training, epochs: 4000, checkpoints: { everySteps: 10_000 } },
      relatedness: { measures: ['pair-gain'] },
    });
    const child = start(drafted.folder);
    const below = async () => (await listRuns(join(drafted.folder, 'runs'))).runs;
    await until(async () =>
      journalOf(await drafted.events())
        .of('trainings')
        .some(({ running = 0 }) => running > 0),
    );
    const processIds = (await Promise.all((await below()).map(({ folder }) => readProcess(folder)))).map(
      (one) => one!.processId,
    );
    expect(processIds.length).toBeGreaterThan(0);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    await until(() => !processIds.some(isThere));
    for (const { folder } of await below()) {
      expect((await readJournal(folder)).events.at(-1)?.type).toBe('stopped');
      expect(readdirSync(join(folder, 'checkpoints')).length).toBeGreaterThan(0);
    }
  },
);

test('a process that dies before it starts is told', async () => {
  const drafted = await draftRun(draft);
  const workers = new Workers({
    most: 1,
    trainScript: join(drafted.folder, 'none.js'),
    logs: join(drafted.folder, 'workers'),
  });
  const { ended } = await workers.launch(await stored(drafted));
  expect(await ended).toBe(1);
  await workers.close();
  expect(readFileSync(join(drafted.folder, 'workers', '1.log'), 'utf8')).toContain('none.js');
});
