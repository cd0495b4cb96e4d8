import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import esbuild from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const program = `
  import * as tf from '@tensorflow/tfjs-core';
  import { createExecutor, traceProgram } from './src/program';
  const step = ({ x }) => ({ outputs: { y: tf.grad((v) => tf.sum(tf.square(v)))(x) } });
  const traced = traceProgram({ name: 'step', inputs: { x: { shape: [2], dtype: 'float32' } }, state: [], step });
  async function main() {
    for (const engine of ['wasm', 'cpu']) {
      const executor = await createExecutor(engine, { programs: [traced], initialState: {} });
      console.log(engine, [...executor.run('step', { x: Float32Array.of(1, 2) }).y].join());
    }
  }
  main().catch((error) => console.log(error.code, error.message));
`;

let folder: string;
let bundle: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'program-bundle-'));
  bundle = path.join(folder, 'bundle.js');
  await esbuild.build({
    stdin: { contents: program, resolveDir: root, loader: 'ts' },
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

const run = async () => (await promisify(execFile)(process.execPath, [bundle])).stdout.trim();

test('a bundle finds the engine beside it, and says so where it does not', async () => {
  expect(await run()).toMatch(/^executor\/missing-files The engine's file tfjs-backend-wasm-simd.wasm is neither in /);
  for (const name of [
    'tfjs-backend-wasm.wasm',
    'tfjs-backend-wasm-simd.wasm',
    'tfjs-backend-wasm-threaded-simd.wasm',
  ]) {
    await copyFile(path.join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist', name), path.join(folder, name));
  }
  expect(await run()).toBe('wasm 2,4\ncpu 2,4');
});
