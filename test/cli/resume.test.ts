import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readJournal } from '../../src/runs/journalReader';
import { readProcess } from '../../src/runs/process';
import type { RunReport } from '../../src/runs/report';
import { listRuns, runsFolderOf } from '../../src/runs/store';
import { temporaryFolder } from '../runs/fixtures/folders';
import { commandLine } from './fixtures/commandLine';
import { smallExperiment, writeExperiment } from './fixtures/experiments';

const mtl = commandLine('real');
/** Two hundred steps, every second one kept: long enough to be killed in between. */
const words = ['--engine', 'wasm', '--set', 'training.epochs=40', '--set', 'training.checkpoints.everySteps=2'];

/** A run whose process was killed after a few epochs. */
async function killedRun() {
  const folder = temporaryFolder();
  writeExperiment(folder);
  const running = mtl(['run', 'small.mtl.yaml', ...words], folder);
  await running.says('epoch 3/');
  const [run] = (await listRuns(runsFolderOf(folder))).runs;
  process.kill((await readProcess(run.folder))!.processId, 'SIGKILL');
  return { folder, run, outcome: await running };
}

/** What a journal says, without times and the process. */
async function content(runFolder: string): Promise<readonly string[]> {
  const { events, problem } = await readJournal(runFolder);
  expect(problem).toBeUndefined();
  return events
    .filter(({ type }) => type !== 'resumed')
    .map((event) => JSON.stringify({ ...event, time: 0, seconds: 0, processId: 0 }));
}

function newestTensors(runFolder: string): string {
  const steps = readdirSync(join(runFolder, 'checkpoints')).map(Number);
  return readFileSync(join(runFolder, 'checkpoints', String(Math.max(...steps)), 'state.safetensors')).toString('hex');
}

test('a run that was killed says how to go on, and goes on to the same end', async () => {
  const { folder, run, outcome } = await killedRun();
  expect(outcome.code).toBe(1);
  expect(outcome.stderr).toContain('The process of the run ended without a word to its journal.');
  expect(outcome.stderr).toContain(`Go on from its last checkpoint with: mtl resume ${run.folder}`);
  expect((await mtl(['list'], folder)).stdout).toContain('interrupted');

  const { code, stdout, stderr } = await mtl(['resume', run.folder, '--json'], folder);
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^Going on with .*, seed 1\nresumed at step \d+\nepoch/)]);
  expect(JSON.parse(stdout) as RunReport).toMatchObject({ state: 'finished', epochs: 40 });

  const other = temporaryFolder();
  writeExperiment(other);
  expect((await mtl(['run', 'small.mtl.yaml', ...words, '--quiet'], other)).code).toBe(0);
  const [whole] = (await listRuns(runsFolderOf(other))).runs;
  expect(await content(run.folder)).toEqual(await content(whole.folder));
  expect(newestTensors(run.folder)).toBe(newestTensors(whole.folder));

  const again = await mtl(['resume', 'latest'], folder);
  expect(again.code).toBe(1);
  expect(again.stderr).toContain(
    'error: The run cannot go on: it is finished.\n  Start a new run, with more epochs.\n',
  );
});

test('what keeps a run from going on is told without a stack, and the run stays as it was', async () => {
  const { folder, run } = await killedRun();
  const before = readFileSync(join(run.folder, 'events.jsonl'), 'utf8');
  const unknown = await mtl(['resume', 'latest', '--engine', 'abacus'], folder);
  expect(unknown).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: Unknown engine "abacus"/) as string,
  });
  writeFileSync(join(run.folder, 'experiment.yaml'), smallExperiment.replace('regression', 'regresion'));
  const { code, stderr } = await mtl(['resume', 'latest'], folder);
  expect(code).toBe(1);
  expect(stderr).toContain('error: The run did not go on, and is as it was. ');
  expect(stderr).toContain('regresion');
  expect(stderr).toContain(`All that its process printed is in ${join(run.folder, 'process.log')}`);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(readFileSync(join(run.folder, 'events.jsonl'), 'utf8')).toBe(before);
});
