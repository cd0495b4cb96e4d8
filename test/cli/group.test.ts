import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RelatednessMatrix } from '../../src/runs/events';
import { listRuns, runsFolderOf } from '../../src/runs/store';
import { finishedBody, journalOf, startedBody } from '../runs/fixtures/events';
import { temporaryFolder } from '../runs/fixtures/folders';
import { commandLine, script } from './fixtures/commandLine';
import { writeExperiment } from './fixtures/experiments';

const mtl = commandLine();
const names = ['north', 'south', 'east', 'west'];

const cosines: RelatednessMatrix = {
  measure: 'gradient-cosine',
  directed: false,
  higherIsCloser: true,
  values: [
    [1, -0.5, 0.6, -0.4],
    [-0.5, 1, -0.3, 0.8],
    [0.6, -0.3, 1, null],
    [-0.4, 0.8, null, 1],
  ],
};
const conflicts: RelatednessMatrix = {
  measure: 'conflict-rate',
  directed: false,
  higherIsCloser: false,
  values: cosines.values.map((row) => row.map((value) => (value === null ? null : (1 - value) / 2))),
};

/** A folder with one finished run that has these matrices. */
async function folderWithRun(
  matrices: readonly RelatednessMatrix[],
  tasks: readonly string[] = names,
): Promise<string> {
  const folder = temporaryFolder();
  await mtl(['run', writeExperiment(folder), '--quiet'], folder, script({ epochs: 1, milliseconds: 1 }));
  const [run] = (await listRuns(runsFolderOf(folder))).runs;
  const journal = join(run.folder, 'events.jsonl');
  const events = journalOf([startedBody(tasks), { ...finishedBody(0.8, tasks.length), relatedness: matrices }]);
  expect(readFileSync(journal, 'utf8')).toContain('"type":"finished"');
  writeFileSync(journal, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return folder;
}

describe('mtl group', () => {
  test('prints the groups and their score, by any measure and method', async () => {
    const folder = await folderWithRun([cosines, conflicts]);
    const { code, stdout } = await mtl(['group', 'latest', '--groups', '2'], folder);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^group {2}tasks\n1 {6}north, east\n2 {6}south, west\n/);
    expect(stdout).toContain('By gradient-cosine, network selection, the best there is.\n');
    expect(stdout).toContain('Mean relatedness of a task within its group: 0.7000.\n');
    expect(stdout).toContain('2 pairs were never observed together');
    const more = ['--method', 'linkage', '--measure', 'conflict-rate'];
    const other = await mtl(['group', 'latest', '--groups', '3', ...more], folder);
    expect(other.stdout).toMatch(/1 {6}north\n2 {6}south, west\n3 {6}east\n/);
    expect(other.stdout).toContain('Mean relatedness of a task within its group: 0.3000.');
  });

  test('--json is one object', async () => {
    const folder = await folderWithRun([cosines]);
    const words = ['group', 'latest', '--groups', '2', '--disjoint', '--json'];
    const found = JSON.parse((await mtl(words, folder)).stdout) as { score: number };
    expect(found).toMatchObject({
      measure: 'gradient-cosine',
      method: 'tag',
      alone: 0,
      exact: true,
      filled: 2,
      groups: [
        { serves: ['north', 'east'], helpers: [] },
        { serves: ['south', 'west'], helpers: [] },
      ],
    });
    expect(found.score).toBeCloseTo(0.7, 9);
  });

  test('says what is wrong', async () => {
    const folder = await folderWithRun([cosines]);
    const complaint = async (...words: string[]) => {
      const { code, stdout, stderr } = await mtl(['group', 'latest', ...words], folder);
      expect([code, stdout]).toEqual([2, '']);
      return stderr;
    };
    expect(await complaint('--groups', '2', '--measure', 'gradient-cosin')).toBe(
      'error: The run has no matrix of "gradient-cosin". Did you mean "gradient-cosine"?\n',
    );
    expect(await complaint('--groups', '2', '--measure', 'xyz')).toBe(
      'error: The run has no matrix of "xyz". It has gradient-cosine.\n',
    );
    for (const groups of ['0', '5', 'two', '1.5']) {
      expect(await complaint('--groups', groups)).toBe(
        `error: "${groups}" is no number of groups. Use a whole number from 1 to 4, the number of tasks.\n`,
      );
    }
    expect(await complaint('--groups', '2', '--method', 'tags')).toBe(
      'error: Unknown method "tags". Use tag, linkage, spectral.\n',
    );
    expect(await complaint()).toMatch(/^error: .*groups/);
  });

  test('says so where the measure tells no pair from another', async () => {
    const same = cosines.values.map((row, from) => row.map((_, to) => (from === to ? 1 : 0.99)));
    const folder = await folderWithRun([{ ...cosines, measure: 'linear-cka', values: same }]);
    const { stdout } = await mtl(['group', 'latest', '--groups', '2'], folder);
    expect(stdout).toContain('All pairs are the same by linear-cka: no groups are better than others.');
  });

  test('says so where there is nothing to group by', async () => {
    const none = await mtl(['group', 'latest', '--groups', '2'], await folderWithRun([]));
    expect(none.stderr).toMatch(/^error: The run has finished and measured nothing\. Start one with/);
    const apart = { ...cosines, values: names.map((_, row) => names.map((__, column) => (row === column ? 1 : null))) };
    const unseen = await mtl(['group', 'latest', '--groups', '2'], await folderWithRun([apart]));
    expect(unseen.stderr).toBe(
      'error: There is nothing to group by: gradient-cosine has found nothing of any two tasks: no step that was measured had rows of both.\n',
    );
    const single = await mtl(['group', 'latest', '--groups', '1'], await folderWithRun([], ['only']));
    expect(single.stderr).toBe('error: The run has one task: there is nothing to group.\n');
    expect([none.code, unseen.code, single.code]).toEqual([2, 2, 2]);
  });
});

describe('mtl agree', () => {
  const affinities: RelatednessMatrix = {
    measure: 'tag-affinity',
    directed: true,
    higherIsCloser: true,
    values: [
      [1, 0.1, 0.2, 0.6],
      [0.3, 1, 0.5, 0.1],
      [0.2, 0.7, 1, null],
      [0.4, 0.1, null, 1],
    ],
  };
  const unknown: RelatednessMatrix = {
    measure: 'leep',
    directed: true,
    higherIsCloser: true,
    values: names.map(() => names.map(() => null)),
  };

  test('shows every measure with every other', async () => {
    const folder = await folderWithRun([cosines, conflicts, affinities, unknown]);
    const { code, stdout } = await mtl(['agree', 'latest'], folder);
    expect(code).toBe(0);
    // Of the five pairs with both: ranks 1, 4, 2, 3, 5 and 2.5, 2.5, 4, 5, 1, so -4.5 / sqrt(10 * 9.5).
    expect(stdout.split('\n').map((line) => line.trimEnd())).toEqual([
      '   measure              1      2      3',
      '1  gradient-cosine   1.00   1.00  -0.46',
      '2  conflict-rate     1.00   1.00  -0.46',
      '3  tag-affinity     -0.46  -0.46   1.00',
      "Spearman's rank correlation over pairs of tasks, of how close two measures find them: 1 where they put them in the same order.",
      'Without a value for any two tasks: leep.',
      '',
    ]);
    const found = JSON.parse((await mtl(['agree', 'latest', '--json'], folder)).stdout) as { agreement: number[][] };
    expect(found).toMatchObject({
      measures: ['gradient-cosine', 'conflict-rate', 'tag-affinity'],
      withoutValues: ['leep'],
    });
    expect(found.agreement[0]).toEqual([1, expect.closeTo(1, 9), expect.closeTo(-4.5 / Math.sqrt(95), 9)]);
  });

  test('says what is wrong', async () => {
    const complaint = async (folder: string) => {
      const { code, stdout, stderr } = await mtl(['agree', 'latest'], folder);
      expect([code, stdout]).toEqual([2, '']);
      return stderr;
    };
    expect(await complaint(await folderWithRun([cosines, unknown]))).toBe(
      'error: The run has a matrix of gradient-cosine alone, and two are compared. Name more measures under `relatedness` in its experiment.\n',
    );
    expect(await complaint(await folderWithRun([unknown]))).toContain(
      'The run has no relatedness matrix with a value, and two are compared.',
    );
    const two = [
      [1, 0.5],
      [0.5, 1],
    ];
    expect(await complaint(await folderWithRun([{ ...cosines, values: two }], ['one', 'other']))).toContain(
      'fewer than three tasks',
    );
  });
});
