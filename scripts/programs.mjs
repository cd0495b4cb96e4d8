// @ts-check
import esbuild from 'esbuild';
import { root } from './project.mjs';

/**
 * Bundles programs of the tests' folder that are run by Node and train: as `.cjs`, with tfjs in them.
 * @param {string[] | Record<string, string>} entryPoints
 * @param {string} outdir
 */
export async function bundlePrograms(entryPoints, outdir) {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints,
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
