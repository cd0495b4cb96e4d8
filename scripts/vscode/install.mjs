// @ts-check
/**
 * A real VS Code from the npm registry, for machines without a desktop one and for the tests: code-server, with the
 * Node that it needs beside it. About 0.8 GB in .cache/vscode; installed only when the wanted version is absent.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, step, UserError } from '../project.mjs';
import { runNpm } from '../setup.mjs';

/** What is installed: code-server 4.139.1 is VS Code 1.139.1. It needs Node 24. */
const versions = { codeServer: '4.139.1', node: '24' };

const installations = path.join(cacheFolder, 'vscode');

/** @typedef {{ node: string, entry: string }} VSCodeInstallation the Node program and the script that it runs */

/** The npm package that holds this platform's Node. */
function nodePackage() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  return `node-${platform}-${process.arch}`;
}

/**
 * @param {string} folder
 * @returns {VSCodeInstallation}
 */
function installationIn(folder) {
  const packages = path.join(folder, 'node_modules');
  return {
    node: path.join(packages, nodePackage(), 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
    entry: path.join(packages, 'code-server', 'out', 'node', 'entry.js'),
  };
}

/**
 * @param {string} folder
 * @param {string} what
 */
async function installPackages(folder, what) {
  const { code, output } = await runNpm(['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: folder,
    quiet: true,
  });
  if (code !== 0) {
    throw new UserError(
      `Installing ${what} failed:\n${output.trim()}`,
      'The npm registry must be reachable and about 1 GB of disk free. Run the same command to try again.',
    );
  }
}

/** Removes what an installation that was interrupted has left. */
function removeRemains() {
  for (const name of readdirSync(installations)) {
    if (!name.startsWith('new-')) continue;
    const owner = Number(name.split('-')[1]);
    if (!isRunning(owner)) rmSync(path.join(installations, name), { recursive: true, force: true });
  }
}

/** @param {number} processId */
function isRunning(processId) {
  try {
    process.kill(processId, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * Installs aside and renames at the end, so that a half installation is never taken for a whole one.
 * @param {string} folder where it is to be
 */
async function install(folder) {
  mkdirSync(installations, { recursive: true });
  removeRemains();
  const aside = mkdtempSync(path.join(installations, `new-${String(process.pid)}-`));
  const manifest = {
    private: true,
    dependencies: { 'code-server': versions.codeServer, [nodePackage()]: versions.node },
  };
  writeFileSync(path.join(aside, 'package.json'), JSON.stringify(manifest));
  await installPackages(aside, `VS Code (code-server ${versions.codeServer})`);
  // What code-server's own install script would do, less the native modules that it would compile.
  const vscode = path.join(aside, 'node_modules', 'code-server', 'lib', 'vscode');
  await installPackages(vscode, "VS Code's dependencies");
  await installPackages(path.join(vscode, 'extensions'), "VS Code's own extensions");
  try {
    renameSync(aside, folder);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    // Another process may have finished first; then its installation is as good.
    if (!existsSync(installationIn(folder).entry)) throw error;
  }
}

/**
 * Installs VS Code where the wanted version is absent.
 * @returns {Promise<VSCodeInstallation>}
 */
export async function ensureVSCode() {
  const folder = path.join(
    installations,
    `${versions.codeServer}-node${versions.node}-${process.platform}-${process.arch}`,
  );
  if (!existsSync(installationIn(folder).entry)) {
    step(`Installing VS Code from the npm registry into .cache/vscode (once; about 30 s and 0.8 GB)`);
    await install(folder);
  }
  return installationIn(folder);
}
