import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import esbuild from 'esbuild';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { takeLock } from '../../src/runs/lock';

const root = resolve(import.meta.dirname, '../..');

/** Takes a folder so many times, and says so where somebody alive is in it at the same time. */
const racer = `
  import { readFileSync, rmSync, writeFileSync } from 'node:fs';
  import { join } from 'node:path';
  import { takeLock } from './src/runs/lock';
  import { isSameProcess, processRecord } from './src/runs/process';
  const [folder, turns, dieAt] = process.argv.slice(2);
  const token = join(folder, 'inside');
  async function enter(me) {
    try {
      writeFileSync(token, me, { flag: 'wx' });
    } catch {
      const other = JSON.parse(readFileSync(token, 'utf8'));
      if (await isSameProcess(other)) console.log('together with ' + other.processId);
      writeFileSync(token, me);
    }
  }
  async function main() {
    const me = JSON.stringify(await processRecord(process.pid));
    for (let turn = 1; turn <= Number(turns); ) {
      const release = await takeLock(folder).catch((error) => {
        if (error.code !== 'locked') console.log(error.message);
      });
      if (release === undefined) continue;
      await enter(me);
      if (turn === Number(dieAt)) process.kill(process.pid, 'SIGKILL');
      rmSync(token);
      release();
      turn++;
    }
  }
  void main();
`;

let place: string;
let script: string;

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'mtl-lock-'));
  script = join(place, 'racer.js');
  await esbuild.build({
    stdin: { contents: racer, resolveDir: root, loader: 'ts' },
    outfile: script,
    bundle: true,
    platform: 'node',
    logLevel: 'error',
  });
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

const newFolder = () => mkdtempSync(join(place, 'run-'));

async function race(folder: string, turns: number, dieAt = 0) {
  const child = spawn(process.execPath, [script, folder, String(turns), String(dieAt)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { said, code, signal };
}

test('of processes that race for a folder, again and again, one has it at a time, and none is left out', async () => {
  const folder = newFolder();
  const [turns, deaths] = [60, 8];
  const mortal = async () => {
    const ends = [];
    for (let death = 0; death < deaths; death++) ends.push(await race(folder, turns, 3));
    return ends;
  };
  const [one, other, dead] = await Promise.all([race(folder, turns), race(folder, turns), mortal()]);
  expect([one, other]).toEqual([
    { said: '', code: 0, signal: null },
    { said: '', code: 0, signal: null },
  ]);
  expect(dead).toEqual(Array(deaths).fill({ said: '', code: null, signal: 'SIGKILL' }));
  const claims = readdirSync(join(folder, 'locks'))
    .filter((name) => !name.startsWith('.'))
    .map((name) => parseInt(name));
  expect(claims.sort((a, b) => a - b)).toEqual(Array.from({ length: 2 * turns + 3 * deaths }, (_, index) => index + 1));
}, 60_000);

test('a folder that is held is refused, with who has it; one that was given back is not', async () => {
  const folder = newFolder();
  const release = await takeLock(folder);
  await expect(takeLock(folder)).rejects.toMatchObject({
    code: 'locked',
    message: `Process ${process.pid} already runs this run.`,
  });
  release();
  (await takeLock(folder))();
});

test.each([
  ['of a process that has ended', { processId: spawnSync(process.execPath, ['-e', '']).pid, startedAt: Date.now() }],
  ['of a process whose id another has now', { processId: process.pid, startedAt: Date.now(), ticks: '1' }],
  ['from before the machine was started', { processId: process.pid, startedAt: 0 }],
])('a claim %s holds nothing', async (_, owner) => {
  const folder = newFolder();
  mkdirSync(join(folder, 'locks'));
  writeFileSync(join(folder, 'locks', '1.json'), JSON.stringify({ ...owner, host: hostname(), released: false }));
  (await takeLock(folder))();
});

test('a claim that was never written holds nothing for long; one of another machine does, and says how to end that', async () => {
  const folder = newFolder();
  const path = join(folder, 'locks', '1.json');
  mkdirSync(join(folder, 'locks'));
  const owner = { processId: 1, startedAt: Date.now(), host: 'elsewhere', released: false };
  writeFileSync(path, JSON.stringify(owner));
  await expect(takeLock(folder)).rejects.toMatchObject({
    code: 'locked',
    remedy: expect.stringContaining(path) as string,
  });
  writeFileSync(path, '');
  (await takeLock(folder))();
});
