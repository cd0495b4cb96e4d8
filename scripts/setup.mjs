// @ts-check
/**
 * Brings a clone to where its scripts can run: checks Node, installs dependencies, builds, packages. Each function does
 * nothing when its work is done already. Only Node's own modules are imported at the top, so that this runs on a fresh
 * clone.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { distFolder, hashOf, readJson, readStamp, root, runCommand, step, UserError, writeStamp } from './project.mjs';

const oldestNode = 20;

/** Fails with a remedy when this Node is too old. */
export function checkNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < oldestNode) {
    throw new UserError(
      `Node ${process.versions.node} is too old; Node ${String(oldestNode)} or later is needed.`,
      'Install a current Node from https://nodejs.org and try again.',
    );
  }
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, link?: boolean }} LockedPackage
 * @param {string} file a package-lock.json, or the one that npm leaves in node_modules at the end of an installation
 * @returns {Map<string, LockedPackage>} packages by the folder that they are installed in
 */
function lockedPackages(file) {
  const lock = /** @type {{ packages?: Record<string, LockedPackage> }} */ (readJson(file));
  return new Map(Object.entries(lock.packages ?? {}).filter(([folder]) => folder !== ''));
}

/** Whether node_modules holds what package-lock.json says, packages of other platforms aside. */
function dependenciesAreThere() {
  const installedList = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedList)) return false;
  const installed = lockedPackages(installedList);
  return [...lockedPackages(path.join(root, 'package-lock.json'))].every(([folder, wanted]) => {
    const present = installed.get(folder);
    return present === undefined ? wanted.optional === true : present.version === wanted.version;
  });
}

/** The command that runs npm: the one that started this script, where there is one. */
function npmCommand() {
  const script = process.env['npm_execpath'];
  return script?.endsWith('npm-cli.js') ? [process.execPath, script] : ['npm'];
}

/**
 * Runs npm.
 * @param {readonly string[]} parameters
 * @param {{ cwd?: string, quiet?: boolean }} [options]
 */
export async function runNpm(parameters, options = {}) {
  const [command = 'npm', ...first] = npmCommand();
  return runCommand(command, [...first, ...parameters], options);
}

/** Installs the dependencies when node_modules is absent or does not match package-lock.json. */
export async function ensureDependencies() {
  if (dependenciesAreThere()) return;
  step('Installing dependencies (npm ci)');
  const { code } = await runNpm(['ci', '--no-audit', '--no-fund']);
  if (code !== 0) {
    throw new UserError(
      `npm ci failed with exit code ${String(code)}.`,
      'See its messages above. The npm registry must be reachable; run "npm ci" to try again.',
    );
  }
}

/** What a build depends on. */
const buildInputs = [
  'src',
  'webview',
  'scripts/build.mjs',
  'scripts/inlineWorkers.mjs',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.api.json',
];
/** What the .vsix depends on beyond the build. */
const packageInputs = ['media', 'README.md', 'CHANGELOG.md', 'LICENSE', '.vscodeignore', 'scripts/package.mjs'];

/** @returns {string} a hash of everything that is built from */
export function buildHash() {
  return hashOf(buildInputs);
}

/** Builds dist when the sources have changed since the last build. */
export async function ensureBuild() {
  const wanted = buildHash();
  const { build, linkCommand } = await import('./build.mjs');
  if (existsSync(path.join(distFolder, 'extension.js')) && readStamp('build') === wanted) {
    linkCommand();
    return;
  }
  step('Building');
  await build();
  writeStamp('build', wanted);
}

/**
 * Packages the extension when something in it has changed since the last time.
 * @returns {Promise<string>} the .vsix file
 */
export async function ensurePackage() {
  const { packageExtension, packageFile } = await import('./package.mjs');
  const wanted = hashOf([...buildInputs, ...packageInputs]);
  if (existsSync(packageFile()) && readStamp('package') === wanted) return packageFile();
  step('Packaging the extension');
  const { file } = await packageExtension();
  writeStamp('package', wanted);
  return file;
}
