import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isRunAlive } from '../../src/runs/process';
import { listRuns, runsFolderOf } from '../../src/runs/store';
import { temporaryFolder } from '../runs/fixtures/folders';
import { commandLine, script } from './fixtures/commandLine';
import { writeExperiment } from './fixtures/experiments';

const mtl = commandLine();
const quick = script({ epochs: 2, milliseconds: 10 });
const endless = script({ epochs: 100_000, milliseconds: 10 });

describe('mtl list and mtl show', () => {
  test('list runs, newest first, with what is broken', async () => {
    const folder = temporaryFolder();
    const file = writeExperiment(folder);
    await mtl(['run', file, '--quiet', '--seed', '1'], folder, quick);
    await mtl(['run', file, '--quiet', '--seed', '2'], folder, script({ epochs: 2, milliseconds: 10, crash: 1 }));
    mkdirSync(join(runsFolderOf(folder), 'broken'));
    const { code, stdout, stderr } = await mtl(['list'], folder);
    expect(code).toBe(0);
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(/Small +interrupted +2 /);
    expect(lines[2]).toMatch(/Small +finished +1 .*validation r2 0\.6$/);
    expect(stderr).toMatch(/^Left out .*broken: run\.json is missing\.\n$/);
    const json = JSON.parse((await mtl(['list', '--json'], folder)).stdout) as { runs: unknown[]; broken: unknown[] };
    expect(json.runs).toMatchObject([
      { phase: 'interrupted', seed: 2 },
      { phase: 'finished', seed: 1, progress: 1 },
    ]);
    expect(json.broken).toHaveLength(1);
  });

  test('without runs list says how to get one', async () => {
    const folder = temporaryFolder();
    const { code, stdout, stderr } = await mtl(['list'], folder);
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/^No runs in .*\. Start one with: mtl run FILE\n$/);
    expect(JSON.parse((await mtl(['list', '--json'], folder)).stdout)).toMatchObject({ runs: [], broken: [] });
  });

  test('show tells what a run is, by any of its names', async () => {
    const folder = temporaryFolder();
    await mtl(['run', writeExperiment(folder), '--quiet'], folder, quick);
    const [{ record, folder: runFolder }] = (await listRuns(runsFolderOf(folder))).runs;
    for (const name of ['latest', record.id, record.id.slice(0, 15), record.id.slice(-6), runFolder]) {
      const { code, stdout } = await mtl(['show', name], folder);
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^run +${record.id}\nexperiment +Small\n`));
      expect(stdout).toMatch(/state +finished\n/);
      expect(stdout).toContain('Relatedness: gradient-cosine');
    }
    const json = JSON.parse((await mtl(['show', 'latest', '--json', '--runs', '.mtl/runs'], folder)).stdout) as object;
    expect(json).toMatchObject({ id: record.id, runFolder, state: 'finished', progress: 1 });
  });

  test('a damaged journal is shown as far as it goes', async () => {
    const folder = temporaryFolder();
    await mtl(['run', writeExperiment(folder), '--quiet'], folder, quick);
    const [run] = (await listRuns(runsFolderOf(folder))).runs;
    writeFileSync(join(run.folder, 'events.jsonl'), 'rubbish\n');
    const { code, stderr } = await mtl(['show', 'latest'], folder);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: Line 1 of the journal is damaged\./);
  });

  test.each([
    ['show', 'nothing'],
    ['stop', 'nothing'],
    ['pause', ''],
    ['resume', '../..'],
  ])('%s of a run that is not there: %j', async (command, name) => {
    const { code, stdout, stderr } = await mtl([command, name], temporaryFolder());
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: .*\n {2}See the runs there are with: mtl list\n$/);
  });

  test('a reader that has seen enough ends it quietly', async () => {
    const folder = temporaryFolder();
    await mtl(['run', writeExperiment(folder), '--quiet'], folder, quick);
    const child = spawn('bash', ['-c', `"${process.execPath}" "${mtl.script}" show latest --json | head -1`], {
      cwd: folder,
    });
    let output = '';
    let errors = '';
    child.stdout.on('data', (text: Buffer) => (output += text.toString()));
    child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
    await new Promise((fulfil) => child.once('close', fulfil));
    expect([output, errors]).toEqual(['{\n', '']);
  });
});

describe('mtl pause, resume and stop', () => {
  test('reach a run that another command started', async () => {
    const folder = temporaryFolder();
    const running = mtl(['run', writeExperiment(folder), '--json'], folder, endless);
    await running.says('epoch 1/');
    expect((await mtl(['pause', 'latest'], folder)).stderr).toMatch(/^Asked to pause: /);
    await running.says('paused at step');
    expect(JSON.parse((await mtl(['show', 'latest', '--json'], folder)).stdout)).toMatchObject({ state: 'paused' });
    expect((await mtl(['resume', 'latest'], folder)).code).toBe(0);
    await running.says('resumed at step');
    expect((await mtl(['stop', 'latest'], folder)).code).toBe(0);
    const { code, stdout } = await running;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'stopped' });
    const again = await mtl(['stop', 'latest'], folder);
    expect(again).toMatchObject({ code: 1, stderr: 'error: The run is over: it has stopped.\n  Start a new run.\n' });
    const [run] = (await listRuns(runsFolderOf(folder))).runs;
    expect(await isRunAlive(run.folder)).toBe(false);
  });
});
