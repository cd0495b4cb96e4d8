import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { GroupGain } from '../../src/runs/gain';
import type { RunReport } from '../../src/runs/report';
import { listRuns, runsFolderOf } from '../../src/runs/store';
import { temporaryFolder } from '../runs/fixtures/folders';
import { commandLine } from './fixtures/commandLine';
import { writeExperiment } from './fixtures/experiments';

const mtl = commandLine('real');

const grouped = `name: Grouped
data: { generate: related-regressions, tasks: 3, rows: 200, inputs: 4 }
tasks:
  north: { target: y1, kind: regression }
  south: { target: y2, kind: regression }
  east: { target: y3, kind: regression }
groups:
  - { tasks: [north, south], serves: [south] }
  - [north]
  - { tasks: [east, south], serves: [east] }
model: { sharing: { name: mmoe, experts: 2 }, encoder: { layers: [4] } }
training: { epochs: 2, batchSize: 32, seeds: [1, 2], weighting: pcgrad }
baseline: single-task
engine: wasm
`;

interface Networks extends RunReport {
  readonly networks: readonly RunReport[];
}

type Report = RunReport & { readonly gain: GroupGain; readonly replicates: readonly Networks[] };

describe('mtl run of an experiment with groups', () => {
  test('trains a network for each group, and joins what they bring', async () => {
    const folder = temporaryFolder();
    writeExperiment(folder, grouped);
    const { code, stdout, stderr } = await mtl(['run', 'small.mtl.yaml'], folder);
    expect([code, stderr.match(/error|warning/g)]).toEqual([0, null]);
    expect(
      stderr
        .match(/^Run .*$/gm)
        ?.map((line) => line.replace(/^Run \S+, /, ''))
        .slice(0, 4),
    ).toEqual([
      'seed 1, baseline (1 of 8)',
      'seed 1, network 1 of 3: south (2 of 8)',
      'seed 1, network 2 of 3: north (3 of 8)',
      'seed 1, network 3 of 3: east (4 of 8)',
    ]);
    expect(stdout.match(/^(north|south|east) +validation/gm)).toHaveLength(3);
    expect(stdout).toMatch(/^Relatedness: gradient-cosine, within network 1, mean over 2 seeds .*\n +north +south/m);
    expect(stdout).toMatch(/^Relatedness: gradient-cosine, within network 3, mean over 2 seeds .*\n +south +east/m);
    expect(stdout).not.toContain('within network 2');
    expect(stdout).toMatch(/^north +test rmse +[\d.]+ ± [\d.]+ +[\d.]+ ± [\d.]+ /m);

    const { runs } = await listRuns(runsFolderOf(folder));
    expect(new Set(runs.map(({ record }) => record.group)).size).toBe(1);
    const [first] = runs.filter(({ record }) => record.network?.number === 1);
    const resolved = readFileSync(join(first.folder, 'experiment.yaml'), 'utf8');
    expect(resolved).toContain('only: [ north, south ]');
    expect(resolved).not.toContain('groups:');
    expect((await mtl(['list'], folder)).stdout).toContain('Grouped (network 3 of 3: east)');
    const gain = JSON.parse((await mtl(['gain', 'latest', '--json'], folder)).stdout) as Report;
    const { gain: said } = JSON.parse((await mtl(['show', 'latest', '--json'], folder)).stdout) as Report;
    expect(gain.gain.seeds).toEqual([1, 2]);
    expect(said.seeds).toEqual([1, 2]);
    expect(said.overall.mean).toBeCloseTo(gain.gain.overall.mean!, 6);
    expect(gain.gain.tasks.map(({ task }) => task)).toEqual(['north', 'south', 'east']);
  });

  test('--json has the networks of each seed; a task by itself is as in the baseline', async () => {
    const folder = temporaryFolder();
    writeExperiment(folder, grouped);
    const report = JSON.parse((await mtl(['run', 'small.mtl.yaml', '--json', '--quiet'], folder)).stdout) as Report;
    expect(report.state).toBe('finished');
    const [one, two] = report.replicates;
    expect(one.networks.map(({ network }) => network?.serves)).toEqual([['south'], ['north'], ['east']]);
    expect(Object.keys(one.networks[2].metrics)).toEqual(['south', 'east']);
    expect(one.metrics).toEqual({
      south: one.networks[0].metrics.south,
      north: one.networks[1].metrics.north,
      east: one.networks[2].metrics.east,
    });
    const mean = (one.metrics.south.test!.rmse! + two.metrics.south.test!.rmse!) / 2;
    expect(report.metrics.south.test?.rmse).toBeCloseTo(mean, 9);
    expect(report.gain.tasks.find(({ task }) => task === 'north')!.mean).toBeCloseTo(0, 4);
    expect(report.trivial?.majority?.east.test?.rmse).toBeGreaterThan(0);
  });

  test('a group of values of a column that the data lacks is refused where it stands', async () => {
    const folder = temporaryFolder();
    writeExperiment(folder, 'a,b,c\n1,2,x\n2,3,x\n3,4,x\n4,5,y\n5,6,y\n6,7,y\n', 'table.csv');
    const each = 'name: Each\ndata: { source: table.csv, split: { train: 1, validation: 0, test: 0 } }\n';
    writeExperiment(folder, `${each}tasks: { each: c, target: a, kind: regression }\ngroups: [[x], [z]]\n`);
    const { code, stdout } = await mtl(['validate', 'small.mtl.yaml'], folder);
    expect(code).not.toBe(0);
    expect(stdout).toContain('small.mtl.yaml:4:1: error: Task `y` is served by no group.');
    expect(stdout).toContain('small.mtl.yaml:4:16: error: There is no task `z`. Did you mean `y`?');
  });
});
