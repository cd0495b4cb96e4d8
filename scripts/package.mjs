// @ts-check
/**
 * Packs the extension for this machine's platform as a .vsix, from node_modules alone (no network).
 *   node scripts/package.mjs
 *
 * DuckDB's native library (70 MB) differs by platform, so each platform has its own .vsix. What ships is laid out in
 * a staging folder: a production build and just those packages that are not bundled.
 */
import { cpSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from './build.mjs';
import {
  cacheFolder,
  isProgram,
  readJson,
  refuseUnknownOptions,
  root,
  runCommand,
  runMain,
  UserError,
} from './project.mjs';

/** The package that esbuild leaves out of the bundles; its dependencies are followed. */
const unbundled = '@duckdb/node-api';

/** @typedef {{ name: string, version: string, engines: { vscode: string }, dependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} Manifest */

/**
 * @param {string} folder
 * @returns {Manifest}
 */
function manifestOf(folder) {
  return /** @type {Manifest} */ (readJson(path.join(folder, 'package.json')));
}

/** The platform's name as VS Code's marketplace writes it. */
function target() {
  return `${process.platform}-${process.arch}`;
}

/** @returns {string} where the .vsix of this platform and version goes */
export function packageFile() {
  const { name, version } = manifestOf(root);
  return path.join(root, `${name}-${target()}-${version}.vsix`);
}

/**
 * @param {string} name of a package in node_modules
 * @param {Set<string>} [found]
 * @returns {Set<string>} it and the installed packages that it needs
 */
function withDependencies(name, found = new Set()) {
  const folder = path.join(root, 'node_modules', name);
  if (found.has(name) || !existsSync(folder)) return found;
  found.add(name);
  const { dependencies = {}, optionalDependencies = {} } = manifestOf(folder);
  for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) withDependencies(needed, found);
  return found;
}

/**
 * Lays out what ships.
 * @param {string} stage an empty folder
 */
async function layOut(stage) {
  const manifest = manifestOf(root);
  const duckdb = manifest.dependencies?.[unbundled];
  if (duckdb === undefined) throw new Error(`package.json does not depend on ${unbundled}.`);
  const shipped = Object.entries(manifest).filter(
    ([key]) => !['scripts', 'devDependencies', 'optionalDependencies', 'bin'].includes(key),
  );
  const staged = { ...Object.fromEntries(shipped), dependencies: { [unbundled]: duckdb } };
  writeFileSync(path.join(stage, 'package.json'), JSON.stringify(staged, null, 2));
  for (const place of ['media', 'README.md', 'CHANGELOG.md', 'LICENSE', 'package.nls.json', '.vscodeignore']) {
    if (existsSync(path.join(root, place)))
      cpSync(path.join(root, place), path.join(stage, place), { recursive: true });
  }
  const packages = [...withDependencies(unbundled)];
  if (!packages.some((name) => name.includes(process.platform))) {
    throw new UserError(
      `DuckDB has no native library for ${target()} in node_modules.`,
      'Run "npm ci" on this machine.',
    );
  }
  for (const name of packages) {
    cpSync(path.join(root, 'node_modules', name), path.join(stage, 'node_modules', name), { recursive: true });
  }
  await build({ production: true, folder: path.join(stage, 'dist') });
}

/**
 * Builds and packs the .vsix.
 * @returns {Promise<{ file: string, bytes: number }>}
 */
export async function packageExtension() {
  const stage = path.join(cacheFolder, 'stage');
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  await layOut(stage);
  const file = packageFile();
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const { code, output } = await runCommand(
    process.execPath,
    [vsce, 'package', '--target', target(), '--out', file, '--allow-missing-repository', '--no-rewrite-relative-links'],
    { cwd: stage, quiet: true },
  );
  if (code !== 0) throw new UserError(`Packaging failed:\n${output.trim()}`, 'Mend what vsce names and try again.');
  rmSync(stage, { recursive: true, force: true });
  return { file, bytes: statSync(file).size };
}

if (isProgram(import.meta.url)) {
  await runMain(async () => {
    refuseUnknownOptions([]);
    const { file, bytes } = await packageExtension();
    console.log(`${path.relative(root, file)}: ${(bytes / 2 ** 20).toFixed(1)} MiB`);
  });
}
