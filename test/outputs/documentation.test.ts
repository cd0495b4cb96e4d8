import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Prediction } from '../../src/outputs/predict';
import { exportTensorBoard } from '../../src/outputs/tensorboard/export';
import { commandLine } from '../cli/fixtures/commandLine';
import { lacksPython, runPython } from '../support/python';
import { csvText, head, predicted, tableDraft, tableRows, train, type TrainedRun } from './trained';

// Importing TensorFlow takes long on a machine with other work.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/outputs.md'), 'utf8');
const mtl = commandLine('real');
const folder = mkdtempSync(join(tmpdir(), 'mtl-documentation-'));
let run: TrainedRun;
let expected: Record<string, number[]>;

/** The code blocks of the page in a language. */
function blocks(language: string): readonly string[] {
  return [...page.matchAll(/```(\w+)\n(.*?)```/gs)].filter(([, found]) => found === language).map(([, , code]) => code);
}

function numbersOf(prediction: Prediction | null): readonly number[] {
  if (prediction?.kind === 'regression') return [prediction.value];
  return prediction?.kind === 'binary' ? [prediction.probability] : (prediction?.probabilities ?? []);
}

beforeAll(async () => {
  const source = join(folder, 'table.csv');
  writeFileSync(source, csvText(head, tableRows(300)));
  run = await train(tableDraft(source), { root: folder });
  const file = join(run.folder, 'new.csv');
  writeFileSync(file, csvText(head, [...tableRows(40, 2), ['r', '', '', 'new', '', '', 'TRUE', '', '', '', '']]));
  const { all, tasks } = await predicted(run.trained, file);
  expected = Object.fromEntries(
    tasks.map(({ name }, task) => [name, all.flatMap(({ predictions }) => numbersOf(predictions[task]))]),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

function expectPredictions(actual: Readonly<Record<string, readonly unknown[]>>) {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, values] of Object.entries(expected)) {
    const found = actual[name].flat() as number[];
    expect(found.length).toBe(values.length);
    const apart = values.map((value, index) => Math.abs(value - found[index]) / Math.max(1, Math.abs(value)));
    expect(Math.max(...apart)).toBeLessThan(1e-5);
  }
}

test('the lines for a terminal do what they say', async () => {
  const lines = blocks('sh').flatMap((block) => block.trim().split('\n'));
  expect(lines.length).toBe(5);
  for (const line of lines) {
    const [name, ...words] = line.split(' ');
    expect(name).toBe('mtl');
    const { code, stderr } = await mtl([...words, '--runs', join(folder, 'runs')], run.folder);
    expect(`${line}: ${code} ${stderr}`).toMatch(/: 0 (note|Wrote)/);
  }
});

describe('the lines for Python', () => {
  const [preparation, withTensorFlow, withoutTensorFlow, board] = blocks('python');
  const start = 'import os, sys\nos.chdir(sys.argv[1])\n';
  const print = '\nprint(json.dumps({name: values.tolist() for name, values in predictions.items()}))\n';
  const execute = (...parts: readonly string[]) => JSON.parse(runPython(start + parts.join('\n'), run.folder)) as never;
  const cases = [
    { what: 'SavedModel', packages: ['numpy', 'tensorflow'], code: withTensorFlow },
    { what: 'safetensors', packages: ['numpy', 'safetensors.numpy'], code: withoutTensorFlow },
  ].map((each) => ({ ...each, lacking: lacksPython(...each.packages) }));
  for (const { what, code, lacking } of cases) {
    test.skipIf(lacking)(`${what}: predict as mtl predict does${lacking ? `: ${lacking}` : ''}`, () => {
      expectPredictions(execute(preparation, code, print));
    });
  }

  const lacking = lacksPython('tensorboard');
  test.skipIf(lacking)(`TensorBoard: read the losses${lacking ? `: ${lacking}` : ''}`, async () => {
    await exportTensorBoard(run.folder, join(run.folder, 'tensorboard'));
    const losses = execute(board, '\nimport json\nprint(json.dumps(losses))\n') as Record<string, unknown[]>;
    expect(Object.keys(losses)).toEqual(Object.keys(expected).map((name) => `loss/${name}`));
    expect(losses['loss/y'].length).toBe(12);
  });
});

test('the lines for JavaScript predict as mtl predict does', async () => {
  const place = join(root, '.cache', 'documentation-test');
  mkdirSync(place, { recursive: true });
  const server = createServer(({ url }, response) => {
    response.end(readFileSync(join(run.folder, decodeURIComponent(url!))));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  try {
    const script = join(place, 'predict.mjs');
    writeFileSync(script, blocks('js').join('\n'));
    const { predict } = (await import(/* @vite-ignore */ pathToFileURL(script).href)) as {
      predict: (address: string, rows: readonly object[]) => Promise<Record<string, unknown[]>>;
    };
    const rows = [...tableRows(40, 2), ['r', '', '', 'new', '', '', 'TRUE', '', '', '', '']].map((cells) =>
      Object.fromEntries(head.map((name, index) => [name, String(cells[index])])),
    );
    expectPredictions(await predict(`http://127.0.0.1:${(server.address() as AddressInfo).port}/model`, rows));
  } finally {
    server.close();
    rmSync(place, { recursive: true });
  }
});

test('the page tells every file of the model folder', () => {
  for (const name of ['model.json', 'weights.safetensors', 'saved_model/', 'tfjs/'])
    expect(page).toContain(`  ${name}`);
});
