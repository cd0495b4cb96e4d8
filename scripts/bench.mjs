// @ts-check
/**
 * Times a training step: compiled against eager tfjs, in one run.
 *   node scripts/bench.mjs [--json] [--seconds N]
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
} from './project.mjs';

/** @returns the bundled program's path */
async function bundle() {
  const outfile = path.join(cacheFolder, 'bench', 'main.cjs');
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['test/bench/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'warning',
    define: { 'import.meta.url': 'bundleAddress', 'process.env.NODE_ENV': '"production"' },
    banner: { js: "const bundleAddress = require('node:url').pathToFileURL(__filename).href;" },
  });
  return outfile;
}

if (isProgram(import.meta.url)) {
  await runMain(async () => {
    refuseUnknownOptions(['json', 'seconds']);
    const seconds = option('seconds') ?? '4';
    const parameters = ['--seconds', seconds, ...(hasOption('json') ? ['--json'] : [])];
    const { code } = await runCommand(process.execPath, [await bundle(), ...parameters]);
    return code;
  });
}
