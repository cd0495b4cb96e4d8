import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compilerParameters } from '../../src/engine/addon';
import { EngineError, saysDiskFull } from '../../src/engine/errors';
import { installFolder } from '../../src/engine/folders';
import { inspectEngineFolder, reasonIn } from '../../src/engine/inspect';
import { findTensorflow, isComplete, platformNames } from '../../src/engine/tensorflow';
import { runTool } from '../../src/engine/tools';
import { commandLine } from '../cli/fixtures/commandLine';
import { temporaryFolder } from '../runs/fixtures/folders';

const mtl = commandLine();
const python = process.env.MTL_TEST_PYTHON ?? 'python3';

/** An executable file that does what a line of shell says. */
function tool(folder: string, name: string, line: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${line}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A folder as a Python's TensorFlow lies, with empty files. */
function fakeTensorflow(folder: string): string {
  mkdirSync(join(folder, 'include', 'tensorflow', 'c'), { recursive: true });
  for (const name of platformNames('linux').libraries) writeFileSync(join(folder, name), '');
  writeFileSync(join(folder, 'include', 'tensorflow', 'c', 'c_api.h'), '');
  return folder;
}

describe('what is decided before anything is built', () => {
  test('the folder: what the environment names, or the data folder of the user', () => {
    expect(installFolder({ MTL_ENGINE_FOLDER: '/somewhere/engine' })).toBe('/somewhere/engine');
    if (process.platform === 'linux') {
      expect(installFolder({ XDG_DATA_HOME: '/data' })).toBe('/data/mtl-workbench/engine');
    }
  });

  test('the compiler gets C++17, Node-API 8, both libraries and a path that moves with the folder', () => {
    const paths = { engineFolder: '/engine', tensorflowFolder: '/tensorflow' };
    const line = compilerParameters(paths, platformNames('linux'), 'linux').join(' ');
    expect(line).toContain('-std=c++17');
    expect(line).toContain('-DNAPI_VERSION=8');
    expect(line).toContain('-I/tensorflow/include -I/engine/node_modules/node-api-headers/include');
    expect(line).toMatch(/deps\/lib\/libtensorflow_cc\.so\.2 deps\/lib\/libtensorflow_framework\.so\.2/);
    expect(line).toContain('-Wl,-rpath,$ORIGIN/../../deps/lib');
    expect(line).not.toContain('/tensorflow/lib');
    expect(compilerParameters(paths, platformNames('darwin'), 'darwin')).toContain('dynamic_lookup');
  });

  test('a platform where nothing is built is told with a way out', () => {
    expect(() => platformNames('win32')).toThrow(EngineError);
  });

  test('a full disk is known from what tools print', () => {
    expect(saysDiskFull('npm error code ENOSPC')).toBe(true);
    expect(saysDiskFull('OSError: [Errno 28] No space left on device')).toBe(true);
    expect(saysDiskFull('ERROR: No matching distribution found')).toBe(false);
  });

  test("of Node's report the line that names the error is told", () => {
    expect(reasonIn('node:internal\n  throw err;\n\nError: libx.so.2: cannot open\n    at here\n\nNode.js v20')).toBe(
      'Error: libx.so.2: cannot open',
    );
    expect(reasonIn('')).toBe('The process ended without a word.');
  });
});

describe.skipIf(process.platform === 'win32')('which TensorFlow is taken', () => {
  const search = (pythons: readonly string[], workFolder: string) =>
    findTensorflow({ pythons, workFolder, say: () => undefined });

  test('the first Python that has one with libraries and headers', async () => {
    const folder = temporaryFolder();
    const whole = fakeTensorflow(join(folder, 'whole'));
    const partial = join(folder, 'partial');
    mkdirSync(partial);
    const pythons = [
      join(folder, 'none'),
      tool(folder, 'python-partial', `echo ${partial}`),
      tool(folder, 'python-whole', `echo ${whole}`),
    ];
    if (process.platform !== 'linux') return;
    expect(isComplete(partial, platformNames('linux'))).toBe(false);
    expect(await search(pythons, join(folder, 'work'))).toMatchObject({ folder: whole });
  });

  test('no Python, no wheel and a full disk are three messages', async () => {
    const folder = temporaryFolder();
    const work = join(folder, 'work');
    await expect(search([join(folder, 'none')], work)).rejects.toMatchObject({ code: 'engine/no-python' });
    const empty = tool(folder, 'python-empty', 'test "$1" = -c && exit 0; echo No matching distribution >&2; exit 1');
    await expect(search([empty], work)).rejects.toMatchObject({
      code: 'engine/no-tensorflow',
      message: expect.stringContaining('No matching distribution') as string,
    });
    const full = tool(folder, 'python-full', 'test "$1" = -c && exit 0; echo No space left on device >&2; exit 1');
    await expect(search([full], work)).rejects.toMatchObject({ code: 'engine/disk-full' });
  });
});

describe('tools', () => {
  test('one that is not there is missing; one that is cancelled ends with what it has started', async () => {
    expect(await runTool(join(temporaryFolder(), 'nothing'), [])).toEqual({ kind: 'missing' });
    const abort = new AbortController();
    const running = runTool(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { signal: abort.signal });
    abort.abort();
    await expect(running).rejects.toMatchObject({ code: 'engine/cancelled' });
  });
});

describe.skipIf(process.platform === 'win32')('mtl engine', () => {
  test('an unknown word is refused', async () => {
    const { code, stderr } = await mtl(['engine', 'instal'], temporaryFolder());
    expect(code).toBe(2);
    expect(stderr).toContain('write `list` or `install`');
  });

  test('without npm the engine that was there stays, and nothing else does', async () => {
    const folder = temporaryFolder();
    const engine = join(folder, 'engine');
    mkdirSync(engine);
    writeFileSync(join(engine, 'mark'), 'old');
    const environment = { PATH: join(folder, 'empty'), npm_execpath: undefined };
    const { code, stderr } = await mtl(['engine', 'install', '--folder', engine], folder, environment);
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: npm was not found on PATH\.\n {2}Install Node\.js/);
    expect(stderr).not.toMatch(/ at .*:\d+:\d+/);
    expect(readFileSync(join(engine, 'mark'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['engine']);
  });

  test('cancelled, it leaves nothing behind', async () => {
    const folder = temporaryFolder();
    const bin = join(folder, 'bin');
    tool(bin, 'npm', 'exec sleep 60');
    const environment = { PATH: `${bin}:${process.env.PATH}`, npm_execpath: undefined };
    const running = mtl(['engine', 'install', '--folder', join(folder, 'engine')], folder, environment);
    await running.says('by its own installer');
    running.child.kill('SIGTERM');
    const { code, stderr } = await running;
    expect(code).toBe(130);
    expect(stderr).toContain('The installation was cancelled');
    expect(readdirSync(folder)).toEqual(['bin']);
  });

  test('list: embedded engines pass their self-test, a broken native one is told with a remedy', async () => {
    const folder = temporaryFolder();
    const broken = join(folder, 'node_modules', '@tensorflow', 'tfjs-node');
    mkdirSync(join(broken, 'lib'), { recursive: true });
    writeFileSync(join(broken, 'package.json'), '{ "main": "index.js" }');
    writeFileSync(join(broken, 'index.js'), "throw new Error('libtensorflow is gone');");
    expect(await inspectEngineFolder(folder)).toEqual({
      state: 'broken',
      reason: expect.stringContaining('libtensorflow is gone') as string,
    });
    const { stdout } = await mtl(['engine', 'list', '--json'], folder, { MTL_ENGINE_FOLDER: folder });
    const { engines } = JSON.parse(stdout) as { engines: readonly { engine: string; state: string }[] };
    expect(engines.slice(1)).toMatchObject([
      { engine: 'wasm', state: 'works', versions: { Node: process.versions.node } },
      { engine: 'cpu', state: 'works' },
    ]);
  });
});

/** Whether the addon can be built here at once: a compiler, and a Python with TensorFlow. */
async function canBuild(): Promise<boolean> {
  const compiler = await runTool('g++', ['--version']);
  const find = 'import importlib.util as u, sys; sys.exit(u.find_spec("tensorflow") is None)';
  const tensorflow = await runTool(python, ['-c', find]);
  return [compiler, tensorflow].every((end) => end.kind === 'ended' && end.code === 0);
}

const builds = await canBuild();
describe('a whole installation', () => {
  const name = 'builds, moves into place, passes its self-test, is not built twice';
  const why = builds ? '' : ' (needs g++, and a python3 or MTL_TEST_PYTHON with TensorFlow)';
  test.skipIf(!builds)(name + why, { timeout: 240_000 }, async () => {
    const folder = temporaryFolder();
    const engine = join(folder, 'engine');
    const words = ['engine', 'install', '--folder', engine, '--python', python, '--json'];
    const first = await mtl(words, folder);
    expect(first.stderr).not.toContain('error:');
    expect(JSON.parse(first.stdout)).toMatchObject({ changed: true, state: 'ready', package: '4.22.0' });
    expect(JSON.parse((await mtl(words, folder)).stdout)).toMatchObject({ changed: false });
    expect(readdirSync(folder)).toEqual(['engine']);
    expect(existsSync(join(engine, 'work'))).toBe(false);
    // The folder can be anywhere.
    symlinkSync(engine, join(folder, 'elsewhere'));
    const environment = { MTL_ENGINE_FOLDER: join(folder, 'elsewhere') };
    const { code, stdout } = await mtl(['engine', 'list', '--json'], folder, environment);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { engines: unknown[] }).engines[0]).toMatchObject({
      engine: 'native',
      state: 'works',
      folder: join(folder, 'elsewhere'),
    });
  });
});
