import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunEventBody } from '../../src/runs/events';
import { listRuns, runsFolderOf } from '../../src/runs/store';
import { finishedBody, journalOf, startedBody } from '../runs/fixtures/events';
import { temporaryFolder } from '../runs/fixtures/folders';
import { commandLine, script } from './fixtures/commandLine';
import { writeExperiment } from './fixtures/experiments';

const mtl = commandLine();
const tasks = ['north', 'a_b, c', 'east'];
const matrix = (measure: string, directed: boolean, far: number) => ({
  measure,
  directed,
  higherIsCloser: true,
  values: [
    [1, far, null],
    [-0.5, 1, 0.25],
    [null, 0.25, 1],
  ],
});
const withIntervals = (mean: ReturnType<typeof matrix>) => {
  const moved = (by: number) => mean.values.map((row) => row.map((value) => (value === null ? null : value + by)));
  return { ...mean, lower: moved(-0.5), upper: moved(0.25) };
};
const gates = {
  name: 'gates',
  title: 'Gate values',
  rows: tasks,
  columns: ['one', 'two'],
  values: tasks.map(() => [0.25, 0.75]),
};
const bodies: readonly RunEventBody[] = [
  startedBody(tasks),
  { type: 'relatedness', step: 10, epoch: 1, matrices: [matrix('gradient-cosine', false, -0.125)] },
  { type: 'usage', step: 10, epoch: 1, matrices: [gates] },
  { type: 'replicated', seeds: [1, 2, 3], matrices: [withIntervals(matrix('gradient-cosine', false, -0.25))] },
  {
    ...finishedBody(0.8, tasks.length),
    relatedness: [matrix('gradient-cosine', false, -0.5), matrix('leep', true, -2)],
  },
];

/** Puts a journal in the place of that of the newest run of a folder. */
async function writeJournal(place: string, events: readonly RunEventBody[]): Promise<void> {
  const [run] = (await listRuns(runsFolderOf(place))).runs;
  const lines = journalOf(events).map((event) => `${JSON.stringify(event)}\n`);
  writeFileSync(join(run.folder, 'events.jsonl'), lines.join(''));
}

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mtl-matrix-'));
  await mtl(['run', writeExperiment(folder), '--quiet'], folder, script({ epochs: 1, milliseconds: 1 }));
  await writeJournal(folder, bodies);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('mtl matrix of many tasks', () => {
  test('draws 400 of them and their groups', async () => {
    const many = temporaryFolder();
    await mtl(['run', writeExperiment(many), '--quiet'], many, script({ epochs: 1, milliseconds: 1 }));
    const names = Array.from({ length: 400 }, (_, task) => `t${task}`);
    // Two by two, so that their eigenvectors take no time.
    const values = names.map((_, row) => names.map((__, column) => (row >> 1 === column >> 1 ? 1 : 0)));
    const relatedness = [{ measure: 'gradient-cosine', directed: false, higherIsCloser: true, values }];
    await writeJournal(many, [startedBody(names), { ...finishedBody(0.8, names.length), relatedness }]);
    const words = ['matrix', 'latest', '--format', 'svg', '--groups', '2', '--method', 'spectral'];
    const { code, stdout, stderr } = await mtl([...words, '--out', 'many.svg'], many);
    expect([code, stdout, stderr]).toEqual([0, '', 'Wrote many.svg\n']);
    expect(readFileSync(join(many, 'many.svg'), 'utf8')).toContain('>t399<');
  });
});

describe('mtl matrix', () => {
  const written = async (...words: string[]) => {
    const { code, stdout, stderr } = await mtl(['matrix', 'latest', ...words], folder);
    expect([code, stderr]).toEqual([0, '']);
    return stdout;
  };

  test('writes CSV of the end, of an epoch, and of how tasks use what they share', async () => {
    expect(await written('--format', 'csv')).toBe(
      ',north,"a_b, c",east\nnorth,1,-0.5,\n"a_b, c",-0.5,1,0.25\neast,,0.25,1\n',
    );
    expect(await written('--format', 'csv', '--epoch', '1')).toContain('north,1,-0.125,\n');
    expect(await written('--format', 'csv', '--measure', 'usage/gates')).toBe(
      ',one,two\nnorth,0.25,0.75\n"a_b, c",0.25,0.75\neast,0.25,0.75\n',
    );
  });

  test('writes text, LaTeX and SVG; two measures side by side', async () => {
    expect(await written()).toMatch(/^Gradient cosine, the whole run\n[\s\S]*north +1\.00 +-0\.50 +-\n/);
    const latex = await written('--format', 'latex', '--measure', 'gradient-cosine', '--measure', 'leep');
    expect(latex.match(/\\begin\{table\}/g)).toHaveLength(2);
    expect(latex).toContain("LEEP, the trained model; from the row's task to the column's.");
    expect(latex).toContain('a\\_b, c & ');
    const out = await mtl(['matrix', 'latest', '--format', 'svg', '--out', 'figure.svg'], folder);
    expect([out.code, out.stdout, out.stderr]).toEqual([0, '', 'Wrote figure.svg\n']);
    expect(readFileSync(join(folder, 'figure.svg'), 'utf8')).toMatch(
      /^<\?xml [^]*<svg [^]*>pull together<[^]*<\/svg>\n$/,
    );
  });

  test('puts close tasks side by side, with their tree, and outlines groups', async () => {
    const ordered = await written('--format', 'csv', '--order', 'clusters');
    expect(ordered.split('\n')[0]).toBe(',north,east,"a_b, c"');
    const svg = await written('--format', 'svg', '--order', 'clusters', '--groups', '2', '--method', 'linkage');
    expect(svg).toMatch(/Outlined: [^]*The tree joins/);
    expect(svg.match(/stroke-width="2.4"/g)).toHaveLength(2);
    const grouped = await written('--format', 'csv', '--groups', '2', '--method', 'linkage');
    expect(grouped.split('\n')[0]).toBe(',north,"a_b, c",east');
  });

  test('writes the mean over seeds with its intervals in each format', async () => {
    const over = (format: string) => written('--over-seeds', '--format', format);
    expect((await over('csv')).split('\n').slice(0, 4)).toEqual([
      'row,column,value,lower,upper',
      'north,north,1,0.5,1.25',
      'north,"a_b, c",-0.25,-0.75,0',
      'north,east,,,',
    ]);
    expect(await over('text')).toMatch(
      /^Gradient cosine, mean over 3 seeds ± half of its 95 % interval\n[^]*north +1\.00 +-0\.25 ±0\.38 +-\n/,
    );
    expect(await over('latex')).toContain('\\scriptsize [$-0.75$, $0.00$]');
    expect(await over('svg')).toMatch(/<circle [^]*bootstrap/);
  });

  test('says what is wrong', async () => {
    const complaint = async (...words: string[]) => {
      const { code, stdout, stderr } = await mtl(['matrix', 'latest', ...words], folder);
      expect([code, stdout]).toEqual([2, '']);
      return stderr;
    };
    expect(await complaint('--format', 'pdf')).toBe('error: Unknown format "pdf". Use text, csv, latex, svg.\n');
    expect(await complaint('--measure', 'gradient-cosin')).toContain('Did you mean "gradient-cosine"?');
    expect(await complaint('--measure', 'a', '--measure', 'b', '--measure', 'c')).toContain('Name one or two.');
    expect(await complaint('--epoch', '0')).toContain('"0" is no epoch.');
    expect(await complaint('--order', 'size')).toBe('error: Unknown order "size". Use file, clusters, groups.\n');
    expect(await complaint('--order', 'groups')).toContain('say how many with --groups');
    expect(await complaint('--groups', '4')).toContain('"4" is no number of groups. Use a whole number from 1 to 3');
    expect(await complaint('--groups', '2', '--method', 'kmeans')).toContain('Unknown method "kmeans"');
    expect(await complaint('--measure', 'usage/gates', '--order', 'clusters')).toContain('Name a measure.');
    expect(await complaint('--over-seeds', '--epoch', '1')).toContain('Leave --epoch or --over-seeds away.');
    expect(await complaint('--over-seeds', '--measure', 'leep')).toBe(
      'error: The run has a matrix of "leep" at its end, but none over seeds: leave --over-seeds away. What it has over seeds: gradient-cosine.\n',
    );
    expect(await complaint('--over-seeds', '--measure', 'usage/gates')).toContain(
      'How tasks use what they share is not averaged over seeds',
    );
    expect(await complaint('--epoch', '1', '--measure', 'leep')).toBe(
      'error: The run has a matrix of "leep" at its end, but none in epoch 1: leave --epoch away. What it has in epoch 1: gradient-cosine, usage/gates.\n',
    );
    expect(await complaint('--epoch', '7', '--measure', 'leep')).toContain('no matrix in epoch 7. Leave --epoch away');
    expect(await complaint('--epoch', '7')).toContain('recorded no matrix in epoch 7. Leave --epoch away');
    expect(await complaint('--out', 'missing/figure.svg')).toMatch(/^error: missing\/figure\.svg cannot be written: /);
  });
});
