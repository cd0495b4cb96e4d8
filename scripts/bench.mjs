// @ts-check
/**
 * Measures speed: training steps against eager TensorFlow.js, PyTorch and jax, a run's overheads, reading of data.
 *   npm run bench [-- --only CASE] [--quick] [--seconds N] [--json FILE]
 * A target that is missed is reported; it is no failure.
 */
import path from 'node:path';
import esbuild from 'esbuild';
import {
  cacheFolder,
  hasOption,
  isProgram,
  option,
  refuseUnknownOptions,
  root,
  runCommand,
  runMain,
  UserError,
} from './project.mjs';

const outdir = path.join(cacheFolder, 'bench');

/** Bundles the bench, and the process of its contenders. */
async function bundle() {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['test/bench/main.ts', 'test/bench/worker.ts'],
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'warning',
    external: ['@duckdb/*'],
    define: { 'import.meta.url': 'bundleAddress', 'process.env.NODE_ENV': '"production"' },
    banner: { js: "const bundleAddress = require('node:url').pathToFileURL(__filename).href;" },
  });
}

/** @returns {number | undefined} */
function secondsAsked() {
  const text = option('seconds');
  if (text === undefined) return undefined;
  if (!(Number(text) > 0)) throw new UserError(`--seconds ${text} is no time.`, 'Give a number above 0.');
  return Number(text);
}

if (isProgram(import.meta.url)) {
  await runMain(async () => {
    refuseUnknownOptions(['only', 'quick', 'seconds', 'json']);
    const order = {
      worker: path.join(outdir, 'worker.cjs'),
      programs: path.join(root, 'test', 'bench'),
      trainScript: path.join(root, 'dist', 'train.js'),
      table: path.resolve(root, '..', 'shared', 'data', 'census-income.test.gz'),
      generated: path.join(outdir, 'census-like.csv.gz'),
      only: option('only'),
      quick: hasOption('quick'),
      seconds: secondsAsked(),
      json: path.resolve(option('json') ?? path.join(outdir, 'results.json')),
    };
    await bundle();
    const { code } = await runCommand(process.execPath, [path.join(outdir, 'main.cjs'), JSON.stringify(order)]);
    return code;
  });
}
