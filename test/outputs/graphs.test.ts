import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { fillInputs } from '../../src/data/batches';
import { readNewTable } from '../../src/data/newTable';
import type { Prediction } from '../../src/outputs/predict';
import { lacksPython, runPython } from '../support/python';
import { csvText, head, predicted, tableDraft, tableRows, train, write, type TrainedRun } from './trained';

// Importing TensorFlow takes long on a machine with other work.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** Encoded inputs of a file, row after row, as others are told to make them. */
async function encoded({ trained: { description, model } }: TrainedRun, file: string, table: number) {
  const { preprocessing, reading } = description.tables[table];
  const known = { preprocessing, ...(reading && { reading }), needed: [], targets: [], kept: [] };
  const found = await readNewTable(file, known, '.');
  const rows = Uint32Array.from({ length: found.table.rows }, (_, row) => row);
  const { inputWidth } = model.taskSet.streams[table];
  const inputs = new Float32Array(found.table.rows * inputWidth);
  fillInputs(model.taskSet.streams[table], found.encode(rows), rows, inputs);
  return { inputs, shape: [found.table.rows, inputWidth] as [number, number] };
}

/** What a graph gives for a prediction. */
function outputsOf(prediction: Prediction | null): readonly number[] {
  if (prediction === null) return [];
  switch (prediction.kind) {
    case 'regression':
      return [prediction.value];
    case 'binary':
      return [prediction.probability];
    case 'multiclass':
      return prediction.probabilities;
  }
}

interface Case {
  readonly run: TrainedRun;
  /** Files by table. */
  readonly files: readonly string[];
}

const cases: Record<string, Case> = {};
const folder = mkdtempSync(join(tmpdir(), 'mtl-graphs-'));

beforeAll(async () => {
  const rows = tableRows(300);
  const source = join(folder, 'table.csv');
  writeFileSync(source, csvText(head, rows));
  cases.table = { run: await train(tableDraft(source), { root: folder }), files: [source] };

  const each = join(folder, 'each.csv');
  writeFileSync(
    each,
    csvText(
      ['place', 'x', 'y'],
      rows.map((row, index) => [`p ${index % 3}`, row[1], row[8]]),
    ),
  );
  cases.each = {
    run: await train(
      {
        data: { source: each },
        tasks: { each: 'place', target: 'y', kind: 'regression' },
        model: { encoder: { layers: [6], activation: 'elu' } },
        training: { epochs: 2 },
      },
      { root: folder },
    ),
    files: [each],
  };

  const own = ['first table', '🧠'].map((name, position) => {
    const file = join(folder, `own${position}.csv`);
    writeFileSync(
      file,
      csvText(
        ['a', 'b', 'z'],
        rows.map((row) => [row[1], row[3 + position], row[10]]),
      ),
    );
    const task = {
      data: { source: file },
      target: 'z',
      kind: 'multiclass' as const,
      encoder: { layers: [4 + position, 5] },
    };
    return { name, file, task };
  });
  cases.own = {
    run: await train(
      {
        tasks: Object.fromEntries(own.map(({ name, task }) => [name, task])),
        model: { encoder: { layers: [7], activation: 'sigmoid' } },
        training: { epochs: 2 },
      },
      { root: folder },
    ),
    files: own.map(({ file }) => file),
  };
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Inputs and expected outputs, task by task, for one table of a case. */
async function expectation({ run, files }: Case, table: number) {
  const { description } = run.trained;
  const names = description.tasks.filter((task) => task.table === table).map(({ name }) => name);
  const outputs = new Map<string, number[]>();
  for (const name of names) {
    const { all } = await predicted(run.trained, files[table], { tasks: [name] });
    outputs.set(
      name,
      all.flatMap(({ predictions: [prediction] }) => outputsOf(prediction)),
    );
  }
  return { names, outputs, ...(await encoded(run, files[table], table)) };
}

function expectNear(actual: ArrayLike<number>, expected: readonly number[]) {
  expect(actual.length).toBe(expected.length);
  const apart = expected.map((value, index) => Math.abs(value - actual[index]) / Math.max(1, Math.abs(value)));
  expect(Math.max(...apart)).toBeLessThan(1e-5);
}

async function graphModel(run: string): Promise<GraphModel> {
  const path = join(run, 'model/tfjs');
  const { modelTopology, weightsManifest, signature, format } = JSON.parse(
    readFileSync(join(path, 'model.json'), 'utf8'),
  ) as tf.io.ModelJSON & { signature: object };
  const shards = weightsManifest.flatMap(({ paths }) => paths.map((name) => readFileSync(join(path, name))));
  return loadGraphModel({
    load: async () => ({
      modelTopology,
      format,
      signature,
      weightSpecs: weightsManifest.flatMap(({ weights }) => weights),
      weightData: Uint8Array.from(Buffer.concat(shards)).buffer,
    }),
  });
}

const tables = [
  ['table', 0],
  ['each', 0],
  ['own', 0],
  ['own', 1],
] as const;

describe('the graph model of TensorFlow.js', () => {
  test.each(tables)('predicts as the workbench does: %s, table %i', async (name, table) => {
    await tf.setBackend('cpu');
    const model = await graphModel(cases[name].run.folder);
    const { names, outputs, inputs, shape } = await expectation(cases[name], table);
    const input = Object.keys((model.modelSignature as { inputs: object }).inputs)[table];
    for (const rows of [shape[0], 1]) {
      const x = tf.tensor2d(inputs.subarray(0, rows * shape[1]), [rows, shape[1]]);
      const results = [model.execute({ [input]: x }, names)].flat();
      names.forEach((task, position) => {
        const expected = outputs.get(task)!;
        expectNear(results[position].dataSync(), expected.slice(0, (expected.length / shape[0]) * rows));
      });
    }
    model.dispose();
  });
});

const lacking = lacksPython('numpy', 'tensorflow');

describe.skipIf(lacking)(`the SavedModel in Python's TensorFlow${lacking ? `: ${lacking}` : ''}`, () => {
  const script = `
import json, sys
import numpy as np, tensorflow as tf
results = []
for case in json.load(open(sys.argv[1])):
    model = tf.saved_model.load(case['folder'])
    infer = model.signatures[case['signature']]
    x = np.array(case['inputs'], dtype=np.float32).reshape(case['shape'])
    (name,) = infer.structured_input_signature[1]
    whole = infer(**{name: x})
    first = infer(**{name: x[:1]})
    results.append({k: [v.numpy().ravel().tolist(), first[k].numpy().ravel().tolist()] for k, v in whole.items()})
print(json.dumps(results))
`;

  test('predicts as the workbench does', async () => {
    const expected = await Promise.all(tables.map(([name, table]) => expectation(cases[name], table)));
    const given = tables.map(([name, table], index) => {
      const { folder: run, trained } = cases[name].run;
      const several = trained.description.tables.length > 1;
      return {
        folder: join(run, 'model/saved_model'),
        signature: several ? trained.description.tables[table].name : 'serving_default',
        inputs: [...expected[index].inputs],
        shape: expected[index].shape,
      };
    });
    const file = write('cases.json', JSON.stringify(given));
    const results = JSON.parse(runPython(script, file)) as Record<string, [number[], number[]]>[];
    expected.forEach(({ names, outputs, shape }, index) => {
      expect(Object.keys(results[index]).sort()).toEqual([...names].sort());
      for (const name of names) {
        const values = outputs.get(name)!;
        expectNear(results[index][name][0], values);
        expectNear(results[index][name][1], values.slice(0, values.length / shape[0]));
      }
    });
  });

  test('has all tables in the signature that TensorFlow Serving looks for', () => {
    const saved = join(cases.own.run.folder, 'model/saved_model');
    const program = `
import json, sys
import tensorflow as tf
f = tf.saved_model.load(sys.argv[1]).signatures['serving_default']
print(json.dumps([sorted(f.structured_input_signature[1]), {k: v.shape.as_list() for k, v in f.structured_outputs.items()}]))
`;
    expect(JSON.parse(runPython(program, saved))).toEqual([
      ['first table', '🧠'],
      { 'first table': [null, 3], '🧠': [null, 3] },
    ]);
  });
});
