import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readRun } from '../../src/runs/read';
import { listRuns, runsFolderOf } from '../../src/runs/store';
import { temporaryFolder } from '../runs/fixtures/folders';
import { commandLine } from './fixtures/commandLine';
import { writeExperiment } from './fixtures/experiments';
import { finishedWith, runWriter } from './fixtures/measuredRuns';

const mtl = commandLine('real');
const names = ['north', 'south', 'east', 'west'];
const experiment = (measures: string) => `name: Four
data:
  generate: related-regressions
  tasks: 4
  rows: 300
  inputs: 12
  correlation: [[1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1]]
tasks:
${names.map((name, task) => `  ${name}: { target: y${task + 1}, kind: regression }`).join('\n')}
model: { encoder: { layers: [1], activation: tanh } }
training: { epochs: 4, batchSize: 16, optimizer: { name: adam, learningRate: 0.02 } }
relatedness: { measures: [${measures}] }
engine: wasm
`;

async function trained(measures: string) {
  const folder = temporaryFolder();
  writeExperiment(folder, experiment(measures), 'four.mtl.yaml');
  await mtl(['run', 'four.mtl.yaml', '--quiet'], folder);
  const [run] = (await listRuns(runsFolderOf(folder))).runs;
  return { folder, run };
}

interface Grouped {
  readonly groups: readonly { readonly serves: readonly string[]; readonly helpers: readonly string[] }[];
  readonly score: number;
}

describe('mtl group --budget', () => {
  test('the best choice among the networks that were trained', { timeout: 60_000 }, async () => {
    const { folder, run } = await trained('pair-gain');
    const below = (await listRuns(join(run.folder, 'runs'))).runs;
    const states = (await Promise.all([run, ...below].map(readRun))).map(({ state }) => state);
    const networks = states.map(({ tasks, ending }) =>
      names.map((name) => {
        const place = tasks.findIndex((task) => task.name === name);
        return ending?.metrics[place]?.validation?.loss ?? Infinity;
      }),
    );
    const meanOf = (chosen: readonly (readonly number[])[]) =>
      names.reduce((sum, _, task) => sum + Math.min(...chosen.map((losses) => losses[task])) / networks[0][task], 0) /
      4;
    const lowest = (most: number) => {
      const choose = (left: number, from: number, chosen: readonly (readonly number[])[]): number =>
        Math.min(
          chosen.length === 0 ? Infinity : meanOf(chosen),
          ...(left === 0
            ? []
            : networks.slice(from).map((one, at) => choose(left - 1, from + at + 1, [...chosen, one]))),
        );
      return choose(most, 0, []);
    };
    expect(networks).toHaveLength(1 + 4 + 6);
    for (const budget of [1, 2, 3]) {
      const { code, stdout } = await mtl(['group', 'latest', '--budget', String(budget), '--json'], folder);
      const { groups, score } = JSON.parse(stdout) as Grouped;
      expect(code).toBe(0);
      expect(groups.length).toBeLessThanOrEqual(budget);
      expect(groups.flatMap(({ serves }) => serves).sort()).toEqual([...names].sort());
      expect(score).toBeCloseTo(lowest(budget), 9);
    }
    const { stdout } = await mtl(['group', 'latest', '--budget', '2', '--write', '.'], folder);
    expect(stdout).toContain('By the losses of networks that the run has trained, the best choice there is.');
    expect(stdout).toContain('four-2-groups-by-measured-losses.mtl.yaml');
  });

  test('a run that has none, and words that mean nothing', { timeout: 60_000 }, async () => {
    const { folder } = await trained('gradient-cosine');
    const said = async (...words: string[]) => {
      const { code, stderr } = await mtl(['group', 'latest', ...words], folder);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await said('--budget', '2')).toContain('has trained no networks of some of its tasks to choose from.');
    expect(await said('--budget', 'two')).toContain('"two" is no budget.');
    expect(await said()).toContain('Give either --groups, the number of groups, or --budget');
    expect(await said('--groups', '2', '--budget', '2')).toContain('Give either --groups');
  });

  test('the mean losses over the seeds that have trained the networks', async () => {
    const folder = temporaryFolder();
    const write = runWriter(folder);
    /** A seed with the network of each two tasks, in which they reach these losses. */
    const seed = (number: number, tasks: readonly string[], pairs: Readonly<Record<string, readonly number[]>>) => {
      const losses = (values: readonly number[]) => ({ metrics: values.map((loss) => ({ validation: { loss } })) });
      // The scale of a seed is its own: losses count by their share of those of its network of all tasks.
      const all = tasks.map(() => 10 ** number);
      const run = write(`run-${number}`, finishedWith(tasks, [], losses(all)), { group: 'one', seed: number });
      const below = runWriter(folder, join(run, 'runs'));
      for (const [pair, values] of Object.entries(pairs)) {
        const scaled = losses(values.map((value) => value * 10 ** number));
        below(pair.replace(' ', '-'), finishedWith(pair.split(' '), [], scaled), { role: 'measure' });
      }
    };
    seed(1, ['a', 'b', 'c'], { 'a b': [0.5, 0.5], 'b c': [0.7, 0.7], 'a c': [0.9, 0.9] });
    seed(2, ['c', 'b', 'a'], { 'a b': [0.9, 0.9], 'c b': [0.5, 0.3], 'a c': [0.9, 0.9] });
    // Nothing to choose from: it does not count.
    write('run-3', finishedWith(['a', 'b', 'c'], []), { group: 'one', seed: 3 });

    const words = ['group', 'run-1', '--budget', '2'];
    const found = JSON.parse((await mtl([...words, '--json'], folder)).stdout) as Grouped;
    // For seed 1 alone a and b would be together: 0.5, 0.5 and 1.
    expect(found).toMatchObject({
      seeds: [1, 2],
      groups: [
        { serves: ['a'], helpers: ['b'] },
        { serves: ['b', 'c'], helpers: [] },
      ],
    });
    expect(found.score).toBeCloseTo((0.7 + 0.5 + 0.6) / 3, 9);
    const { stdout } = await mtl(words, folder);
    expect(stdout).toContain('By the losses of networks that the run has trained, mean over the seeds 1, 2, the best');
    for (const more of [['--measure', 'leep'], ['--method', 'tag'], ['--disjoint']]) {
      const { code, stderr } = await mtl([...words, ...more], folder);
      expect([code, stderr]).toEqual([
        2,
        `error: --budget chooses networks by their measured losses. Leave ${more[0]} away, or use --groups.\n`,
      ]);
    }
  });
});
