import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { GroupGain } from '../../src/runs/gain';
import type { RunReport } from '../../src/runs/report';
import { listRuns, runsFolderOf } from '../../src/runs/store';
import { temporaryFolder } from '../runs/fixtures/folders';
import { commandLine } from './fixtures/commandLine';
import { smallExperiment, writeExperiment } from './fixtures/experiments';

const mtl = commandLine('real');
const compared = `${smallExperiment}engine: wasm\nbaseline: single-task\n`;

type Report = RunReport & {
  readonly baselines: readonly RunReport[];
  readonly gain: GroupGain;
  readonly seeds: number[];
};

describe('mtl run with a baseline', () => {
  test('trains each task alone first, and compares', async () => {
    const folder = temporaryFolder();
    writeExperiment(folder, compared);
    const { code, stdout, stderr } = await mtl(['run', 'small.mtl.yaml', '--set', 'training.seeds=[1, 2]'], folder);
    expect(code).toBe(0);
    expect(stderr.match(/^Run .*$/gm)?.map((line) => line.replace(/^Run \S+, /, ''))).toEqual([
      'seed 1, baseline (1 of 4)',
      'seed 1 (2 of 4)',
      'seed 2, baseline (3 of 4)',
      'seed 2 (4 of 4)',
    ]);
    expect(stdout).toMatch(/^task +metric +alone +shared +gain % +95 % interval +verdict +mean$/m);
    expect(stdout).toMatch(
      /^north +test rmse +[\d.]+ ± [\d.]+ +[\d.]+ ± [\d.]+ +[+-]?[\d.]+ +\S+ to \S+ +(helped|hurt|cannot be told) +[\d.]+$/m,
    );
    expect(stdout).toMatch(/^all \(Δm\) +[+-]?[\d.]+ +\S+ to \S+$/m);
    expect(stdout).toContain('Above 0 sharing is better, whichever way the metric goes. Over 2 seeds sharing helped');

    const { runs } = await listRuns(runsFolderOf(folder));
    expect(new Set(runs.map(({ record }) => record.group)).size).toBe(1);
    const baseline = runs.find(({ record }) => record.role === 'baseline')!;
    const resolved = readFileSync(join(baseline.folder, 'experiment.yaml'), 'utf8');
    expect(resolved).toMatch(/sharing:\n +name: single-task/);
    expect(resolved).toMatch(/weighting:\n +name: equal/);
    expect((await mtl(['list'], folder)).stdout.match(/Small \(baseline\)/g)).toHaveLength(2);
    expect((await mtl(['show', baseline.record.id], folder)).stdout).toContain('Small (baseline)');
  });

  test('--json has the runs, the baselines and the gain; mtl gain finds the same in the run folders', async () => {
    const folder = temporaryFolder();
    writeExperiment(folder, compared);
    const words = ['run', 'small.mtl.yaml', '--set', 'training.seeds=[3, 5]', '--json', '--quiet'];
    const report = JSON.parse((await mtl(words, folder)).stdout) as Report;
    expect(report.seeds).toEqual([3, 5]);
    expect(report.baselines.map(({ seed, role }) => [seed, role])).toEqual([
      [3, 'baseline'],
      [5, 'baseline'],
    ]);
    const alone = report.baselines.map(({ metrics }) => metrics.north.test!.rmse!);
    expect(report.gain.tasks[0].metrics.rmse?.alone).toEqual(alone);
    expect(Object.keys(report.baselines[0].bestEpochs ?? {})).toEqual(['north', 'south']);
    expect(report.trivial?.majority?.north.test?.r2).toBeLessThan(0.01);
    const found = JSON.parse((await mtl(['gain', report.baselines[0].id, '--json'], folder)).stdout) as Report;
    expect(found.gain).toEqual(report.gain);
    expect((await mtl(['gain', 'latest'], folder)).stdout).toContain('Sharing against training each task alone');
  });

  test('one seed says that nothing can be told', async () => {
    const folder = temporaryFolder();
    writeExperiment(folder, compared);
    const { stdout } = await mtl(['run', 'small.mtl.yaml'], folder);
    expect(stdout).toContain(
      'There is one seed, so nothing can be told about chance: give `training.seeds` five or more.',
    );
    expect(stdout).toMatch(/^north .* - +cannot be told +[\d.]+$/m);
    const json = JSON.parse((await mtl(['run', 'small.mtl.yaml', '--json', '--quiet'], folder)).stdout) as Report;
    expect(json).toMatchObject({ seed: 1, state: 'finished', gain: { seeds: [1] }, baselines: [{ role: 'baseline' }] });
  });

  test('a stop ends the whole start; the baseline can go on, and without a partner nothing is compared', async () => {
    const folder = temporaryFolder();
    writeExperiment(folder, compared);
    const running = mtl(['run', 'small.mtl.yaml', '--set', 'training.epochs=2000'], folder);
    await running.says('epoch 2/');
    expect((await mtl(['stop', 'latest'], folder)).code).toBe(0);
    expect((await running).code).toBe(130);
    expect((await listRuns(runsFolderOf(folder))).runs.map(({ record }) => record.role)).toEqual(['baseline']);
    const resumed = await mtl(['resume', 'latest', '--quiet', '--json'], folder);
    expect(JSON.parse(resumed.stdout)).toMatchObject({ state: 'finished', role: 'baseline', epochs: 2000 });
    const { code, stdout, stderr } = await mtl(['gain', 'latest'], folder);
    expect([code, stdout]).toEqual([0, 'There is nothing to compare with yet.\n']);
    expect(stderr).toContain('No seed has both a finished run and a finished baseline.');
  });

  test('without a baseline the table has what can be had by guessing', async () => {
    const folder = temporaryFolder();
    writeExperiment(folder);
    const { stdout } = await mtl(['run', 'small.mtl.yaml', '--engine', 'wasm'], folder);
    expect(stdout).toMatch(
      /^Against guessing without the inputs\ntask +metric +value +mean\nnorth +test rmse +[\d.]+ +[\d.]+$/m,
    );
    expect(stdout).not.toContain('alone');
  });

  test('a task that learns nothing is named', async () => {
    const folder = temporaryFolder();
    writeExperiment(folder, compared);
    const still = ['--set', 'training.optimizer={name: sgd, learningRate: 1e-12}'];
    const { stdout } = await mtl(['run', 'small.mtl.yaml', ...still, '--set', 'tasks.north.scale=none'], folder);
    expect(stdout).toMatch(/^No better than guessing without the inputs: .*north/m);
  });

  test.each([
    [['--set', 'model.sharing=single-task'], '`sharing: single-task` trains each task alone already'],
    [['--set', 'baseline=alone'], '`none` and `single-task`'],
  ])('%j is refused', async (words, message) => {
    const folder = temporaryFolder();
    writeExperiment(folder, compared);
    const { code, stderr } = await mtl(['run', 'small.mtl.yaml', ...words], folder);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
