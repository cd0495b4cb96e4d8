import { describe, expect, test } from 'vitest';
import { checkData } from '../../src/data/check';
import type { ExperimentInput } from '../../src/experiment/schema';
import { csv, experimentOf, folderWith, numericRows, prepared } from './support';

/** Rows 1 to 4 are for training, 5 for validation, 6 for testing. */
const table = [
  ['n', 'constant', 'gaps', 'word', 'code', 'y', 'b', 'c', 'part'],
  [1, 7, '', 'red', 10, 10, 'no', 2, 'train'],
  [2, 7, 4, 'red', 20, 20, 'yes', 10, 'train'],
  [3, 7, 8, 'blue', 20, 30, 'no', 10, 'train'],
  [6, 7, 6, '', 30, '', 'no', 9, 'train'],
  [100, 7, '', 'green', 40, 50, 'yes', 3, 'held'],
  [-4, 9, 0, 'blue', 10, 60, '', 2, 'test'],
] as const;
const folder = folderWith({ 'table.csv': csv(table) });
const data = { source: 'table.csv', split: { column: 'part', test: ['test'], validation: ['held'] } };
const y = { y: { target: 'y', kind: 'regression' } } as const;
const both = { ...y, b: { target: 'b', kind: 'binary' } } as const;
const only = (numeric: string[], categorical: string[], more: object = {}): ExperimentInput['inputs'] => ({
  numeric: { columns: numeric, ...more },
  categorical: { columns: categorical },
});
const rounded = (rows: number[][]) => rows.map((row) => row.map((value) => Number(value.toFixed(4))));

describe('numeric inputs', () => {
  test.each([
    ['standard', [-1.069, -0.5345, 0, 1.6036], [51.8487], [-3.7417]],
    ['min-max', [0, 0.2, 0.4, 1], [19.8], [-1]],
    ['none', [1, 2, 3, 6], [100], [-4]],
  ] as const)('%s, fitted on the training rows', async (scale, train, validation, held) => {
    const { streams } = await prepared({ data, tasks: both, inputs: only(['n'], [], { scale }) }, folder);
    expect(rounded(numericRows(streams[0], 'train')).flat()).toEqual(train);
    expect(rounded(numericRows(streams[0], 'validation')).flat()).toEqual(validation);
    expect(rounded(numericRows(streams[0], 'test')).flat()).toEqual(held);
  });

  test('a missing number is the mean of training, with a flag', async () => {
    const { streams } = await prepared(
      { data, tasks: both, inputs: only(['gaps', 'n'], [], { scale: 'none' }) },
      folder,
    );
    expect(streams[0].inputNames).toEqual(['gaps', 'n', 'gaps is missing']);
    expect(numericRows(streams[0], 'train')[0]).toEqual([6, 1, 1]);
    expect(numericRows(streams[0], 'validation')[0]).toEqual([6, 100, 1]);
    expect(numericRows(streams[0], 'test')[0]).toEqual([0, -4, 0]);
    const plain = only(['gaps'], [], { scale: 'none', missing: 'mean' });
    expect((await prepared({ data, tasks: both, inputs: plain }, folder)).streams[0].inputNames).toEqual(['gaps']);
  });

  test.each(['standard', 'min-max'] as const)('a constant column is harmless (%s)', async (scale) => {
    const { streams } = await prepared({ data, tasks: both, inputs: only(['constant'], [], { scale }) }, folder);
    expect(numericRows(streams[0], 'train').flat()).toEqual([0, 0, 0, 0]);
    expect(numericRows(streams[0], 'test').flat()).toEqual([2]);
  });
});

describe('categorical inputs', () => {
  test('levels by frequency, missing among them, others together', async () => {
    const { streams } = await prepared({ data, tasks: both, inputs: only([], ['word', 'code']) }, folder);
    const [stream] = streams;
    expect(stream.categorical).toEqual([
      { column: 'word', levels: ['red', '(missing)', 'blue'], offset: 0, width: 4 },
      { column: 'code', levels: ['20', '10', '30'], offset: 4, width: 4 },
    ]);
    expect([...stream.splits.train.codes]).toEqual([0, 1, 0, 0, 2, 0, 1, 2]);
    expect([...stream.splits.validation.codes]).toEqual([3, 3]);
    expect([...stream.splits.test.codes]).toEqual([2, 1]);
    expect(stream.inputNames).toEqual([
      'word = red',
      'word = (missing)',
      'word = blue',
      'word = (other)',
      'code = 20',
      'code = 10',
      'code = 30',
      'code = (other)',
    ]);
  });

  test('a limit of levels', async () => {
    const inputs = { numeric: { columns: [] }, categorical: { columns: ['word'], maxLevels: 1 } };
    const { streams } = await prepared({ data, tasks: both, inputs }, folder);
    expect([...streams[0].splits.train.codes]).toEqual([0, 0, 1, 1]);
  });
});

test('by default all columns are inputs but targets, split, group and excluded ones', async () => {
  const { streams } = await prepared({ data, tasks: both, inputs: { exclude: ['n'] } }, folder);
  expect(streams[0].inputNames.filter((name) => !name.includes(' '))).toEqual(['constant', 'gaps', 'code', 'c']);
  expect(streams[0].categorical.map(({ column }) => column)).toEqual(['word']);
});

test('columns that no list names are pointed out', async () => {
  const experiment = experimentOf({ data, tasks: y, inputs: { numeric: { columns: ['n'] } } });
  const { findings } = await checkData(experiment, folder);
  expect(findings.map(({ code, severity, message }) => [code, severity, message])).toEqual([
    ['columns-not-used', 'information', expect.stringContaining('`constant`, `gaps`, `code` and `c`')],
  ]);
});

describe('targets', () => {
  test('regression: scaled by the training split, no label where the cell is empty', async () => {
    const { tasks, streams } = await prepared({ data, tasks: y }, folder);
    expect(tasks[0]).toMatchObject({ name: 'y', outputs: 1, mean: 20, classes: [], loss: 'squared-error' });
    const { deviation } = tasks[0];
    expect(deviation).toBeCloseTo(Math.sqrt(200 / 3), 10);
    const { train, test: held } = streams[0].splits;
    expect(Array.from(train.targets, (value) => Math.round(value * deviation + 20))).toEqual([10, 20, 30]);
    expect([...train.mask]).toEqual([1, 1, 1]);
    expect(held.targets[0] * deviation + 20).toBeCloseTo(60, 4);
  });

  test('regression without scaling', async () => {
    const { tasks, streams } = await prepared({ data, tasks: { y: { ...y.y, scale: 'none', loss: 'huber' } } }, folder);
    expect(tasks[0]).toMatchObject({ mean: 0, deviation: 1, loss: 'huber' });
    expect([...streams[0].splits.train.targets]).toEqual([10, 20, 30]);
  });

  test('several targets of one row; rows without any label are left out', async () => {
    const { streams, tasks } = await prepared({ data, tasks: both }, folder);
    expect(streams).toHaveLength(1);
    expect(streams[0].tasks).toEqual([0, 1]);
    expect([...streams[0].splits.train.mask]).toEqual([1, 1, 1, 1, 1, 1, 0, 1]);
    expect([...streams[0].splits.test.mask]).toEqual([1, 0]);
    expect(tasks.map(({ stream, column }) => [stream, column])).toEqual([
      [0, 0],
      [0, 1],
    ]);
  });

  test.each([
    ['b', {}, ['no', 'yes'], [0, 1, 0, 0]],
    ['b', { positive: 'no' }, ['yes', 'no'], [1, 0, 1, 1]],
    ['word', { positive: 'red' }, ['not red', 'red'], [1, 1, 0]],
    ['code', { positive: 20 }, ['not 20', '20'], [0, 1, 1, 0]],
  ])('binary %s %j', async (target, fields, classes, labels) => {
    const { tasks, streams } = await prepared({ data, tasks: { t: { target, kind: 'binary', ...fields } } }, folder);
    expect(tasks[0].classes).toEqual(classes);
    expect([...streams[0].splits.train.targets]).toEqual(labels);
  });

  test('multiclass: classes of training in numeric order, others masked with a warning', async () => {
    const { tasks, streams, warnings } = await prepared(
      { data, tasks: { t: { target: 'c', kind: 'multiclass' } } },
      folder,
    );
    expect(tasks[0]).toMatchObject({ outputs: 3, classes: ['2', '9', '10'], loss: 'cross-entropy' });
    expect([...streams[0].splits.train.targets]).toEqual([0, 2, 2, 1]);
    expect([...streams[0].splits.validation.mask]).toEqual([0]);
    expect(warnings).toContainEqual(expect.stringContaining('1 class of `c` not in the training split: "3"'));
  });

  test('a constant regression target is trained with a warning', async () => {
    const { tasks, warnings } = await prepared(
      { data, tasks: { t: { target: 'constant', kind: 'regression' } } },
      folder,
    );
    expect(tasks[0]).toMatchObject({ mean: 7, deviation: 1 });
    expect(warnings).toContainEqual(expect.stringContaining('nothing to learn'));
  });
});

describe('one task per value', () => {
  const rows = Array.from({ length: 60 }, (_, row) => [
    row < 40 ? 'b' : row < 58 ? 'a' : 'tiny',
    row,
    row % 3,
    row % 2,
  ]);
  const place = folderWith({ 'schools.csv': csv([['school', 'x', 'y', 'z'], ...rows]) });
  const tasks = { each: 'school', target: 'y', kind: 'regression' } as const;

  test('every row belongs to one task; values of few rows are left out with a warning', async () => {
    const set = await prepared({ data: { source: 'schools.csv' }, tasks }, place);
    expect(set.tasks.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(set.pooled).toBe(true);
    const { train, validation, test: held } = set.streams[0].splits;
    expect([train.rows, validation.rows, held.rows]).toEqual([46, 6, 6]);
    expect(train.mask.reduce((sum, value) => sum + value)).toBe(46);
    expect(set.warnings).toEqual([expect.stringContaining('1 task left out for fewer than 3 training rows: `tiny`')]);
    expect(new Set(set.tasks.map(({ mean, deviation }) => `${mean} ${deviation}`)).size).toBe(1);
    expect(set.streams[0].inputNames).toEqual(['x', 'z']);
  });

  test('a class task of one class is left out', async () => {
    const one = rows.map(([school, x]) => [school, x, school === 'b' ? 1 : Number(x) % 2]);
    const where = folderWith({ 'one.csv': csv([['school', 'x', 'y'], ...one]) });
    const set = await prepared({ data: { source: 'one.csv' }, tasks: { ...tasks, kind: 'binary' } }, where);
    expect(set.tasks.map(({ name }) => name)).toEqual(['a']);
    expect(set.warnings).toContainEqual(expect.stringContaining('one class only: `b`'));
  });

  test('a task without the positive class is left out, whatever its other values', async () => {
    const three = rows.map(([school, x]) => [school, x, school === 'b' ? Number(x) % 2 : Number(x) % 3]);
    const where = folderWith({ 'three.csv': csv([['school', 'x', 'y'], ...three]) });
    const binary = { ...tasks, kind: 'binary', positive: 2 } as const;
    const set = await prepared({ data: { source: 'three.csv' }, tasks: binary }, where);
    expect(set.tasks.map(({ name, classes }) => [name, classes])).toEqual([['a', ['not 2', '2']]]);
  });
});

describe('tables of their own', () => {
  const modality = (name: 'image' | 'speech', inputs: number) =>
    ({
      data: { generate: 'two-modalities', modality: name, inputs, rows: 200 },
      target: 'class',
      kind: 'multiclass',
    }) as const;

  test('a stream each, private encoders where widths differ', async () => {
    const encoder = { layers: [20] };
    const { streams, tasks, pooled } = await prepared({
      tasks: { image: { ...modality('image', 30), encoder }, speech: { ...modality('speech', 50), encoder } },
    });
    expect(streams.map(({ name, inputWidth }) => [name, inputWidth])).toEqual([
      ['image', 30],
      ['speech', 50],
    ]);
    expect(streams.map((stream) => stream.encoder?.layers)).toEqual([[20], [20]]);
    expect(tasks.map(({ stream, column }) => [stream, column])).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect(pooled).toBe(false);
  });

  test('equal widths need no private encoders; common inputs may name a column that one table lacks', async () => {
    const place = folderWith({
      'one.csv': csv([['id', 'x', 'y'], ...table.slice(1).map((row) => row.slice(0, 3).map(Number))]),
    });
    const own = {
      data: { source: 'one.csv', split: { train: 1, validation: 0, test: 0 } },
      target: 'y',
      kind: 'regression',
    } as const;
    const generated = {
      data: { generate: 'related-regressions', inputs: 1, tasks: 1, rows: 20 },
      target: 'y1',
      kind: 'regression',
    } as const;
    const set = await prepared({ inputs: { exclude: ['id'] }, tasks: { own, generated } }, place);
    expect(set.streams.map(({ inputNames }) => inputNames)).toEqual([['x'], ['x1']]);
  });
});

test('tables with the same columns that share the encoder are encoded alike', async () => {
  const place = folderWith({
    'one.csv': csv([
      ['x', 'word', 'y'],
      [0, 'a', 1],
      [1, 'a', 2],
      [2, 'b', 3],
    ]),
    'two.csv': csv([
      ['x', 'word', 'y'],
      [4, 'c', 1],
      ['', 'b', 2],
      [8, 'b', 3],
    ]),
  });
  const task = (source: string, more: object = {}) =>
    ({
      data: { source, split: { train: 1, validation: 0, test: 0 } },
      target: 'y',
      kind: 'regression',
      ...more,
    }) as const;
  const alike = await prepared({ tasks: { one: task('one.csv'), two: task('two.csv') } }, place);
  expect(alike.streams.map(({ inputNames }) => inputNames)).toEqual([
    ['x', 'x is missing', 'word = b', 'word = a', 'word = c', 'word = (other)'],
    ['x', 'x is missing', 'word = b', 'word = a', 'word = c', 'word = (other)'],
  ]);
  expect(alike.streams.map(({ splits }) => [...splits.train.codes])).toEqual([
    [1, 1, 0],
    [2, 0, 0],
  ]);
  expect(numericRows(alike.streams[0], 'train')[0][0]).toBeLessThan(-0.9);
  const encoder = { layers: [4] };
  const own = await prepared(
    { tasks: { one: task('one.csv', { encoder }), two: task('two.csv', { encoder }) } },
    place,
  );
  expect(own.streams.map(({ inputWidth }) => inputWidth)).toEqual([4, 5]);
});

test('the fingerprint is that of the prepared rows', async () => {
  const fingerprint = async (input: object) => (await prepared({ data, tasks: y, ...input }, folder)).fingerprint;
  expect(await fingerprint({})).toMatch(/^[0-9a-f]{64}$/);
  expect(await fingerprint({})).toBe(await fingerprint({ training: { epochs: 3 } }));
  expect(await fingerprint({})).not.toBe(await fingerprint({ inputs: { exclude: ['n'] } }));
});

test('names from users break nothing', async () => {
  const names = ['__proto__', '<script>alert(1)</script>', 'x'.repeat(500), '"', '😀'];
  const rows = Array.from({ length: 30 }, (_, row) => names.map((_, column) => (row * (column + 2)) % 7));
  const quotedNames = names.map((name) => `"${name.replaceAll('"', '""')}"`);
  const place = folderWith({ 'odd.csv': csv([quotedNames, ...rows]) });
  const tasks = {
    constructor: { target: '😀', kind: 'regression' },
    '<b>': { target: '"', kind: 'regression' },
  } as const;
  const set = await prepared({ data: { source: 'odd.csv' }, tasks }, place);
  expect(set.streams[0].inputNames).toEqual(names.slice(0, 3));
  expect(set.tasks.map(({ name }) => name)).toEqual(['constructor', '<b>']);
});
