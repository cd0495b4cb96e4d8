// @ts-check
/** The desktop VS Code of this machine, with a profile of its own so that the person's own is left as it is. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runCommand, UserError } from '../project.mjs';
import { findOnPath } from './browser.mjs';
import { writeSettings } from './settings.mjs';

/** Whether windows can be shown here. */
export function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY']) || Boolean(process.env['WAYLAND_DISPLAY']);
}

/**
 * @returns {string | undefined} the `code` command of a desktop VS Code that can show a window here; within a terminal
 * of a remote VS Code, `code` is another program, which cannot
 */
export function findDesktopVSCode() {
  if (!hasDisplay() || process.env['VSCODE_IPC_HOOK_CLI'] !== undefined) return undefined;
  return findOnPath(['code']);
}

/** Environment without what a surrounding VS Code has left in it. */
function cleanEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|npm_)/.test(name) && name !== 'NODE_OPTIONS'),
  );
}

/**
 * Ends the window's process, which on most platforms is no child of the `code` command.
 * @param {string} userData
 */
async function endWindow(userData) {
  const lock = path.join(userData, 'code.lock');
  const processId = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : Number.NaN;
  if (!Number.isInteger(processId) || processId <= 1) return;
  try {
    process.kill(processId, 'SIGTERM');
    for (let look = 0; look < 50; look++) {
      await delay(100);
      process.kill(processId, 0);
    }
    process.kill(processId, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

/**
 * Installs the extension and opens a window.
 * @param {{ code: string, profile: string, extension: string, folder: string, environment: Readonly<Record<string, string>> }} options
 * @returns {Promise<{ stop: () => Promise<void>, ended: Promise<void> }>}
 */
export async function startDesktop({ code, profile, extension, folder, environment }) {
  const userData = path.join(profile, 'data');
  writeSettings(userData);
  const folders = ['--user-data-dir', userData, '--extensions-dir', path.join(profile, 'extensions')];
  const env = { ...cleanEnvironment(), ...environment };
  const installed = await runCommand(code, [...folders, '--install-extension', extension, '--force'], {
    env,
    quiet: true,
  });
  if (installed.code !== 0) {
    throw new UserError(`VS Code refused the extension:\n${installed.output}`, 'Run "npm run package" and try again.');
  }
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(code, [...folders, ...asRoot, '--disable-workspace-trust', '--new-window', '--wait', folder], {
    env,
    stdio: 'ignore',
    shell: process.platform === 'win32',
    detached: process.platform !== 'win32',
  });
  /** @type {Promise<void>} */
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  const stop = async () => {
    await endWindow(userData);
    if (child.exitCode === null && child.pid !== undefined && process.platform !== 'win32') {
      try {
        process.kill(-child.pid, 'SIGTERM');
      } catch {
        // It has ended.
      }
    }
  };
  return { stop, ended };
}
