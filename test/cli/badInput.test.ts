import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { listRuns, runsFolderOf } from '../../src/runs/store';
import { temporaryFolder } from '../runs/fixtures/folders';
import { commandLine } from './fixtures/commandLine';
import { smallExperiment, tableExperiment, writeExperiment } from './fixtures/experiments';

const mtl = commandLine();

const rows = Array.from({ length: 60 }, (_, row) => `${row},${row % 7},${(row * 3) % 11}`);
const table = `input,wanted,other\n${rows.join('\n')}\n`;

interface BadInput {
  readonly name: string;
  readonly text?: string;
  readonly data?: string | Uint8Array;
  readonly source?: string;
  /** What the one error says. */
  readonly says: RegExp;
}

const inputs: readonly BadInput[] = [
  { name: 'an unknown key', text: smallExperiment.replace('epochs:', 'epoch:'), says: /:13:3: error: .*`epochs`/ },
  { name: 'a wrong type', text: smallExperiment.replace('epochs: 4', 'epochs: many'), says: /:13:11: error: / },
  { name: 'a YAML syntax error', text: 'name: [x\ntasks: y\n', says: /:\d+:\d+: error: / },
  { name: 'an empty experiment', text: '', says: /:1:1: error: .*empty/ },
  { name: 'a file that is not YAML', text: '\u0000\u0001\u0002PNG', says: /:1:1: error: .*not text/ },
  { name: 'a missing data file', text: tableExperiment('absent.csv'), says: /:2:\d+: error: .*absent\.csv/ },
  { name: 'a 0-byte data file', text: tableExperiment('data.csv'), data: '', says: /:2:\d+: error: .*empty/ },
  {
    name: 'a misspelt target column',
    text: tableExperiment('data.csv', 'wonted'),
    data: table,
    says: /:4:\d+: error: .*`wanted`/,
  },
  {
    name: 'text in a numeric target',
    text: tableExperiment('data.csv'),
    data: table.replace('\n10,3,', '\n10,three,'),
    says: /:4:\d+: error: .*three/,
  },
  {
    name: 'a target with one class',
    text: tableExperiment('data.csv', 'wanted', 'binary'),
    data: table.replace(/,(\d+),/g, ',1,'),
    says: /:4:\d+: error: /,
  },
  {
    name: 'a cut gzip file',
    text: tableExperiment('data.csv.gz'),
    source: 'data.csv.gz',
    data: gzipSync(table).subarray(0, 120),
    says: /:2:\d+: error: /,
  },
];

describe('bad input', () => {
  test.each(inputs)('$name gives one clear message at its place', async ({ text, data, source = 'data.csv', says }) => {
    const folder = temporaryFolder();
    const file = writeExperiment(folder, text);
    if (data !== undefined) writeFileSync(join(folder, source), data);
    const validated = await mtl(['validate', file], folder);
    expect(validated.code).toBe(1);
    expect(validated.stderr).toBe('');
    const errors = validated.stdout.split('\n').filter((line) => line.includes(': error: '));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(says);
    expect(errors[0].startsWith(`${file}:`)).toBe(true);
    expect(validated.stdout).not.toMatch(/^\s+at /m);

    const run = await mtl(['run', file], folder);
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain(errors[0]);
    expect((await listRuns(runsFolderOf(folder))).runs).toEqual([]);
  });

  test.each([
    ['a file that is not there', 'nowhere.mtl.yaml', 'There is no such file.'],
    ['a folder', 'folder', 'The file cannot be read: it is a folder.'],
  ])('%s', async (_, file, message) => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'folder'));
    const validated = await mtl(['validate', file], folder);
    expect(validated.code).toBe(1);
    expect(validated.stdout.startsWith(`${file}:1:1: error: ${message}`)).toBe(true);
    expect((await mtl(['run', file], folder)).code).toBe(2);
  });

  test('several files are judged together; --json prints one object', async () => {
    const folder = temporaryFolder();
    const good = writeExperiment(folder);
    const bad = writeExperiment(folder, smallExperiment.replace('epochs:', 'epoch:'), 'bad.mtl.yaml');
    const both = await mtl(['validate', good, bad], folder);
    expect(both.code).toBe(1);
    expect(both.stdout).toMatch(/^small\.mtl\.yaml: no problems\nbad\.mtl\.yaml:13:3: error: /);
    const { stdout } = await mtl(['validate', good, bad, '--json'], folder);
    expect(JSON.parse(stdout)).toMatchObject({
      valid: false,
      problems: [{ file: bad, line: 13, column: 3, severity: 'error', code: 'unknown-key', suggestion: 'epochs' }],
    });
    const sound = await mtl(['validate', good, '--json'], folder);
    expect(sound.code).toBe(0);
    expect(JSON.parse(sound.stdout)).toMatchObject({
      valid: true,
      costs: [
        { file: good, measure: 'gradient-cosine', label: expect.stringMatching(/^≈ \+\d+ % of training$/) as string },
      ],
    });
  });

  test('--no-data leaves the data unread', async () => {
    const folder = temporaryFolder();
    const file = writeExperiment(folder, tableExperiment('absent.csv'));
    expect((await mtl(['validate', file, '--no-data'], folder)).code).toBe(0);
  });

  test('a bad --set is told with what was written, and --json says it, too', async () => {
    const folder = temporaryFolder();
    const file = writeExperiment(folder);
    const { code, stdout, stderr } = await mtl(['run', file, '--set', 'training.epocks=3', '--json'], folder);
    expect(code).toBe(2);
    expect(stderr).toContain('training.epocks=3');
    expect(JSON.parse(stdout)).toMatchObject({ state: 'refused', problems: [{ severity: 'error' }] });
    expect((await mtl(['run', file, '--set', 'nonsense'], folder)).code).toBe(2);
  });
});
