import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../runs/fixtures/folders';
import { commandLine } from './fixtures/commandLine';
import { writeExperiment } from './fixtures/experiments';

const mtl = commandLine('real');

const table = ['size,word,amount,label'];
for (let row = 0; row < 60; row++)
  table.push([row, ['a', 'b, or "c"'][row % 2], row / 2, ['x', 'y', 'z'][row % 3]].map(quoted).join(','));

function quoted(cell: string | number): string {
  return /[",]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell);
}

const experiment = `name: Words
data: { source: table.csv }
tasks:
  amount: { target: amount, kind: regression }
  label: { target: label, kind: multiclass }
training: { epochs: 2 }
`;

let place = '';
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'mtl-predict-'));
  writeFileSync(join(place, 'table.csv'), `${table.join('\n')}\n`);
  writeExperiment(place, experiment, 'words.mtl.yaml');
  expect(await mtl(['run', 'words.mtl.yaml', '--quiet'], place)).toMatchObject({ code: 0, stderr: '' });
  writeFileSync(join(place, 'new.csv'), 'size,word\n3,a\n4,"b, or ""c"""\n');
});

afterAll(() => rmSync(place, { recursive: true }));

describe('mtl predict', () => {
  test('writes CSV to standard output, or to a file, and JSON', async () => {
    const { code, stdout, stderr } = await mtl(['predict', 'latest', 'new.csv'], place);
    expect([code, stderr]).toEqual([0, '']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('row,amount,label,P(label = x),P(label = y),P(label = z)');
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(['1', '2']);
    const toFile = await mtl(['predict', 'latest', 'new.csv', '--out', 'out.csv'], place);
    expect([toFile.code, toFile.stdout]).toEqual([0, '']);
    expect(readFileSync(join(place, 'out.csv'), 'utf8')).toBe(stdout);

    const json = await mtl(['predict', 'latest', 'new.csv', '--json', '--task', 'amount', '--keep', 'word'], place);
    const { predictions, rows, tasks } = JSON.parse(json.stdout) as Record<string, unknown>;
    expect([rows, tasks]).toEqual([2, [{ name: 'amount', kind: 'regression', classes: [] }]]);
    expect(predictions).toEqual([
      { row: 1, kept: { word: 'a' }, tasks: { amount: { kind: 'regression', value: Number(lines[1].split(',')[1]) } } },
      { row: 2, kept: { word: 'b, or "c"' }, tasks: { amount: expect.anything() as unknown } },
    ]);
    const kept = await mtl(['predict', 'latest', 'new.csv', '--keep', 'word', '--task', 'amount'], place);
    expect(kept.stdout.split('\n')[2]).toMatch(/^"b, or ""c""",/);
  });

  test.each([
    ['new.tsv', 'size\tword\n3\ta\n4\t"b, or ""c"""\n'],
    ['new.jsonl', '{"size": 3, "word": "a"}\n{"size": 4, "word": "b, or \\"c\\""}\n'],
    ['new.arff', `@relation new\n@attribute size numeric\n@attribute word string\n@data\n3,a\n4,'b, or "c"'\n`],
    ['new.csv.gz', gzipSync('word,size\na,3\n"b, or ""c""",4\n')],
  ])('reads %s', async (name, content) => {
    writeFileSync(join(place, name), content);
    const [expected, outcome] = [
      await mtl(['predict', 'latest', 'new.csv'], place),
      await mtl(['predict', 'latest', name], place),
    ];
    expect(outcome).toEqual(expected);
  });

  test('says what is wrong', async () => {
    const told = async (...words: string[]) => {
      const { code, stdout, stderr } = await mtl(['predict', ...words], place);
      expect(stdout).toBe('');
      return `${code} ${stderr}`;
    };
    expect(await told('latest', 'nwe.csv')).toBe('2 error: There is no file `nwe.csv`. Did you mean `new.csv`?\n');
    expect(await told('latest', 'absent')).toMatch(
      /^2 error: There is no file `absent`\. Names start from the present/,
    );
    expect(await told('latest', 'new.csv', '--out', 'new.csv')).toMatch(/^2 error: --out names the file that is read/);
    expect(await told('latest', 'new.csv', '--out', 'no/out.csv')).toMatch(
      /^1 error: The predictions cannot be written/,
    );
    expect(existsSync(join(place, 'no'))).toBe(false);
    expect(await told('other', 'new.csv')).toMatch(/^1 error: There is no run "other"/);
    writeFileSync(join(place, 'bad.csv'), 'size,word\nlarge,a\n');
    expect(await told('latest', 'bad.csv')).toMatch(/^2 error: Column `size` is not numeric: row 1 has "large"/);
  });

  test('refuses a run without a model', async () => {
    const empty = temporaryFolder();
    writeExperiment(empty);
    const running = mtl(['run', 'small.mtl.yaml', '--set', 'training.epochs=100000', '--quiet'], empty);
    let told = '';
    for (let look = 0; look < 100 && !told.includes('no model'); look++) {
      told = (await mtl(['predict', 'latest', join(place, 'new.csv')], empty)).stderr;
    }
    running.child.kill('SIGINT');
    expect((await running).code).toBe(130);
    expect(told).toMatch(/error: The run has no model: .*\n {2}A run writes it when it finishes or is stopped/);
  });
});

describe('mtl export', () => {
  const told = async (...words: string[]) => {
    const { code, stdout, stderr } = await mtl(['export', ...words], place);
    expect(stdout).toBe('');
    return `${code} ${stderr}`;
  };

  test('writes event files, a SavedModel and a graph model', async () => {
    expect(await told('tensorboard', 'latest', '--out', 'board')).toMatch(
      /^0 Wrote .*board\n {2}tensorboard --logdir /,
    );
    expect(readdirSync(join(place, 'board')).sort()).toEqual([
      expect.stringMatching(/^events\.out\.tfevents\.\d+\.mtl$/),
      'test',
      'train',
      'validation',
    ]);
    const [run] = readdirSync(join(place, '.mtl/runs'));
    for (const [what, folder, files] of [
      ['saved-model', 'saved_model', ['saved_model.pb']],
      ['tfjs', 'tfjs', ['group1-shard1of1.bin', 'model.json']],
    ] as const) {
      expect(await told(what, 'latest', '--out', `made/${what}`)).toMatch(/^0 Wrote /);
      expect(readdirSync(join(place, 'made', what)).sort()).toEqual(files);
      for (const name of files) {
        const own = readFileSync(join(place, '.mtl/runs', run, 'model', folder, name));
        expect(readFileSync(join(place, 'made', what, name)).equals(own)).toBe(true);
      }
      expect(await told(what, 'latest', '--out', `made/${what}`)).toMatch(/^0 Wrote /);
    }
  });

  test('says what is wrong, and harms nothing', async () => {
    expect(await told('tensorbord', 'latest')).toBe(
      '2 error: Unknown format "tensorbord". Did you mean "tensorboard"?\n',
    );
    expect(await told('pdf', 'latest')).toMatch(
      /^2 error: Unknown format "pdf"\. Formats: tensorboard, saved-model, tfjs/,
    );
    expect(await told('tfjs', 'latest', '--out', '.')).toMatch(
      /^2 error: --out names something that holds other files/,
    );
    expect(await told('tfjs', 'latest', '--out', 'table.csv')).toMatch(/^2 error: --out names something/);
    expect(await told('tensorboard', 'latest', '--out', 'table.csv')).toMatch(/^1 error: The event files .* cannot be/);
    for (const what of ['tensorboard', 'tfjs']) {
      expect(await told(what, 'latest', '--out', '/proc/no/such')).toMatch(/^1 error: .* cannot be written/);
    }
    expect(readFileSync(join(place, 'table.csv'), 'utf8')).toBe(`${table.join('\n')}\n`);
  });
});
