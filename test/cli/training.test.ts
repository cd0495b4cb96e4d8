import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readJournal } from '../../src/runs/journalReader';
import type { RunReport } from '../../src/runs/report';
import { listRuns, runsFolderOf } from '../../src/runs/store';
import { temporaryFolder } from '../runs/fixtures/folders';
import { commandLine } from './fixtures/commandLine';
import { smallExperiment, writeExperiment } from './fixtures/experiments';

const mtl = commandLine('real');

async function report(words: readonly string[], folder: string): Promise<RunReport> {
  const { code, stdout, stderr } = await mtl(['run', 'small.mtl.yaml', '--json', ...words], folder);
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('error')]);
  return JSON.parse(stdout) as RunReport;
}

describe('mtl run with real training', () => {
  test('learns, and reports every metric of every task and split', async () => {
    const folder = temporaryFolder();
    writeExperiment(folder);
    const linear = ['--set', 'data.nonlinearity=0', '--set', 'data.rows=2000', '--set', 'training.epochs=20'];
    const { state, metrics, relatedness, steps, epochs } = await report(linear, folder);
    expect([state, epochs, steps]).toEqual(['finished', 20, 20 * 50]);
    for (const task of ['north', 'south']) {
      for (const split of ['validation', 'test'] as const) {
        expect(metrics[task][split]?.r2).toBeGreaterThan(0.7);
        expect(Object.keys(metrics[task][split] ?? {})).toEqual(
          expect.arrayContaining(['mse', 'mae', 'rmse', 'r2', 'explainedVariance']),
        );
      }
    }
    const { tasks, values } = relatedness['gradient-cosine'];
    expect(tasks).toEqual(['north', 'south']);
    expect(values[0][0]).toBeCloseTo(1, 4);
    expect(values[0][1]).toBe(values[1][0]);
  });

  test('the same seed gives the same figures on the same engine, another seed others', async () => {
    const folder = temporaryFolder();
    writeExperiment(folder);
    const [first, again, other] = [
      await report(['--seed', '3', '--engine', 'cpu'], folder),
      await report(['--seed', '3', '--engine', 'cpu'], folder),
      await report(['--seed', '4', '--engine', 'cpu'], folder),
    ];
    expect(first.engine).toBe('cpu');
    expect(again.metrics).toEqual(first.metrics);
    expect(other.metrics).not.toEqual(first.metrics);
  });

  test('Ctrl-C stops it and keeps what there is', async () => {
    const folder = temporaryFolder();
    writeExperiment(folder);
    const running = mtl(['run', 'small.mtl.yaml', '--set', 'training.epochs=100000', '--json'], folder);
    await running.says('epoch 3/');
    running.child.kill('SIGINT');
    const { code, stdout } = await running;
    expect(code).toBe(130);
    const stopped = JSON.parse(stdout) as RunReport;
    expect(stopped.state).toBe('stopped');
    expect(stopped.metrics['north'].validation?.loss).toBeGreaterThan(0);
    const { events, problem } = await readJournal(stopped.runFolder);
    expect([events.at(-1)?.type, problem]).toEqual(['stopped', undefined]);
  });

  test('pauses and goes on when asked', async () => {
    const folder = temporaryFolder();
    writeExperiment(folder);
    const running = mtl(['run', 'small.mtl.yaml', '--set', 'training.epochs=100000'], folder);
    await running.says('epoch 2/');
    expect((await mtl(['pause', 'latest'], folder)).code).toBe(0);
    await running.says('paused at step');
    expect((await mtl(['resume', 'latest'], folder)).code).toBe(0);
    await running.says('resumed at step');
    expect((await mtl(['stop', 'latest'], folder)).code).toBe(0);
    expect((await running).code).toBe(130);
  });

  test('a loss that is not finite ends it as failed, with step and task, and the journal stays', async () => {
    const folder = temporaryFolder();
    writeExperiment(folder);
    const wild = 'training.optimizer={name: sgd, learningRate: 1e+30}';
    const { code, stdout, stderr } = await mtl(['run', 'small.mtl.yaml', '--set', wild, '--json'], folder);
    expect(code).toBe(1);
    const { error, state, runFolder } = JSON.parse(stdout) as RunReport;
    expect(state).toBe('failed');
    expect(error?.step).toBeGreaterThan(0);
    expect(['north', 'south']).toContain(error?.task);
    expect(stderr).toContain(`error: ${error?.message}`);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect((await readJournal(runFolder)).events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['started', 'failed']),
    );
  });

  test('one task per value of a column reports over all rows, too; names may be anything', async () => {
    const folder = temporaryFolder();
    const schools = ['__proto__', '<script>alert(1)</script>', '"quoted", 😀', 'plain'];
    const rows = Array.from({ length: 400 }, (_, row) => {
      const school = schools[row % schools.length].replaceAll('"', '""');
      return `${row % 13},"${school}",${(row % 13) * 2 + (row % 3)}`;
    });
    writeFileSync(join(folder, 'exam.csv'), `effort,school,score\n${rows.join('\n')}\n`);
    const text = `name: Exams
data: { source: exam.csv }
tasks: { each: school, target: score, kind: regression }
training: { epochs: 3 }
`;
    writeExperiment(folder, text);
    const { metrics, pooled } = await report([], folder);
    expect(Object.keys(metrics).sort()).toEqual([...schools].sort());
    expect(pooled?.test?.r2).toBeDefined();
    const shown = await mtl(['show', 'latest'], folder);
    expect(shown.stdout).toContain('Over the rows of all tasks together');
    for (const school of schools) expect(shown.stdout).toContain(school);
  });

  test('replicates differ, and their spread is shown', async () => {
    const folder = temporaryFolder();
    writeExperiment(folder, smallExperiment.replace('epochs: 4', 'epochs: 2\n  seeds: [1, 2]'));
    const { code, stdout } = await mtl(['run', 'small.mtl.yaml'], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/north +validation .*\d ± 0\.\d/);
    expect(stdout).toContain('gradient-cosine, mean over 2 seeds ± half of its 95 % interval');
    expect(stdout).toMatch(/^north +1\.0+ +-?0\.\d+ ±0\.\d+$/m);
    const { runs } = await listRuns(runsFolderOf(folder));
    const [second, first] = await Promise.all(runs.map(async (run) => (await readJournal(run.folder)).events));
    expect(first.map(({ type }) => type)).not.toContain('replicated');
    const told = second.at(-2);
    if (told?.type !== 'replicated') throw new Error(told?.type);
    expect([told.seeds, second.at(-1)?.type]).toEqual([[1, 2], 'finished']);
    const ends = [first, second].map((events) => {
      const ending = events.at(-1);
      return ending?.type === 'finished' ? ending.relatedness[0].values[0][1]! : NaN;
    });
    const [{ values, lower, upper }] = told.matrices;
    expect(values[0][1]).toBeCloseTo((ends[0] + ends[1]) / 2, 5);
    // Of two values the 95 % interval goes from one to the other.
    expect([lower![0][1], upper![0][1]]).toEqual([Math.min(...ends), Math.max(...ends)]);
    const shown = JSON.parse((await mtl(['show', 'latest', '--json'], folder)).stdout) as RunReport;
    expect(shown.replicated).toEqual({
      seeds: [1, 2],
      relatedness: {
        'gradient-cosine': {
          ...{ measure: 'gradient-cosine', step: shown.steps, tasks: ['north', 'south'] },
          ...{ directed: false, higherIsCloser: true, values, lower, upper },
        },
      },
    });
    const grouped = await mtl(['group', 'latest', '--groups', '1'], folder);
    expect(grouped.stdout).toContain('By gradient-cosine, mean over the seeds 1, 2, network selection');
  });
});
