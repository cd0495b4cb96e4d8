// @ts-check
/** Starts and stops the VS Code of install.mjs as a server on loopback, with folders of its own. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runCommand, UserError } from '../project.mjs';
import { writeSettings } from './settings.mjs';

/**
 * @typedef {object} ServerOptions
 * @property {import('./install.mjs').VSCodeInstallation} installation
 * @property {string} profile folder that keeps settings, extensions and window state
 * @property {string} extension the .vsix to install
 * @property {number} [port] a free one when not given
 * @property {boolean} [workspaceTrust] whether VS Code asks whether a folder is trusted; not by default
 * @property {number} [idleSeconds] after so long without a window the server ends by itself; never by default
 * @property {boolean} [testDriver] whether tests may run in the extension host
 * @property {Readonly<Record<string, unknown>>} [settings] of a new profile
 * @property {Readonly<Record<string, string>>} [environment] seen by the extension host
 *
 * @typedef {object} Server
 * @property {number} port
 * @property {(folder: string) => string} address of the window that shows a folder
 * @property {() => Promise<void>} stop ends the server and all that it started; may be called again
 * @property {Promise<void>} ended
 */

const loopback = '127.0.0.1';
/** What would make the server another's, or change how its Node runs. */
const unwanted = ['NODE_OPTIONS', 'PORT', 'PASSWORD', 'HASHED_PASSWORD', 'CODE_SERVER_CONFIG', 'ELECTRON_RUN_AS_NODE'];

/** @returns {Promise<number>} a port on loopback that is free now */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, loopback, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, loopback, () => probe.close(() => resolve(true)));
  });
}

/**
 * @param {string} profile
 * @param {string} temporary a short path, as names of unix sockets are limited to 107 bytes
 * @param {Readonly<Record<string, string>>} more
 * @returns {NodeJS.ProcessEnv}
 */
function environmentOf(profile, temporary, more) {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !unwanted.includes(name) && !name.startsWith('VSCODE_') && !name.startsWith('npm_'),
  );
  const home = path.join(profile, 'home');
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    TMPDIR: temporary,
    XDG_RUNTIME_DIR: temporary,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_DATA_HOME: path.join(home, '.local', 'share'),
    XDG_CACHE_HOME: path.join(home, '.cache'),
    ...more,
  };
}

/**
 * @param {import('node:child_process').ChildProcess} child the leader of a process group
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') spawn('taskkill', ['/pid', String(child.pid), '/T', '/F']);
    else process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

/**
 * Waits until the server answers.
 * @param {number} port
 * @param {() => boolean} hasEnded
 */
async function untilReady(port, hasEnded) {
  for (let attempt = 0; attempt < 300 && !hasEnded(); attempt++) {
    try {
      if ((await fetch(`http://${loopback}:${String(port)}/healthz`)).ok) return true;
    } catch {
      // Not listening yet.
    }
    await delay(100);
  }
  return false;
}

/**
 * Installs the extension and starts the server.
 * @param {ServerOptions} options
 * @returns {Promise<Server>}
 */
export async function startServer(options) {
  const { installation, profile } = options;
  const port = options.port ?? (await freePort());
  if (!(await isFree(port))) {
    throw new UserError(`Port ${String(port)} is in use.`, 'Choose another with --port N, or leave the option out.');
  }
  const userData = path.join(profile, 'data');
  mkdirSync(path.join(profile, 'home'), { recursive: true });
  writeSettings(userData, options.settings);
  const temporary = mkdtempSync(path.join(process.platform === 'darwin' ? '/tmp' : tmpdir(), 'mtl-'));
  const environment = environmentOf(profile, temporary, options.environment ?? {});
  const folders = [
    ...['--config', path.join(profile, 'config.yaml')],
    ...['--user-data-dir', userData],
    ...['--extensions-dir', path.join(profile, 'extensions')],
    ...['--session-socket', path.join(temporary, 'session.sock')],
  ];
  const removeTemporary = () => rmSync(temporary, { recursive: true, force: true, maxRetries: 3 });

  const installed = await runCommand(
    installation.node,
    [installation.entry, ...folders, '--install-extension', options.extension, '--force'],
    { env: environment, quiet: true },
  );
  if (installed.code !== 0) {
    removeTemporary();
    throw new UserError(`VS Code refused the extension:\n${installed.output}`, 'Run "npm run package" and try again.');
  }

  const child = spawn(
    installation.node,
    [
      ...[installation.entry, ...folders, '--auth', 'none', '--bind-addr', `${loopback}:${String(port)}`],
      ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override', '--disable-proxy'],
      ...['--ignore-last-opened'],
      ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
      ...(options.idleSeconds ? ['--idle-timeout-seconds', String(options.idleSeconds)] : []),
      ...(options.testDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
    ],
    { env: environment, stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32' },
  );
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (/** @type {Buffer} */ chunk) => (log = (log + String(chunk)).slice(-20_000)));
  }
  let isOver = false;
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => {
    child.once('close', () => {
      isOver = true;
      resolve();
    });
    child.once('error', (error) => {
      log += error.message;
      isOver = true;
      resolve();
    });
  });
  const endAtOnce = () => signalGroup(child, 'SIGKILL');
  process.once('exit', endAtOnce);

  const stop = async () => {
    signalGroup(child, 'SIGTERM');
    await Promise.race([ended, delay(5000, undefined, { ref: false })]);
    signalGroup(child, 'SIGKILL');
    await ended;
    process.removeListener('exit', endAtOnce);
    removeTemporary();
  };
  if (!(await untilReady(port, () => isOver))) {
    await stop();
    throw new UserError(`VS Code did not start:\n${log.trim()}`, 'Delete .cache/vscode and try again.');
  }
  return {
    port,
    address: (folder) => `http://${loopback}:${String(port)}/?folder=${encodeURI(folder)}`,
    stop,
    ended,
  };
}
