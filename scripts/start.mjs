// @ts-check
/**
 * Sets everything up, opens VS Code on the examples and trains one of them before the person's eyes.
 *   npm start [-- --headless] [--example FILE] [--port N] [--no-open]
 * With --port it is always the VS Code in the browser, whether or not the machine has a desktop one.
 *
 * The workspace is the folder of the example itself: what a person changes there is theirs, and runs go to its .mtl
 * folder, which git ignores.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  cacheFolder,
  distFolder,
  hasOption,
  option,
  parseJson,
  refuseUnknownOptions,
  root,
  runCommand,
  runMain,
  step,
  UserError,
} from './project.mjs';
import { checkNode, ensureBuild, ensureDependencies, ensurePackage } from './setup.mjs';

const examples = path.join(root, 'examples');
const commandLine = path.join(distFolder, 'cli.js');

/** @returns {string} absolute path of the experiment file that is run */
function exampleFile() {
  const given = option('example');
  const candidates = given === undefined ? ['quick-start.mtl.yaml'] : [given, `${given}.mtl.yaml`];
  const places = candidates.flatMap((name) => [path.resolve(name), path.join(examples, name)]);
  const file = (given === undefined ? places.slice(1) : places).find((place) => existsSync(place));
  if (file === undefined) {
    throw new UserError(`There is no experiment file ${candidates[0] ?? ''}.`, 'Name one of the folder examples.');
  }
  return file;
}

/**
 * @param {string} file an experiment file
 * @returns {string} where its runs go
 */
function runsFolder(file) {
  return path.join(path.dirname(file), '.mtl', 'runs');
}

/** @returns {number | undefined} */
function wantedPort() {
  const text = option('port');
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new UserError(`"${text}" is no port.`, 'Use a whole number from 1 to 65535.');
  }
  return port;
}

/**
 * Calls back once for each time that a person asks to end. Npm passes on the signal that the terminal sends to all
 * processes, so that one Ctrl-C may arrive several times.
 * @param {(times: number) => void} onAsked
 */
function whenAskedToEnd(onAsked) {
  let times = 0;
  let last = 0;
  const listener = () => {
    if (Date.now() - last < 1000) return;
    last = Date.now();
    times++;
    onAsked(times);
  };
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, listener);
}

/**
 * Trains in the terminal.
 * @param {string} file
 * @returns {Promise<number>} the exit code of the command line
 */
function runHeadless(file) {
  return new Promise((resolve, reject) => {
    // A process group of its own: Ctrl-C reaches it once, from here.
    const child = spawn(process.execPath, [commandLine, 'run', file, '--out', runsFolder(file)], {
      cwd: root,
      stdio: 'inherit',
      detached: process.platform !== 'win32',
    });
    whenAskedToEnd(() => child.kill('SIGINT'));
    process.once('exit', () => child.kill('SIGKILL'));
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 130));
  });
}

/** @typedef {{ id: string, phase: string, created: number }} RunSummary */

/** Whether a run that the list shows has not ended. */
const livePhases = ['starting', 'running', 'paused'];

/**
 * @param {string} runs the folder of run folders
 * @param {number} since milliseconds since 1970
 * @returns {Promise<string[]>} the ids of the runs that were started since then and go on
 */
async function liveRuns(runs, since) {
  const listed = await runCommand(process.execPath, [commandLine, 'list', '--json', '--runs', runs], { quiet: true });
  if (listed.code !== 0) return [];
  const list = /** @type {{ runs: readonly RunSummary[] }} */ (parseJson(listed.output));
  return list.runs.filter(({ phase, created }) => livePhases.includes(phase) && created >= since).map(({ id }) => id);
}

/**
 * Stops the runs that were started since then: they are processes of their own, which closing a window leaves alone.
 * A start with several seeds goes on to its next run, so this looks again until there is none.
 * @param {string} runs the folder of run folders
 * @param {number} since milliseconds since 1970
 */
async function stopRuns(runs, since) {
  const asked = new Set();
  for (let look = 0; look < 20; look++) {
    const live = await liveRuns(runs, since);
    if (live.length === 0) return;
    for (const id of live.filter((id) => !asked.has(id))) {
      asked.add(id);
      await runCommand(process.execPath, [commandLine, 'stop', id, '--runs', runs], { quiet: true });
    }
    await delay(300);
  }
}

/** @param {string} address */
async function openBrowser(address) {
  const { hasDisplay } = await import('./vscode/desktop.mjs');
  if (hasOption('no-open') || !hasDisplay()) return;
  const commands = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''], linux: ['xdg-open'] };
  const [command = 'xdg-open', ...first] = commands[/** @type {keyof typeof commands} */ (process.platform)] ?? [];
  const child = spawn(command, [...first, address], { stdio: 'ignore', detached: true });
  child.once('error', () => undefined);
  child.unref();
}

/**
 * @typedef {{ stop: () => Promise<void>, ended: Promise<void> }} Window
 * @param {string} extension the .vsix
 * @param {string} file the experiment that is opened and run
 * @returns {Promise<Window>}
 */
async function openVSCode(extension, file) {
  const folder = path.dirname(file);
  const environment = { MTL_WORKBENCH_RUN_ON_START: file };
  const { findDesktopVSCode, startDesktop } = await import('./vscode/desktop.mjs');
  const port = wantedPort();
  const code = port === undefined ? findDesktopVSCode() : undefined;
  if (code !== undefined) {
    step('Opening VS Code');
    const profile = path.join(cacheFolder, 'start', 'desktop');
    return startDesktop({ code, profile, extension, folder, environment });
  }
  const { ensureVSCode } = await import('./vscode/install.mjs');
  const { startServer } = await import('./vscode/server.mjs');
  const installation = await ensureVSCode();
  step('Starting VS Code');
  const profile = path.join(cacheFolder, 'start', 'server');
  const server = await startServer({ installation, profile, extension, environment, ...(port && { port }) });
  const address = server.address(folder);
  console.log(`\nVS Code with the workbench is at\n\n  ${address}\n`);
  console.log(
    'Open it in a browser: the example trains there. Only this machine can reach it; it asks for no password.',
  );
  await openBrowser(address);
  return server;
}

await runMain(async () => {
  refuseUnknownOptions(['headless', 'example', 'port', 'no-open']);
  checkNode();
  const file = exampleFile();
  await ensureDependencies();
  await ensureBuild();
  if (hasOption('headless')) return runHeadless(file);

  const extension = await ensurePackage();
  const started = Date.now();
  let isOpen = false;
  /** @type {Promise<void>} */
  const asked = new Promise((resolve) => {
    whenAskedToEnd((times) => {
      if (isOpen && times === 1) resolve();
      // What was started ends with this process.
      else process.exit(130);
    });
  });
  const window = await openVSCode(extension, file);
  isOpen = true;
  console.log('Ctrl-C ends it, and the runs that were started in it.');
  await Promise.race([asked, window.ended]);
  step('Ending');
  await stopRuns(runsFolder(file), started);
  await window.stop();
  return 0;
});
