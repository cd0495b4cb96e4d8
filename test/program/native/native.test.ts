import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import esbuild from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createExecutor, traceProgram, type Executor } from '../../../src/program';
import { engineFolders } from '../../../src/program/executors/native/engineFolder';
import { float, nativeProblem, nativeTitle, runProgram, traceFunction } from '../support';

const root = path.resolve(import.meta.dirname, '../../..');

describe('where the native engine is looked for', () => {
  test('what the environment names comes first, then the clone, then the data folder', () => {
    const folders = engineFolders({ MTL_ENGINE_FOLDER: '/opt/engine', XDG_DATA_HOME: '/data', LOCALAPPDATA: '/data' });
    expect(folders.slice(0, 2)).toEqual([path.resolve('/opt/engine'), path.join(root, '.cache', 'engine')]);
    expect(folders[2]).toMatch(/mtl-workbench.engine$/);
  });
});

describe('without the native engine', () => {
  let folder: string;
  let bundle: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'native-'));
    bundle = path.join(folder, 'dist', 'bundle.js');
    await esbuild.build({
      stdin: {
        contents: `
          import { createExecutor } from './src/program';
          createExecutor('native', { programs: [], initialState: {} })
            .catch((error) => console.log(error.code, error.message));`,
        resolveDir: root,
        loader: 'ts',
      },
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      logLevel: 'error',
      define: { 'import.meta.url': 'bundleAddress' },
      banner: { js: "const bundleAddress = require('node:url').pathToFileURL(__filename).href;" },
    });
  });

  afterAll(() => rm(folder, { recursive: true }));

  const run = async () => {
    const env = {
      ...process.env,
      MTL_ENGINE_FOLDER: folder,
      XDG_DATA_HOME: folder,
      HOME: folder,
      LOCALAPPDATA: folder,
    };
    return (await promisify(execFile)(process.execPath, [bundle], { env })).stdout.trim();
  };

  test('the executor says how to get it', async () => {
    expect(await run()).toBe('executor/native-not-available TensorFlow is not installed. Run `mtl engine install`.');
  });

  test('one that does not load is named, with the reason', async () => {
    const broken = path.join(folder, 'node_modules/@tensorflow/tfjs-node');
    await mkdir(broken, { recursive: true });
    await writeFile(path.join(broken, 'package.json'), '{"main":"index.js"}');
    await writeFile(path.join(broken, 'index.js'), 'throw new Error("libtensorflow.so: no such file\\nmore");');
    expect(await run()).toBe(
      `executor/native-not-available TensorFlow does not load (${folder}: libtensorflow.so: no such file). ` +
        'Run `mtl engine install` again.',
    );
  });
});

describe.skipIf(nativeProblem !== undefined)(nativeTitle('with the native engine'), () => {
  test('it leaves our tfjs as it was', async () => {
    await createExecutor('cpu', { programs: [], initialState: {} });
    await tf.setBackend('cpu');
    const engine = tf.engine();
    const executor = await createExecutor('native', { programs: [], initialState: {} });
    expect(executor.engine).toBe('native');
    expect(executor.threads).toBe(1);
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.engine()).toBe(engine);
    expect(tf.findBackend('tensorflow')).toBeNull();
    expect([...tf.square(tf.tensor1d([1, 2])).dataSync()]).toEqual([1, 4]);
    executor.dispose();
  });

  test('no folder is left behind', async () => {
    const graphs = async () =>
      (await readdir(os.tmpdir())).filter((name) => name.startsWith(`mtl-graph-${process.pid}-`));
    const executor = await createExecutor('native', { programs: [], initialState: {} });
    expect(await graphs()).toEqual([]);
    executor.dispose();
  });

  test('state keeps its values when the arrays that it came from change', async () => {
    const keep = traceProgram({
      name: 'keep',
      inputs: { x: float(1000) },
      state: [
        { name: 'a', shape: [1000] },
        { name: 'b', shape: [1000] },
      ],
      step: ({ x }) => ({ outputs: {}, updates: [{ kind: 'assign', state: 'a', value: x }] }),
    });
    const given = new Float32Array(1000).fill(1);
    const executor: Executor = await createExecutor('native', {
      programs: [keep],
      initialState: { a: given, b: given },
    });
    executor.run('keep', { x: given });
    given.fill(2);
    const { a, b } = executor.readState();
    expect([a[0], a[999], b[0], b[999]]).toEqual([1, 1, 1, 1]);
    executor.dispose();
  });

  test('what goes wrong within TensorFlow is told', async () => {
    const inputs = { x: float(3, 2), at: { shape: [1], dtype: 'int32' } } as const;
    const program = traceFunction(inputs, ({ x, at }) => tf.gather(x, at));
    const outside = { x: new Float32Array(6), at: Int32Array.of(7) };
    await expect(runProgram(program, 'native', outside)).rejects.toThrow(
      /TensorFlow failed in function: .*not in \[0, 3\)/,
    );
  });
});
