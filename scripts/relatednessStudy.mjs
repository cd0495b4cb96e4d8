// @ts-check
/**
 * Holds relatedness measures against tasks whose relatedness is known; docs/relatedness-study.md.
 *   npm run study:relatedness [-- --only clusters|chain|opposed|recovery|cost|trainings] [--measures A,B] [--seeds N]
 *     [--quick] [--json FILE] [--docs]
 * With --docs the tables of that page are written anew.
 */
import path from 'node:path';
import {
  cacheFolder,
  distFolder,
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
import { ensureBuild } from './setup.mjs';

const outdir = path.join(cacheFolder, 'study');
const page = path.join(root, 'docs', 'relatedness-study.md');

/** @returns {number} */
function seedsAsked() {
  const text = option('seeds') ?? '5';
  const seeds = Number(text);
  if (!Number.isInteger(seeds) || seeds < 1) {
    throw new UserError(`--seeds ${text} is no number of seeds.`, 'Give a whole number from 1.');
  }
  return seeds;
}

if (isProgram(import.meta.url)) {
  await runMain(async () => {
    refuseUnknownOptions(['only', 'measures', 'seeds', 'quick', 'json', 'docs']);
    const order = {
      trainScript: path.join(distFolder, 'train.js'),
      only: option('only'),
      measures: option('measures')?.split(','),
      quick: hasOption('quick'),
      seeds: seedsAsked(),
      json: path.resolve(option('json') ?? path.join(outdir, 'relatedness.json')),
      ...(hasOption('docs') && { docs: page }),
    };
    if (order.docs !== undefined && (order.quick || order.measures !== undefined || /^c[hl]|^o/.test(order.only ?? '')))
      throw new UserError(
        '--docs is for whole tables.',
        'Leave the other options out, or take --only recovery, cost or trainings.',
      );
    await ensureBuild();
    await bundlePrograms({ relatedness: 'test/study/main.ts' }, outdir);
    const { code } = await runCommand(process.execPath, [path.join(outdir, 'relatedness.cjs'), JSON.stringify(order)]);
    if (code === 0 && hasOption('docs')) {
      const prettier = path.join(root, 'node_modules', 'prettier', 'bin', 'prettier.cjs');
      return (await runCommand(process.execPath, [prettier, '--write', page])).code;
    }
    return code;
  });
}
