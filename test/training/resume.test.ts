import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/runs/events';
import { ownProcess } from '../../src/runs/launch';
import { continueRun } from '../../src/runs/resume';
import { initialRunState, reduceRuns, workSeconds } from '../../src/runs/state';
import { readRecord } from '../../src/runs/store';
import { sha256 } from '../../src/training/checkpoints';
import { runFolder } from '../../src/training/run';
import { draftRun, journalOf, temporaryFolder, type Draft } from './runs';
import {
  content,
  draft,
  editCheckpoints,
  editRecord,
  engines,
  exitOf,
  lastTensors,
  missing,
  never,
  short,
  start,
  stepsOf,
  titles,
  trainScript,
  undisturbed,
  withoutNative,
} from './resuming';

describe('checkpoints', () => {
  test.each(engines.filter((engine) => !missing(engine)))(
    'a run and its repetition on %s are the same',
    async (engine) => {
      const [one, other] = [await undisturbed(engine, short), await undisturbed(engine, short)];
      expect(other.content).toEqual(one.content);
      expect(other.tensors).toBe(one.tensors);
    },
  );

  describe.each(engines.filter((engine) => engine !== 'cpu' && !missing(engine)))(
    'what a weighting remembers on %s',
    (engine) => {
      test.each(['famo', 'moco', 'auto-lambda'] as const)(
        'of %s goes on from a checkpoint, bit for bit',
        async (name) => {
          const of = { ...short, training: { ...short.training, weighting: { name } } };
          const whole = await undisturbed(engine, of);
          const { folder, events } = await draftRun(of, { engine });
          await runFolder(folder, never);
          // As if the run had been killed between its last two checkpoints.
          const [before, newest] = stepsOf(folder).slice(-2);
          rmSync(join(folder, 'checkpoints', String(newest)), { recursive: true });
          expect(await runFolder(folder, never, 'same')).toBe('finished');
          expect(journalOf(await events()).of('resumed')[0].step).toBe(before);
          expect(content(await events())).toEqual(whole.content);
          expect(lastTensors(folder)).toBe(whole.tensors);
        },
      );
    },
  );

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
    expect(await runFolder(folder, never, 'same')).toBe('finished');
    const [resumed] = journalOf(await events()).of('resumed');
    expect(resumed.step).toBe(before);
    expect(resumed.notes).toEqual([
      expect.stringMatching(`checkpoint of step ${newest} is damaged: .* from step ${before}`),
    ]);
    expect(content(await events())).toEqual(whole.content);
    expect(lastTensors(folder)).toBe(whole.tensors);
  });

  test.each([
    ['after the checkpoint before', true, ['cannot be used: the journal before it is damaged']],
    ['before all of them', false, ['is damaged', 'is damaged', 'The run started again from its beginning']],
  ])('a flipped byte in the journal %s: what was before it is taken', async (_, late, said) => {
    const whole = await undisturbed('wasm', short);
    const { folder, events } = await draftRun(short, { engine: 'wasm' });
    await runFolder(folder, never);
    const path = join(folder, 'events.jsonl');
    const bytes = readFileSync(path);
    const [before] = stepsOf(folder).slice(-2);
    // A digit of the first time that is told, or of the first step after the checkpoint before the last.
    const place = late ? bytes.indexOf(`"step":${before + 1},`) + 7 : bytes.indexOf('"time":') + 10;
    bytes[place] ^= 1;
    writeFileSync(path, bytes);
    expect(await runFolder(folder, never, 'same')).toBe('finished');
    const [resumed] = journalOf(await events()).of('resumed');
    expect(resumed.step).toBe(late ? before : 0);
    for (const words of said) expect(resumed.notes?.join(' ')).toContain(words);
    expect(content(await events())).toEqual(whole.content);
    expect(lastTensors(folder)).toBe(whole.tensors);
  });

  test.each([
    ['with a checkpoint', true],
    ['without one', false],
  ])('the time that a process spent before it was killed counts, %s', async (_, kept) => {
    const { folder, events } = await draftRun(short, { engine: 'wasm' });
    await runFolder(folder, never);
    // As if it had been killed long after its last checkpoint but one.
    const [newest] = stepsOf(folder).slice(-1);
    for (const step of stepsOf(folder)) {
      if (step === newest || !kept) rmSync(join(folder, 'checkpoints', String(step)), { recursive: true });
    }
    const path = join(folder, 'events.jsonl');
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(0, -1);
    const last = JSON.parse(lines.at(-1)!) as RunEvent;
    lines.splice(-1, 1, JSON.stringify({ ...last, time: last.time + 500_000 }));
    writeFileSync(path, `${lines.join('\n')}\n`);
    // Twice, as what comes after a checkpoint is given up with what it says of time.
    for (const times of [1, 2]) {
      expect(await runFolder(folder, never, 'same')).toBe('finished');
      const { of, last: end } = journalOf(await events());
      const lost = of('resumed').reduce((sum, resumed) => sum + (resumed.lost ?? 0), 0);
      expect(Math.floor(lost / 100)).toBe(5);
      expect(end.type === 'finished' && end.seconds).toBeGreaterThan(500);
      expect(workSeconds(reduceRuns(initialRunState, await events()))).toBeGreaterThan(500);
      if (times === 1) rmSync(join(folder, 'checkpoints', String(newest)), { recursive: true });
    }
  });

  test('a journal whose end is lost: the run goes on from where it is whole', async () => {
    const whole = await undisturbed('wasm', short);
    const { folder, events } = await draftRun(short, { engine: 'wasm' });
    await runFolder(folder, never);
    const path = join(folder, 'events.jsonl');
    const text = readFileSync(path, 'utf8');
    const [before, newest] = stepsOf(folder).slice(-2);
    writeFileSync(path, text.slice(0, text.indexOf(`"step":${newest},`)));
    expect(await runFolder(folder, never, 'same')).toBe('finished');
    expect(journalOf(await events()).of('resumed')[0]).toMatchObject({
      step: before,
      notes: [expect.stringContaining(`step ${newest} is ahead of the journal, whose end is lost`)],
    });
    expect(content(await events())).toEqual(whole.content);
  });

  test('without any checkpoint the run begins again in the same folder', async () => {
    const whole = await undisturbed('wasm', short);
    const { folder, events } = await draftRun(short, { engine: 'wasm' });
    await runFolder(folder, never);
    rmSync(join(folder, 'checkpoints'), { recursive: true });
    expect(await runFolder(folder, never, 'same')).toBe('finished');
    expect(content(await events())).toEqual(whole.content);
  });

  test('a run that was killed before it could stop goes on to its end', async () => {
    const { folder } = await draftRun(short, { engine: 'wasm' });
    await runFolder(folder, never);
    rmSync(join(folder, 'checkpoints'), { recursive: true });
    writeFileSync(join(folder, 'requests', 'stop'), '');
    expect(await runFolder(folder, never, 'same')).toBe('finished');
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
    await expect(runFolder(folder, never, 'same')).rejects.toMatchObject({ code: 'not-resumable' });
    expect(readFileSync(join(folder, 'events.jsonl'), 'utf8')).toBe(journal);
  });
});

describe('the engine that a run goes on with', () => {
  test('is that of its checkpoint, whatever `auto` would take now', async () => {
    const whole = await undisturbed('cpu', short);
    const { folder, events } = await draftRun(short, { engine: 'cpu' });
    await runFolder(folder, never);
    editRecord(folder, { engine: 'auto' });
    rmSync(join(folder, 'checkpoints', String(stepsOf(folder).at(-1))), { recursive: true });
    expect(await runFolder(folder, never, 'same')).toBe('finished');
    const [resumed] = journalOf(await events()).of('resumed');
    expect(Object.keys(resumed).sort()).toEqual(['lost', 'mark', 'sequence', 'step', 'time', 'type']);
    expect(content(await events())).toEqual(whole.content);
    expect(lastTensors(folder)).toBe(whole.tensors);
  });

  test('where it is gone, that is said with what to do, and the run is as it was; another one is journalled', async () => {
    const { folder, events } = await draftRun(short, { engine: 'wasm' });
    await runFolder(folder, never);
    editCheckpoints(folder, { engine: 'native', threads: 2 });
    const before = readFileSync(join(folder, 'events.jsonl'), 'utf8');
    const start = withoutNative();
    const refused = start('train.js', folder, '--resume');
    expect(refused.status).toBe(3);
    expect(refused.stderr).toMatch(
      /^The run was computed by the native engine and goes on exactly only there; it does not start now\. .*`mtl engine install`( again)?\..*: mtl resume RUN --engine auto\n$/,
    );
    expect(readFileSync(join(folder, 'events.jsonl'), 'utf8')).toBe(before);
    const { status } = start('train.js', folder, '--resume', 'wasm');
    expect(status).toBe(0);
    const state = reduceRuns(initialRunState, await events());
    const [resumed] = journalOf(await events()).of('resumed');
    expect(resumed).toMatchObject({ engine: 'wasm', threads: 1, engineReason: 'It was asked for.' });
    expect(state.started).toMatchObject({ engine: 'wasm', threads: 1, engineReason: resumed.engineReason });
    expect(state.warnings).toEqual([expect.stringContaining('went on with engine wasm after native')]);
  });

  test.skipIf(missing('native'))(`${titles.native}: has as many threads as before`, async () => {
    const { folder, events } = await draftRun({ ...short, threads: 2 }, { engine: 'native' });
    expect(await exitOf(start(folder))).toBe(0);
    expect(journalOf(await events()).of('started')[0]).toMatchObject({ engine: 'native', threads: 2 });
    const { checkpoint } = JSON.parse(
      readFileSync(join(folder, 'checkpoints', String(stepsOf(folder).at(-1)), 'state.json'), 'utf8'),
    ) as { checkpoint: object };
    expect(checkpoint).toMatchObject({ engine: 'native', threads: 2 });
    editCheckpoints(folder, { threads: 3 });
    expect(await exitOf(start(folder, '--resume'))).toBe(0);
    // What it has now is what its checkpoint had: nothing changed.
    expect(Object.keys(journalOf(await events()).of('resumed')[0])).not.toContain('threads');
  });

  test('what else may change the last bit is told', async () => {
    const { folder, events } = await draftRun(short, { engine: 'wasm' });
    await runFolder(folder, never);
    editCheckpoints(folder, { surroundings: { workbench: '0.0.1', processor: 'An old one', gone: '1' } });
    await runFolder(folder, never, 'same');
    const { notes } = journalOf(await events()).of('resumed')[0];
    expect(notes).toEqual([
      expect.stringMatching(/with workbench .* instead of 0\.0\.1, processor .* instead of An old one\. /),
    ]);
  });
});

test.skipIf(missing('native'))(`${titles.native}: the log of a run is free of what TensorFlow notices`, async () => {
  const { folder, events } = await draftRun({ ...short, relatedness: { every: 1 } }, { engine: 'native' });
  const log = join(folder, 'process.log');
  const descriptor = openSync(log, 'a');
  writeSync(descriptor, 'I0000 of somebody before it stays\n');
  const child = spawn(process.execPath, [trainScript, folder], { stdio: ['ignore', descriptor, descriptor] });
  closeSync(descriptor);
  expect(await exitOf(child)).toBe(0);
  expect(readFileSync(log, 'utf8')).toBe('I0000 of somebody before it stays\n');
  // It would have said so.
  expect(journalOf(await events()).of('started')[0].versions.oneDnn).toBe('on');
});

describe('a run that failed', () => {
  test('by what it computes itself does not go on, and says why', async () => {
    const wild: Draft = { ...short, training: { ...short.training, optimizer: { name: 'sgd', learningRate: 1e30 } } };
    const { folder, events } = await draftRun(wild, { engine: 'wasm' });
    expect(await runFolder(folder, never)).toBe('failed');
    expect((await events()).at(-1)).toMatchObject({ type: 'failed', code: 'loss-not-finite', final: true });
    const run = await readRecord(folder);
    if (!('record' in run)) throw new Error(run.message);
    await expect(continueRun(run, ownProcess(trainScript))).rejects.toMatchObject({
      code: 'not-resumable',
      message: expect.stringMatching(
        /would fail in the same way again\. The loss of task .* Lower the learning rate/,
      ) as string,
    });
  });

  test.each(['unexpected', 'not-writable', 'executor/native-failed'])('by %s goes on to the same end', async (code) => {
    const whole = await undisturbed('wasm', short);
    const { folder, events } = await draftRun(short, { engine: 'wasm' });
    await runFolder(folder, never);
    const path = join(folder, 'events.jsonl');
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    const { sequence, time } = JSON.parse(lines.pop()!) as RunEvent;
    const failed: RunEvent = { type: 'failed', code, message: 'Out of memory.', seconds: 1, sequence, time };
    writeFileSync(path, `${lines.join('\n')}\n${JSON.stringify(failed)}\n`);
    rmSync(join(folder, 'checkpoints', String(stepsOf(folder).at(-1))), { recursive: true });
    const run = await readRecord(folder);
    if (!('record' in run)) throw new Error(run.message);
    const { exited } = await continueRun(run, ownProcess(trainScript));
    await exited;
    expect(content(await events())).toEqual(whole.content);
    expect(lastTensors(folder)).toBe(whole.tensors);
  });

  test('to go on because of its data is as it was', async () => {
    const file = join(temporaryFolder(), 'table.csv');
    const rows = Array.from({ length: 60 }, (_, row) => `${row % 7},${row % 5},${(row % 7) * 2}`);
    writeFileSync(file, `a,b,y\n${rows.join('\n')}\n`);
    const { folder } = await draftRun(
      { data: { source: file }, tasks: { y: { target: 'y', kind: 'regression' } }, training: short.training },
      { engine: 'wasm' },
    );
    await runFolder(folder, never);
    const before = readFileSync(join(folder, 'events.jsonl'), 'utf8');
    writeFileSync(file, `a,b,y\n${rows.slice(1).join('\n')}\n`);
    await expect(runFolder(folder, never, 'same')).rejects.toMatchObject({ code: 'data-changed' });
    rmSync(file);
    await expect(runFolder(folder, never, 'same')).rejects.toThrow(/table\.csv/);
    expect(readFileSync(join(folder, 'events.jsonl'), 'utf8')).toBe(before);
  });
});
