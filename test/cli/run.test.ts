import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunReport } from '../../src/runs/report';
import { listRuns, runsFolderOf } from '../../src/runs/store';
import { temporaryFolder } from '../runs/fixtures/folders';
import { commandLine, script } from './fixtures/commandLine';
import { smallExperiment, writeExperiment } from './fixtures/experiments';

const mtl = commandLine();
const quick = script({ epochs: 3, milliseconds: 20 });
const endless = script({ epochs: 100_000, milliseconds: 10 });

describe('mtl run', () => {
  test('ends with a table of results, the matrix and the run folder; progress goes to standard error', async () => {
    const folder = temporaryFolder();
    const { code, stdout, stderr } = await mtl(['run', writeExperiment(folder)], folder, quick);
    expect(code).toBe(0);
    const [run] = (await listRuns(runsFolderOf(folder))).runs;
    expect(stdout.split('\n')).toEqual([
      'Regression (2 tasks)',
      'task   split       loss   r2',
      'north  validation   0.2  0.8',
      'south  validation   0.2  0.4',
      '',
      'Relatedness: gradient-cosine',
      '       north  south',
      'north   1.00   0.25',
      'south   0.25   1.00',
      '',
      'Seed 1 finished after 13 s, 4 epochs, best epoch 3, engine cpu',
      `Run folder: ${run.folder}`,
      '',
    ]);
    expect(stderr).toMatch(/^Run \S+, seed 1\nepoch 1\/3 {2}step 10 {2}validation r2 0\.375 {2}\S+ s left\n/);
    expect(stderr.match(/^epoch /gm)).toHaveLength(3);
  });

  test('--json prints exactly one object', async () => {
    const folder = temporaryFolder();
    const { code, stdout } = await mtl(['run', writeExperiment(folder), '--json', '--seed', '9'], folder, quick);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as RunReport;
    expect(report).toMatchObject({
      state: 'finished',
      engine: 'cpu',
      seconds: 12.5,
      steps: 40,
      seed: 9,
      metrics: { north: { validation: { r2: 0.8 } }, south: { validation: { r2: 0.4 } } },
      relatedness: { 'gradient-cosine': { tasks: ['north', 'south'] } },
    });
    expect(existsSync(join(report.runFolder, 'events.jsonl'))).toBe(true);
  });

  test('the run folder holds the resolved experiment of exactly this run', async () => {
    const folder = temporaryFolder();
    const file = writeExperiment(folder);
    const words = ['run', file, '--set', 'training.epochs=7', '--set', 'training.batchSize=16', '--seed', '5'];
    await mtl([...words, '--engine', 'cpu', '--quiet'], folder, quick);
    const [run] = (await listRuns(runsFolderOf(folder))).runs;
    expect(run.record).toMatchObject({
      experiment: 'Small',
      file: join(folder, file),
      folder,
      seed: 5,
      engine: 'cpu',
      overrides: ['training.epochs=7', 'training.batchSize=16'],
    });
    const resolved = readFileSync(join(run.folder, 'experiment.yaml'), 'utf8');
    expect(resolved).toMatch(/epochs: 7\n/);
    expect(resolved).toMatch(/seeds: \[ 5 \]\n/);
    expect(resolved).toMatch(/engine: cpu\n/);
  });

  test('--quiet prints nothing', async () => {
    const folder = temporaryFolder();
    expect(await mtl(['run', writeExperiment(folder), '--quiet'], folder, quick)).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });

  test('several seeds are runs of one group, with means, deviations and the replicates', async () => {
    const folder = temporaryFolder();
    const file = writeExperiment(folder);
    const { code, stdout } = await mtl(['run', file, '--set', 'training.seeds=[3, 4]', '--json'], folder, quick);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as RunReport & { seeds: number[]; replicates: RunReport[] };
    expect(report.seeds).toEqual([3, 4]);
    expect(report.replicates.map(({ seed }) => seed)).toEqual([3, 4]);
    expect(report).toMatchObject({
      state: 'finished',
      steps: 80,
      metrics: { north: { validation: { r2: 0.8 } } },
      deviations: { north: { validation: { r2: 0 } } },
    });
    const { runs } = await listRuns(runsFolderOf(folder));
    expect(new Set(runs.map(({ record }) => record.group)).size).toBe(1);
    const table = await mtl(['run', file, '--set', 'training.seeds=[3, 4]'], folder, quick);
    expect(table.stdout).toContain('0.8 ± 0');
  });

  test('run folders go into --out, or into the nearest .mtl upwards', async () => {
    const top = temporaryFolder();
    const deep = join(top, 'a', 'b');
    mkdirSync(deep, { recursive: true });
    mkdirSync(join(top, '.mtl'));
    const file = writeExperiment(deep);
    await mtl(['run', file, '--quiet'], deep, quick);
    expect((await listRuns(runsFolderOf(top))).runs).toHaveLength(1);
    await mtl(['run', file, '--quiet', '--out', 'results'], deep, quick);
    expect((await listRuns(join(deep, 'results'))).runs).toHaveLength(1);
  });

  test('a failed run ends with 1, says why, and prints what there is', async () => {
    const folder = temporaryFolder();
    const failing = script({ epochs: 5, milliseconds: 10, fail: 2 });
    const { code, stdout, stderr } = await mtl(['run', writeExperiment(folder)], folder, failing);
    expect(code).toBe(1);
    expect(stderr).toContain('error: The loss of task "north" is NaN at step 10.');
    expect(stdout).toContain('Seed 1 failed');
    expect(stdout).toContain('0.6667');
  });

  test('a run whose process dies ends with 1 and names its log', async () => {
    const folder = temporaryFolder();
    const dying = script({ epochs: 5, milliseconds: 10, crash: 1 });
    const { code, stdout, stderr } = await mtl(['run', writeExperiment(folder), '--json'], folder, dying);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ state: 'interrupted', error: { code: 'interrupted' } });
    expect(stderr).toContain('It said: Error: out of luck');
    expect(stderr).toContain('process.log');
    expect(stderr).not.toContain('    at ');
  });

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s once stops the run, prints what there is, and ends with 130',
    async (signal) => {
      const folder = temporaryFolder();
      const running = mtl(['run', writeExperiment(folder), '--json'], folder, endless);
      await running.says('epoch 2/');
      running.child.kill(signal);
      const { code, stdout, stderr } = await running;
      expect(code).toBe(130);
      expect(stderr).toContain('Stopping.');
      expect(JSON.parse(stdout)).toMatchObject({ state: 'stopped', metrics: { north: {} } });
    },
  );

  test('Ctrl-C twice kills a run that does not obey', async () => {
    const folder = temporaryFolder();
    const deaf = script({ epochs: 100_000, milliseconds: 10, deaf: true });
    const running = mtl(['run', writeExperiment(folder)], folder, deaf);
    await running.says('epoch 2/');
    running.child.kill('SIGINT');
    await running.says('Stopping.');
    running.child.kill('SIGINT');
    const { code, stdout } = await running;
    expect(code).toBe(130);
    expect(stdout).toContain('interrupted');
  });

  test('after a stop no further seed is started', async () => {
    const folder = temporaryFolder();
    const file = writeExperiment(folder);
    const running = mtl(['run', file, '--set', 'training.seeds=[1, 2, 3]'], folder, endless);
    await running.says('epoch 1/');
    running.child.kill('SIGINT');
    expect((await running).code).toBe(130);
    expect((await listRuns(runsFolderOf(folder))).runs).toHaveLength(1);
  });

  test('names from outside cannot order the terminal about', async () => {
    const folder = temporaryFolder();
    const tasks = ['\u001b[31mred\u001b[0m\nline', '__proto__'];
    const named = script({ epochs: 2, milliseconds: 10, tasks });
    const text = smallExperiment.replace('name: Small', 'name: "\\e]0;title\\a\\e[2Jgone"');
    const { stdout, stderr } = await mtl(['run', writeExperiment(folder, text)], folder, named);
    // eslint-disable-next-line no-control-regex -- they are what is looked for
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(stdout).toContain('red line');
    expect(stdout).toContain('__proto__');
    const { stdout: json } = await mtl(['run', 'small.mtl.yaml', '--json'], folder, named);
    expect(Object.keys((JSON.parse(json) as RunReport).metrics)).toEqual(tasks);
  });

  test('many tasks do not flood the terminal', async () => {
    const folder = temporaryFolder();
    const tasks = Array.from({ length: 139 }, (_, school) => `School ${school} ${'x'.repeat(500)}`);
    const many = script({ epochs: 2, milliseconds: 10, tasks });
    const { stdout } = await mtl(['run', writeExperiment(folder)], folder, many);
    expect(stdout.split('\n').length).toBeLessThan(60);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThan(200);
    expect(stdout).toContain('Best 5 by validation r2');
    expect(stdout).toContain('Closest pairs');
  });

  test('a folder for runs that cannot be written is told in one message', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'taken'), '');
    const words = ['run', writeExperiment(folder), '--out', 'taken/runs'];
    const { code, stdout, stderr } = await mtl(words, folder, quick);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^error: No run folder can be made in .*taken\/runs: a part of the path is a file, not a folder\.\n {2}Choose another folder/m,
    );
  });
});
