import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { checkData } from '../../src/data/check';
import { prepareTasks } from '../../src/data/prepare';
import { splitNames } from '../../src/data/taskSet';
import type { TaskSet } from '../../src/data/taskSet';
import { experimentSchema } from '../../src/experiment/schema';
import type { Experiment, ExperimentInput } from '../../src/experiment/schema';

const root = join(import.meta.dirname, '../..');
const data = join(root, '../shared/data');
const experiments = join(root, 'test/experiments');
const absent = !existsSync(data);
const suffix = absent ? ' (skipped: ../shared/data is absent)' : '';

const load = (name: string): Experiment =>
  experimentSchema.parse(parse(readFileSync(join(experiments, `${name}.mtl.yaml`), 'utf8')));
const resolved = (input: ExperimentInput): Experiment => experimentSchema.parse(input);

function expectSound({ streams, tasks }: TaskSet) {
  for (const stream of streams) {
    expect(stream.inputWidth).toBe(stream.categorical.reduce((sum, { width }) => sum + width, stream.numericWidth));
    expect(stream.inputNames).toHaveLength(stream.inputWidth);
    for (const name of splitNames) {
      const { rows, numeric, codes, targets, mask } = stream.splits[name];
      expect(numeric).toHaveLength(rows * stream.numericWidth);
      expect(codes).toHaveLength(rows * stream.categorical.length);
      expect(targets).toHaveLength(rows * stream.tasks.length);
      expect(numeric.every(Number.isFinite) && targets.every(Number.isFinite)).toBe(true);
      expect(mask.every((value) => value === 0 || value === 1)).toBe(true);
      expect(codes.every((code, index) => code < stream.categorical[index % stream.categorical.length].width)).toBe(
        true,
      );
    }
  }
  for (const { deviation } of tasks) expect(deviation).toBeGreaterThan(0);
}

const sizes = ({ splits }: TaskSet['streams'][number]) => splitNames.map((name) => splits[name].rows);
const total = (stream: TaskSet['streams'][number]) => sizes(stream).reduce((sum, rows) => sum + rows, 0);

describe.skipIf(absent)(`real data${suffix}`, () => {
  test('digits: two tables, the speaker theo held out', async () => {
    const taskSet = await prepareTasks(load('digits'), experiments);
    expectSound(taskSet);
    const [speech, image] = taskSet.streams;
    expect([speech.inputWidth, image.inputWidth]).toEqual([100, 100]);
    expect([total(speech), total(image)]).toEqual([3000, 5000]);
    expect(speech.splits.test.rows).toBe(500);
    expect(taskSet.tasks.map(({ name, outputs }) => [name, outputs])).toEqual([
      ['speech', 10],
      ['image', 10],
    ]);
    expect(taskSet.tasks[0].classes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(taskSet.warnings).toEqual([]);
  });

  test('census: two targets, missing marks with blanks around them', async () => {
    const start = performance.now();
    const taskSet = await prepareTasks(load('census'), experiments);
    console.log(`census prepared in ${Math.round(performance.now() - start)} ms`);
    expectSound(taskSet);
    const [stream] = taskSet.streams;
    expect(total(stream)).toBe(99762);
    expect(taskSet.tasks.map(({ classes }) => classes)).toEqual([
      ['- 50000.', '50000+.'],
      ['not Never married', 'Never married'],
    ]);
    expect(stream.numericWidth).toBe(7);
    const block = (column: string) => stream.categorical.find((input) => input.column === column)!;
    expect(block('sex').levels).toHaveLength(2);
    expect(block('education').levels).toHaveLength(17);
    // One of the 52 codes has a single row, which may be among those to train on or not.
    expect([51, 52]).toContain(block('industry_code').levels.length);
    expect(block('migration_msa').levels).toContain('(missing)');
    for (const name of splitNames) {
      const { targets, rows } = stream.splits[name];
      const positives = targets.reduce((sum, value, index) => sum + (index % 2 === 0 ? value : 0), 0);
      expect(Math.abs(positives - (rows * 6186) / 99762)).toBeLessThan(2);
    }
  });

  test('school: 139 tasks of one column', async () => {
    const taskSet = await prepareTasks(load('school'), experiments);
    expectSound(taskSet);
    expect(taskSet.tasks).toHaveLength(139);
    expect(taskSet.pooled).toBe(true);
    const [stream] = taskSet.streams;
    expect(total(stream)).toBe(15362);
    expect(stream.inputWidth).toBe(28);
    for (const name of splitNames) {
      const { mask, rows } = stream.splits[name];
      const rowsOf = new Array<number>(139).fill(0);
      mask.forEach((value, index) => (rowsOf[index % 139] += value));
      expect(Math.min(...rowsOf)).toBeGreaterThan(0);
      expect(mask.reduce((sum, value) => sum + value, 0)).toBe(rows);
    }
  });

  test('sarcos: seven regressions of 21 inputs', async () => {
    const torques = [1, 2, 3, 4, 5, 6, 7].map(
      (joint) => [`tau${joint}`, { target: `tau${joint}`, kind: 'regression' }] as const,
    );
    const taskSet = await prepareTasks(
      resolved({ name: 'sarcos', data: { source: 'sarcos_inv_test.csv' }, tasks: Object.fromEntries(torques) }),
      data,
    );
    expectSound(taskSet);
    expect(taskSet.streams.map(({ inputWidth }) => inputWidth)).toEqual([21]);
    expect(sizes(taskSet.streams[0])).toEqual([3559, 445, 445]);
    const { targets } = taskSet.streams[0].splits.train;
    expect(Math.abs(targets.reduce((sum, value) => sum + value) / targets.length)).toBeLessThan(1e-4);
  });

  test('rf1: missing numbers of an ARFF file get flags', async () => {
    const targets = ['CHSI2', 'NASI2', 'EADM7', 'SCLM7', 'CLKM7', 'VALI2', 'NAPM7', 'DLDI4'];
    const tasks = targets.map((site) => [site, { target: `${site}_48H__0`, kind: 'regression' }] as const);
    const taskSet = await prepareTasks(
      resolved({ name: 'rf1', data: { source: 'rf1.arff' }, tasks: Object.fromEntries(tasks) }),
      data,
    );
    expectSound(taskSet);
    const [stream] = taskSet.streams;
    expect(total(stream)).toBe(9125);
    expect(stream.inputNames.slice(0, 64).every((name) => !name.endsWith('is missing'))).toBe(true);
    expect(stream.numericWidth).toBeGreaterThan(64);
  });

  test('emotions: six labels of one song, over two ARFF files', async () => {
    const labels = [
      'amazed-suprised',
      'happy-pleased',
      'relaxing-calm',
      'quiet-still',
      'sad-lonely',
      'angry-aggresive',
    ];
    const tasks = labels.map((label) => [label, { target: label, kind: 'binary' }] as const);
    const source = ['emotions-train.arff', 'emotions-test.arff'];
    const taskSet = await prepareTasks(
      resolved({ name: 'emotions', data: { source }, tasks: Object.fromEntries(tasks) }),
      data,
    );
    expectSound(taskSet);
    expect(total(taskSet.streams[0])).toBe(593);
    expect(taskSet.streams[0].inputWidth).toBe(72);
    expect(taskSet.tasks.map(({ classes }) => classes.join())).toEqual(labels.map(() => '0,1'));
  });

  test('student: grades from two tables, quoted and separated by semicolons', async () => {
    const grade = (source: string) =>
      ({ data: { source, split: { stratify: 'school' } }, target: 'G3', kind: 'regression' }) as const;
    const experiment = resolved({
      name: 'student',
      inputs: { exclude: ['G1', 'G2'] },
      tasks: { mathematics: grade('student-mat.csv'), portuguese: grade('student-por.csv') },
    });
    const taskSet = await prepareTasks(experiment, data);
    expectSound(taskSet);
    expect(taskSet.streams.map(total)).toEqual([395, 649]);
    expect(taskSet.streams.map(({ categorical }) => categorical.length)).toEqual([17, 17]);
    const { findings, tables } = await checkData(experiment, data);
    expect(findings).toEqual([]);
    expect(taskSet.streams[0].inputNames).toEqual(taskSet.streams[1].inputNames);
    expect(tables.map(({ path, columns }) => [path.join('.'), columns.length])).toEqual([
      ['tasks.mathematics.data', 33],
      ['tasks.portuguese.data', 33],
    ]);
    expect(tables[0].columns.find(({ name }) => name === 'sex')).toEqual({
      name: 'sex',
      kind: 'text',
      missing: 0,
      levels: ['F', 'M'],
    });
  });

  test('landmine: 29 binary tasks', async () => {
    const tasks = { each: 'field', target: 'label', kind: 'binary' } as const;
    const taskSet = await prepareTasks(resolved({ name: 'landmine', data: { source: 'landmine.csv' }, tasks }), data);
    expectSound(taskSet);
    expect(taskSet.tasks).toHaveLength(29);
    expect(total(taskSet.streams[0])).toBe(14820);
  });
});
