import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkExperiment } from '../../src/experiment/check';
import type { CheckedPair, GroupCheck } from '../../src/runs/groupCheck';
import { listRuns, runsFolderOf } from '../../src/runs/store';
import { temporaryFolder } from '../runs/fixtures/folders';
import { commandLine } from './fixtures/commandLine';
import { writeExperiment } from './fixtures/experiments';

const mtl = commandLine('real');
const names = Array.from({ length: 10 }, (_, task) => `t${task + 1}`);

/** Two tasks in five versions each, few rows, and room for one of them in what is shared. */
const planted = `name: Planted
data:
  generate: related-regressions
  tasks: 10
  rows: 400
  inputs: 30
  nonlinearity: 0
  noise: 0.5
  correlation:
${names.map((_, row) => `    - [${names.map((__, column) => Number(row % 2 === column % 2)).join(', ')}]`).join('\n')}
  split: { train: 0.1, validation: 0.2, test: 0.7 }
tasks:
${names.map((name, task) => `  ${name}: { target: y${task + 1}, kind: regression }`).join('\n')}
model: { encoder: { layers: [1], activation: tanh } }
training: { epochs: 25, batchSize: 16, optimizer: { name: adam, learningRate: 0.02 } }
engine: wasm
`;

interface Report {
  readonly groups: readonly { readonly serves: readonly string[] }[];
  readonly check: GroupCheck & { readonly foretold: { readonly tasks: number; readonly right: number } };
  readonly runs: readonly { readonly part: string; readonly id: string; readonly state: string }[];
  readonly report: string;
}

describe('mtl group --check', () => {
  test('planted clusters: the groups hold; runs count again the next time', { timeout: 120_000 }, async () => {
    const folder = temporaryFolder();
    writeExperiment(folder, planted, 'planted.mtl.yaml');
    await mtl(['run', 'planted.mtl.yaml', '--quiet'], folder);
    const [{ record }] = (await listRuns(runsFolderOf(folder))).runs;
    const words = ['group', record.id, '--groups', '2', '--check', '--json'];
    const first = await mtl([...words, '--seeds', '1,2,3,4', '--at-once', '2'], folder);
    expect([first.code, first.stderr.match(/error|warning/g)]).toEqual([0, null]);
    expect(first.stderr).toContain('Training 16 runs, 2 at a time.');
    const { groups, check, runs, report } = JSON.parse(first.stdout) as Report;
    expect(groups.map(({ serves }) => serves)).toEqual(
      [0, 1].map((odd) => names.filter((_, task) => task % 2 === odd)),
    );
    expect(check.verdict).toBe('held');
    const overall = ({ gain }: CheckedPair) => gain.overall;
    expect(overall(check.againstTogether!).interval![0]).toBeGreaterThan(0);
    expect(overall(check.againstAlone!).interval![0]).toBeGreaterThan(0);
    expect(check.againstTogether!.gain.seeds).toEqual([1, 2, 3, 4]);
    expect(check.foretold.right).toBeGreaterThanOrEqual(8);
    expect(runs.map(({ part }) => part).join(' ')).toMatch(/^(alone ){4}(together ){4}(grouped ?){8}$/);
    expect(readFileSync(report, 'utf8')).toMatch(
      /^# Check of Planted, 2 groups by gradient-cosine\n[^]*recommendation held/,
    );

    // The baselines of one group serve the others, so that the journals of their runs know the gain, too.
    const last = runs.filter(({ part }) => part === 'grouped').at(-1)!;
    const gain = JSON.parse((await mtl(['gain', last.id, '--json'], folder)).stdout) as { gain: CheckedPair['gain'] };
    expect(gain.gain.overall.mean).toBeCloseTo(overall(check.againstAlone!).mean!, 9);
    expect((await mtl(['show', last.id], folder)).stdout).toContain('Sharing against training each task alone');

    // One run is gone, as if the check had been interrupted.
    rmSync(join(runsFolderOf(folder), last.id), { recursive: true });
    const second = await mtl([...words, '--seeds', '1,2,3,4'], folder);
    expect(second.stderr).toContain('15 of 16 runs are there already.\nTraining 1 run, 1 at a time.\n');
    expect((JSON.parse(second.stdout) as Report).check).toEqual(check);
  });
});

const small = planted.replace('epochs: 25', 'epochs: 2').replace('engine: wasm', 'engine: wasm\nbaseline: none');

describe('mtl group --write', () => {
  test('writes three sound experiments that lead to the same data', async () => {
    const folder = temporaryFolder();
    writeExperiment(folder, 'a,b,c,d\n'.concat('1,2,3,4\n2,3,1,5\n3,1,2,7\n4,4,4,4\n'.repeat(10)), 'table.csv');
    const tasks =
      'a: { target: a, kind: regression }, b: { target: b, kind: regression }, c: { target: c, kind: regression }';
    const data = 'data: { source: table.csv, split: { seed: replicate } }';
    const text = `name: Table\n${data}\ntasks: { ${tasks} }\ntraining: { epochs: 2, batchSize: 2, seeds: [3] }\nengine: wasm\n`;
    writeExperiment(folder, text, 'table.mtl.yaml');
    await mtl(['run', 'table.mtl.yaml', '--quiet'], folder);
    const words = ['group', 'latest', '--groups', '2', '--write', 'deep/er', '--disjoint'];
    const { code, stdout } = await mtl(words, folder);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^the groups +written +.*table-2-groups-by-gradient-cosine-disjoint\.mtl\.yaml$/m),
    ]);
    const written = (name: string) => readFileSync(join(folder, 'deep/er', name), 'utf8');
    const grouped = checkExperiment(written('table-2-groups-by-gradient-cosine-disjoint.mtl.yaml')).experiment!;
    expect(grouped.data).toMatchObject({ source: '../../table.csv', split: { seed: 'replicate' } });
    expect(grouped.groups?.flat()).toHaveLength(3);
    expect(grouped.training.seeds).toEqual([1, 2, 3, 4, 5]);
    const alone = checkExperiment(written('table-alone.mtl.yaml')).experiment!;
    expect([alone.model.sharing.name, alone.groups, alone.baseline]).toEqual(['single-task', undefined, 'none']);
    const together = checkExperiment(written('table-together.mtl.yaml')).experiment!;
    expect({ ...together, name: '' }).toEqual({ ...grouped, name: '', groups: undefined });
    const all = ['table-together', 'table-alone'].map((name) => `deep/er/${name}.mtl.yaml`);
    expect((await mtl(['validate', ...all], folder)).code).toBe(0);

    // Again it is there already; another content is not overwritten unasked.
    expect((await mtl(words, folder)).stdout.match(/there already/g)).toHaveLength(3);
    appendFileSync(join(folder, 'deep/er/table-alone.mtl.yaml'), '# mine\n');
    const refused = await mtl([...words, '--seeds', '7'], folder);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/with another content in .*: .*table-alone\.mtl\.yaml\.\n {2}.*--overwrite/);
    expect(written('table-alone.mtl.yaml')).toContain('# mine');
    expect((await mtl([...words, '--seeds', '7', '--overwrite'], folder)).stdout.match(/overwritten/g)).toHaveLength(3);
    expect(checkExperiment(written('table-alone.mtl.yaml')).experiment!.training.seeds).toEqual([7]);
  });

  test('one network for all is trained once', async () => {
    const folder = temporaryFolder();
    writeExperiment(folder, small, 'small.mtl.yaml');
    await mtl(['run', 'small.mtl.yaml', '--quiet'], folder);
    const words = ['group', 'latest', '--groups', '1', '--check', '--seeds', '1'];
    const { code, stdout } = await mtl(words, folder);
    expect(code).toBe(0);
    expect(stdout).toContain('Whether the recommendation held cannot be told.');
    expect(stdout).toContain('There is one seed, so nothing can be told about chance');
    expect(stdout).toContain('The groups are one network for all tasks, so they are trained once, as all together.');
    expect(stdout).not.toContain('Groups against all together');
    expect((await listRuns(runsFolderOf(folder))).runs).toHaveLength(3);
    expect(existsSync(join(folder, 'small-1-group-by-gradient-cosine-check.md'))).toBe(true);
    // The latest run is now one of the check, which has measured nothing.
    const again = await mtl(words, folder);
    const verdict = (text: string) => text.slice(text.indexOf('Whether the recommendation'));
    expect([again.code, verdict(again.stdout)]).toEqual([0, verdict(stdout)]);
    expect(again.stderr).toContain('2 of 2 runs are there already.');
  });

  test('says what is wrong', async () => {
    const folder = temporaryFolder();
    writeExperiment(folder, small, 'small.mtl.yaml');
    const alone = ['--set', 'model.sharing=single-task', '--set', 'relatedness.measures=[label-correlation]'];
    await mtl(['run', 'small.mtl.yaml', '--quiet', ...alone], folder);
    const complaint = async (...words: string[]) => {
      const { code, stderr } = await mtl(['group', 'latest', '--groups', '2', ...words], folder);
      expect(code).toBe(2);
      return stderr;
    };
    expect(await complaint('--check')).toContain('The run shares nothing');
  });
});
