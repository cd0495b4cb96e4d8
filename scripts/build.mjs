// @ts-check
/**
 * Bundles the extension, its helper processes, the command line and the webviews into dist.
 *   node scripts/build.mjs [--watch] [--production]
 */
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import esbuild from 'esbuild';
import {
  distFolder,
  hasOption,
  isProgram,
  refuseUnknownOptions,
  root,
  runCommand,
  runMain,
  UserError,
  writeStamp,
} from './project.mjs';
import { inlineWorkers } from './inlineWorkers.mjs';
import { buildHash } from './setup.mjs';

/** Programs that run in Node: output name and entry point. */
const nodeEntries = {
  extension: 'src/host/extension.ts',
  cli: 'src/cli/main.ts',
  train: 'src/training/main.ts',
  inspector: 'src/preview/inspector.ts',
  engineTest: 'src/engine/engineTest.ts',
  api: 'src/api/index.ts',
};
/** Pages that run in a webview: output name and entry point. */
const webviewEntries = {
  curves: 'webview/curves/main.ts',
  relatedness: 'webview/relatedness/main.ts',
};
/**
 * What the command line loads when it is needed, as a bundle of its own. In the form for browsers the library that draws
 * does without a canvas.
 */
const chartEntry = { studyChart: 'src/studies/chart.ts' };
/** Files that are copied as they are: from node_modules, to dist. */
const copies = [
  ...['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm', 'tfjs-backend-wasm-threaded-simd.wasm'].map(
    (name) => /** @type {const} */ ([`@tensorflow/tfjs-backend-wasm/dist/${name}`, name]),
  ),
  ...['codicon.css', 'codicon.ttf'].map(
    (name) => /** @type {const} */ ([`@vscode/codicons/dist/${name}`, `webview/${name}`]),
  ),
];

/**
 * @param {{ production: boolean, folder: string }} options
 * @returns {import('esbuild').BuildOptions[]}
 */
function configurations({ production, folder }) {
  /** @type {import('esbuild').BuildOptions} */
  const shared = {
    absWorkingDir: root,
    bundle: true,
    logLevel: 'warning',
    sourcemap: !production,
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
  };
  return [
    {
      ...shared,
      entryPoints: nodeEntries,
      outdir: folder,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      minify: production,
      keepNames: true,
      external: ['vscode', '@duckdb/node-api', '@duckdb/node-bindings*'],
      // Packages that are ES modules ask for their own address, which a CommonJS bundle does not have.
      define: { ...shared.define, 'import.meta.url': 'bundleAddress' },
      banner: { js: "const bundleAddress = require('node:url').pathToFileURL(__filename).href;" },
    },
    {
      ...shared,
      entryPoints: chartEntry,
      outdir: folder,
      platform: 'browser',
      target: 'es2022',
      format: 'cjs',
      minify: true,
    },
    {
      ...shared,
      entryPoints: webviewEntries,
      outdir: path.join(folder, 'webview'),
      platform: 'browser',
      target: 'es2022',
      format: 'iife',
      minify: true,
      loader: { '.ttf': 'file', '.svg': 'dataurl' },
      plugins: [inlineWorkers],
    },
  ];
}

/** @param {string} folder */
function copyFiles(folder) {
  for (const [from, to] of copies) {
    const target = path.join(folder, to);
    mkdirSync(path.dirname(target), { recursive: true });
    copyFileSync(path.join(root, 'node_modules', from), target);
  }
}

/**
 * Writes the types of the library entry, `mtl-workbench/api`.
 * @param {string} folder
 */
async function writeTypes(folder) {
  const { code, output } = await runCommand(
    process.execPath,
    [
      ...[path.join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', path.join(root, 'tsconfig.api.json')],
      ...['--outDir', path.join(folder, 'types')],
    ],
    { quiet: true },
  );
  if (code !== 0)
    throw new UserError(`The types could not be written:\n${output.trim()}`, 'tsc names the place above.');
}

/** @param {string} folder */
function makeExecutable(folder) {
  const file = path.join(folder, 'cli.js');
  if (existsSync(file)) chmodSync(file, 0o755);
}

/** Makes `npx mtl` in the clone mean dist/cli.js; npm links a package's own command only for those who install it. */
export function linkCommand() {
  const link = path.join(root, 'node_modules', '.bin', 'mtl');
  if (process.platform === 'win32' || existsSync(link) || !existsSync(path.join(distFolder, 'cli.js'))) return;
  rmSync(link, { force: true });
  symlinkSync(path.relative(path.dirname(link), path.join(distFolder, 'cli.js')), link);
}

/**
 * Builds once.
 * @param {{ production?: boolean, folder?: string }} [options] production: no source maps, everything minified
 */
export async function build({ production = false, folder = distFolder } = {}) {
  try {
    await Promise.all(configurations({ production, folder }).map((configuration) => esbuild.build(configuration)));
  } catch {
    throw new UserError('The build failed.', 'esbuild names the place above.');
  }
  // What is packed for VS Code has no use for types.
  if (!production) await writeTypes(folder);
  copyFiles(folder);
  makeExecutable(folder);
  if (folder === distFolder) linkCommand();
}

/** Builds, then again on each change, until the process is ended. */
async function watch() {
  copyFiles(distFolder);
  const contexts = await Promise.all(
    configurations({ production: false, folder: distFolder }).map((configuration) =>
      esbuild.context({ ...configuration, logLevel: 'info' }),
    ),
  );
  await Promise.all(contexts.map((context) => context.watch()));
}

if (isProgram(import.meta.url)) {
  await runMain(async () => {
    refuseUnknownOptions(['watch', 'production']);
    if (hasOption('watch')) return watch();
    const started = Date.now();
    const hash = buildHash();
    await build({ production: hasOption('production') });
    writeStamp('build', hash);
    console.log(`Built dist in ${((Date.now() - started) / 1000).toFixed(1)} s.`);
  });
}
