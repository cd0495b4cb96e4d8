// @ts-check
/**
 * Measures speed: training steps against eager TensorFlow.js, PyTorch and jax, a run's overheads, reading of data.
 *   npm run bench [-- --only CASE] [--quick] [--seconds N] [--json FILE]
 * A target that is missed is reported; it is no failure.
 */
import path from 'node:path';
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
import { bundlePrograms } from './programs.mjs';

const outdir = path.join(cacheFolder, 'bench');

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
    await bundlePrograms(['test/bench/main.ts', 'test/bench/worker.ts'], outdir);
    const { code } = await runCommand(process.execPath, [path.join(outdir, 'main.cjs'), JSON.stringify(order)]);
    return code;
  });
}
