import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ExperimentError } from '../../src/experiment/problem';
import { experimentSchema } from '../../src/experiment/schema';
import { areaUnderCurve, multiclassMetrics } from '../../src/model/metrics/classification';
import { regressionMetrics } from '../../src/model/metrics/regression';
import { OutputError } from '../../src/outputs/errors';
import { readModelFolder, writeModelFolder, type TrainedModel } from '../../src/outputs/modelFolder';
import type { Prediction } from '../../src/outputs/predict';
import type { RunRecord } from '../../src/runs/record';
import { decodeSafetensors } from '../../src/runs/safetensors';
import { runFolder } from '../../src/training/run';
import { nativeProblem, nativeTitle } from '../program/support';
import { caseTitle, sharingCases } from '../model/sharing/cases';
import { draftRun } from '../training/runs';
import { csvText, head, predicted, tableDraft, tableRows, train, trainTable, write } from './trained';

const column = (name: (typeof head)[number]) => head.indexOf(name);
const binaryTask = 'b/🧠 <script>';

/** Predictions of one task, all of one kind. */
function only<Kind extends Prediction['kind']>(kind: Kind, all: readonly (Prediction | null)[]) {
  return all.map((prediction) => {
    if (prediction?.kind !== kind) throw new Error(`Not a ${kind}.`);
    return prediction as Extract<Prediction, { kind: Kind }>;
  });
}

/** What a model says of the rows of `tableDraft` that it was tested on. */
async function predictedAgain(trained: TrainedModel, rows: ReturnType<typeof tableRows>) {
  const tested = rows.filter((row) => row[column('part')] === 'test');
  const { all } = await predicted(trained, write('tested.csv', csvText(head, tested)));
  const of = (task: number) => all.map(({ predictions }) => predictions[task]);
  const values = only('regression', of(0)).map(({ value }) => value);
  const actual = tested.map((row) => Number(row[column('y')]));
  return { tested, of, figures: regressionMetrics({ predicted: values, actual })! };
}

async function refusal(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'It was not refused.',
    (error: unknown) => {
      if (error instanceof ExperimentError) return error.message;
      if (error instanceof OutputError) return `${error.message} ${error.remedy}`;
      throw error;
    },
  );
}

describe('a run that ends', () => {
  test('leaves a model whose predictions have the figures of the journal', async () => {
    const { trained, finished, rows } = await trainTable();
    const tested = rows.filter((row) => row[column('part')] === 'test');
    const { all, tasks, notes } = await predicted(trained, write('tested.csv', csvText(head, tested)), {
      keep: ['id'],
    });
    expect(notes).toEqual([]);
    expect(all.map(({ row, kept }) => [row, kept])).toEqual(tested.map((cells, row) => [row + 1, [cells[0]]]));
    expect(tasks.map(({ title }) => title)).toEqual(['y', binaryTask, 'c']);
    const of = (task: number) => all.map(({ predictions }) => predictions[task]);

    const values = only('regression', of(0)).map(({ value }) => value);
    const actual = tested.map((row) => Number(row[column('y')]));
    const figures = regressionMetrics({ predicted: values, actual })!;
    expect(figures.r2).toBeGreaterThan(0.5);
    // The journal's targets went through float32.
    for (const name of ['mse', 'mae', 'r2'] as const) {
      expect(figures[name]! / finished.metrics[0].test![name]!).toBeCloseTo(1, 5);
    }

    const binary = only('binary', of(1));
    const truth = tested.map((row) => (row[column('b')] === 'yes' ? 1 : 0));
    const right = binary.filter((prediction, row) => (prediction.class === 'yes') === (truth[row] === 1));
    expect(right.length / tested.length).toBe(finished.metrics[1].test!.accuracy);
    expect(
      areaUnderCurve(
        binary.map(({ probability }) => probability),
        truth,
      ),
    ).toBe(finished.metrics[1].test!.auc);

    const several = only('multiclass', of(2));
    const { classes } = tasks[2];
    expect(classes).toEqual(['cold', 'none', 'warm']);
    const logits = several.flatMap(({ probabilities }) => probabilities.map(Math.log));
    const labels = tested.map((row) => classes.indexOf(String(row[column('c')])));
    const metrics = multiclassMetrics({ logits, actual: labels }, 3)!;
    expect(metrics.accuracy).toBe(finished.metrics[2].test!.accuracy);
    expect(metrics.crossEntropy).toBeCloseTo(finished.metrics[2].test!.loss!, 5);
    for (const { probabilities, class: chosen } of several) {
      expect(probabilities.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
      expect(chosen).toBe(classes[probabilities.indexOf(Math.max(...probabilities))]);
    }
  });

  test.skipIf(nativeProblem !== undefined)(nativeTitle('on native leaves a model that predicts the same'), async () => {
    const rows = tableRows(400);
    const file = write('table.csv', csvText(head, rows));
    const { trained, finished } = await train(tableDraft(file), { engine: 'native' });
    const { tested, of, figures } = await predictedAgain(trained, rows);
    for (const name of ['mse', 'mae', 'r2'] as const) {
      expect(figures[name]! / finished.metrics[0].test![name]!).toBeCloseTo(1, 4);
    }
    const classes = only('multiclass', of(2)).map((prediction) => prediction.class);
    const right = classes.filter((name, row) => name === tested[row][column('c')]);
    expect(right.length / tested.length).toBeCloseTo(finished.metrics[2].test!.accuracy!, 2);
  });

  test.each(sharingCases.map((sharing) => [caseTitle(sharing), sharing] as const))(
    'leaves a model that predicts what was measured: %s',
    async (_, sharing) => {
      const rows = tableRows(200);
      const of = tableDraft(write('table.csv', csvText(head, rows)));
      const training = { ...of.training, epochs: 3 };
      const { trained, finished } = await train({ ...of, model: { ...of.model, sharing }, training });
      const { figures } = await predictedAgain(trained, rows);
      expect(figures.mse / finished.metrics[0].test!.mse!).toBeCloseTo(1, 4);
    },
  );

  test('leaves weights whose names explain themselves', async () => {
    const { folder } = await trainTable();
    const { tensors, metadata } = decodeSafetensors(readFileSync(join(folder, 'model/weights.safetensors')));
    const inputs = 3 + 1 + 5 + 5 + 3;
    expect(Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape]))).toEqual({
      'shared/0/weights': [inputs, 12],
      'shared/0/bias': [12],
      ...Object.fromEntries(
        [
          ['y', 1],
          [binaryTask, 1],
          ['c', 3],
        ].flatMap(([task, outputs]) => [
          [`heads/${task}/0/weights`, [12, 5]],
          [`heads/${task}/0/bias`, [5]],
          [`heads/${task}/1/weights`, [5, outputs]],
          [`heads/${task}/1/bias`, [outputs]],
        ]),
      ),
    });
    expect(metadata).toMatchObject({ experiment: 'A test', seed: '1', engine: expect.any(String) as string });
    expect(JSON.parse(metadata.tasks)).toContainEqual({ name: binaryTask, kind: 'binary' });
  });

  test('leaves no model where it was stopped before its first step', async () => {
    const { folder } = await draftRun(tableDraft(write('table.csv', csvText(head, tableRows(40)))));
    expect(await runFolder(folder, AbortSignal.abort())).toBe('stopped');
    expect(await refusal(readModelFolder(folder))).toMatch(/^The run has no model: .*model\.json A run writes it/);
  });
});

describe('a new table', () => {
  test('may lack the targets, and its batches do not matter', async () => {
    const { trained, rows } = await trainTable();
    const inputs = head.slice(0, column('part'));
    const many = Array.from({ length: 2500 }, (_, row) => rows[row % rows.length].slice(0, inputs.length));
    const { all } = await predicted(trained, write('many.csv', csvText(inputs, many)));
    expect(all.length).toBe(2500);
    const few = await predicted(trained, write('few.csv', csvText(inputs, many.slice(0, 3))));
    expect(all.slice(0, 3)).toEqual(few.all);
    expect(all[2400].predictions).toEqual(all[0].predictions);
  });

  test('keeps levels what they were, however its own values read', async () => {
    const { trained } = await trainTable();
    const of = async (code: string, more: string[][] = []) => {
      const row = ['r', 100, 1, code, 'red', '2024-01-10', 'true'];
      const { all, notes } = await predicted(trained, write('one.csv', csvText(head.slice(0, 7), [row, ...more])));
      return { probability: only('binary', [all[0].predictions[1]])[0].probability, notes };
    };
    // Without the level `x` the column reads as numbers, in which 007 would be 7.
    const seven = await of('007');
    expect(seven.probability).toBeGreaterThan(0.5);
    expect((await of('7')).probability).toBeLessThan(0.5);
    expect(await of('007', [['s', '1', '1', 'x', 'red', '2024-01-10', 'false']])).toEqual(seven);
    const other = await of('unheard');
    expect(other.notes).toEqual([
      'Column `code` has "unheard" in 1 row, which no training row has: counted among the other levels.',
    ]);
  });

  test('is told what it lacks', async () => {
    const { trained } = await trainTable();
    const row = ['r', 100, 1, '7', 'red', '2024-01-10', 'true'];
    const told = (header: readonly string[], cells: readonly (string | number)[], options = {}) =>
      refusal(predicted(trained, write('new.csv', csvText(header, [cells])), options));
    const header = head.slice(0, 7);
    expect(await told(['id', 'Size_', ...header.slice(2)], row)).toBe(
      'The table has no column `size`. Did you mean `Size_`?',
    );
    expect(await told(['a'], ['b'])).toMatch(/^The table has none of these 6 columns, which the model needs: `size`/);
    expect(await told(header, row.with(1, 'large'))).toMatch(/^Column `size` is not numeric: row 1 has "large"\./);
    expect(await told(header, row.with(5, '7'))).toMatch(/^Column `day` holds numbers; .* hold dates there\./);
    expect(await told(header, row, { keep: ['idd'] })).toBe('The table has no column `idd`. Did you mean `id`?');
    expect(await told(header, row, { tasks: ['zebra'] })).toMatch(/^The run has no task "zebra"\. Its tasks are `y`/);
    expect(await refusal(predicted(trained, '/nowhere/new.csv'))).toMatch(/There is no file/);
    const blank = await predicted(trained, write('new.csv', csvText(header, [row.with(1, '').with(4, '')])));
    expect(blank.notes).toEqual([
      'Column `size` has no value in 1 row, and had one in every training row: the mean of those stands in.',
    ]);
  });

  test('may be written as the training table is: without a header', async () => {
    const rows = tableRows(100);
    const draft = {
      data: {
        source: write(
          'bare.data',
          csvText(
            ['x', 'code', 'y'],
            rows.map((row) => [row[1], row[3], row[8]]),
          ).replace(/.*\n/, ''),
        ),
        header: false,
        columns: ['x', 'code', 'y'],
      },
      tasks: { y: { target: 'y', kind: 'regression' } },
      training: { epochs: 1 },
    } as const;
    const { trained } = await train(draft as never);
    const whole = await predicted(trained, write('a.csv', '100,007,5\n90,x,6\n'));
    expect(await predicted(trained, write('b.csv', '100,007\n90,x\n'))).toMatchObject({ all: whole.all });
    expect(await predicted(trained, write('c.csv', 'code;x\n007;100\nx;90\n'))).toMatchObject({ all: whole.all });
    expect(await refusal(predicted(trained, write('d.csv', '1,2,3,4\n')))).toMatch(/should have 3 or 2 columns/);
  });
});

test('rows of a query: a file has its columns, or goes through it', async () => {
  const rows = tableRows(80).map((row) => [row[1], row[8]]);
  const { trained } = await train({
    data: {
      source: write('queried.csv', csvText(['size', 'y'], rows)),
      query: 'SELECT size, size * 2 AS twice, y FROM source WHERE size > 50',
    },
    tasks: { y: { target: 'y', kind: 'regression' } },
    training: { epochs: 1 },
  });
  const direct = await predicted(trained, write('direct.csv', 'twice,size\n200,100\n'));
  const queried = await predicted(trained, write('queried.csv', 'y,size\n0,100\n0,10\n'));
  expect(queried.all).toEqual(direct.all);
  const lines = await predicted(trained, write('queried.jsonl', '{"y": 0, "size": 100}\n{"y": 0, "size": 10}\n'));
  expect([lines.all, lines.notes]).toEqual([direct.all, queried.notes]);
  expect((await predicted(trained, write('direct.jsonl', '{"twice": 200, "size": 100}\n'))).all).toEqual(direct.all);
  expect([direct.notes, queried.notes]).toEqual([[], [expect.stringMatching(/through the query/)]]);
  expect(await refusal(predicted(trained, write('other.csv', 'size\n100\n')))).toMatch(
    /^The query cannot be run\..*\nThe file lacks some of the columns `size` and `twice`, so it went through the query/,
  );
});

test('one task per value of a column: the column says the task of a row', async () => {
  const rows = Array.from({ length: 120 }, (_, row) => [
    ['01', 'north', '__proto__'][row % 3],
    row % 10,
    (row % 10) + 5 * (row % 3),
  ]);
  const source = write('each.csv', csvText(['place', 'x', 'y'], rows));
  const { trained } = await train({
    data: { source },
    tasks: { each: 'place', target: 'y', kind: 'regression' },
    training: { epochs: 40, batchSize: 16, optimizer: { name: 'adam', learningRate: 0.02 } },
  });
  const { all, tasks, kept, notes } = await predicted(
    trained,
    write('new.csv', 'x,place\n3,north\n3,01\n3,__proto__\n3,south\n3,\n'),
  );
  expect([tasks.map(({ title }) => title), kept]).toEqual([['y'], ['place']]);
  const values = all.map(
    ({ predictions: [prediction] }) => prediction && Math.round(only('regression', [prediction])[0].value),
  );
  expect(values).toEqual([8, 3, 13, null, null]);
  expect(notes).toEqual([
    'Column `place` names no task of the run ("south"), or has no value, in 2 rows: those are left without a prediction.',
  ]);
  expect(await refusal(predicted(trained, write('new.csv', 'x,place\n3,south\n')))).toMatch(/that is all\. .*`01`/);
  const chosen = await predicted(trained, write('new.csv', 'x\n3\n'), { tasks: ['north'] });
  expect([chosen.tasks[0].title, chosen.all[0].predictions]).toEqual(['north', [all[0].predictions[0]]]);
});

test('tasks with tables of their own: one is chosen', async () => {
  const source = (name: string) =>
    write(
      `${name}.csv`,
      csvText(
        [name, 'z'],
        tableRows(60).map((row) => [row[1], row[8]]),
      ),
    );
  const own = (name: string) => ({
    data: { source: source(name) },
    target: 'z',
    kind: 'regression' as const,
    encoder: { layers: [4] },
  });
  const { trained, folder } = await train({ tasks: { p: own('p'), q: own('q') }, training: { epochs: 2 } });
  expect(Object.keys(decodeSafetensors(readFileSync(join(folder, 'model/weights.safetensors'))).tensors)).toContain(
    'private/q/0/weights',
  );
  const file = write('q.csv', 'q\n100\n');
  expect(await refusal(predicted(trained, file))).toBe(
    'The tasks of this run have tables of their own. Choose tasks of one table with --task: `p`; or `q`.',
  );
  expect((await predicted(trained, file, { tasks: ['q'] })).all.length).toBe(1);
  expect(await refusal(predicted(trained, file, { tasks: ['p'] }))).toMatch(/no column `p`/);
});

test('a task and the common table may both be called data', async () => {
  const file = (name: string) =>
    write(
      `${name}.csv`,
      csvText(
        [name, 'z'],
        tableRows(60).map((row) => [row[1], row[8]]),
      ),
    );
  const { trained, folder } = await train({
    data: { source: file('p') },
    tasks: {
      common: { target: 'z', kind: 'regression' },
      data: { data: { source: file('q') }, target: 'z', kind: 'regression', encoder: { layers: [1] } },
    },
    training: { epochs: 1 },
  });
  expect((await predicted(trained, write('p.csv', 'p\n1\n'), { tasks: ['common'] })).all.length).toBe(1);
  expect((await predicted(trained, write('q.csv', 'q\n1\n'), { tasks: ['data'] })).all.length).toBe(1);
  const { signature } = JSON.parse(readFileSync(join(folder, 'model/tfjs/model.json'), 'utf8')) as {
    readonly signature: { readonly inputs: object; readonly outputs: object };
  };
  expect(Object.keys(signature.inputs)).toEqual(['data', 'data 2']);
  expect(Object.keys(signature.outputs)).toEqual(['common', 'data']);
});

test('a damaged model is told', async () => {
  const { folder } = await trainTable();
  const weights = join(folder, 'model/weights.safetensors');
  const whole = readFileSync(weights);
  writeFileSync(weights, whole.subarray(0, whole.length - 4));
  expect(await refusal(readModelFolder(folder))).toMatch(/^The model cannot be read \(The file is cut: 4 bytes/);
  writeFileSync(join(folder, 'model/model.json'), '{"format": "mtl-model"}');
  expect(await refusal(readModelFolder(folder))).toMatch(
    /^The model cannot be read \(version is not as it should be\)/,
  );
});

test('a run folder that was deleted does not come back', async () => {
  const { folder, trained } = await trainTable();
  const run = {
    experiment: experimentSchema.parse({ name: 'x', ...tableDraft('x.csv') }),
    record: { id: 'x' } as RunRecord,
  };
  const result = { ...run, model: trained.model, parameters: trained.parameters, engine: 'wasm' };
  rmSync(folder, { recursive: true });
  expect(await refusal(writeModelFolder(folder, result))).toMatch(
    /^The model cannot be written \(there is no such folder/,
  );
  expect(existsSync(folder)).toBe(false);
});
