import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { writeCensusLike } from '../bench/censusLike';
import { Contender } from '../bench/contender';
import type { CaseResult } from '../bench/measure';
import { watchProcess } from '../bench/processUse';
import { projectedWeights } from '../bench/projection';
import { Lines, parseReply } from '../bench/protocol';
import { median, summarise } from '../bench/statistics';
import { judge } from '../bench/targets';

const root = path.resolve(import.meta.dirname, '../..');

describe('statistics', () => {
  test('the median of an odd and of an even number of values, whatever their order', () => {
    expect(median([10, 1, 9])).toBe(9);
    expect(median([10, 1, 9, 2])).toBe(5.5);
  });

  test('a summary leaves the values as they were', () => {
    const values = [3, 1, 2];
    expect(summarise(values)).toEqual({ median: 2, best: 1, count: 3 });
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('targets', () => {
  const row = (time: number) => ({ median: time, best: time, count: 1 });

  test('are met on their side of the bound, and missed by a share of it on the other', () => {
    const verdicts = judge('small', { native: row(1), PyTorch: row(1.1), 'jax.jit': row(1), wasm: row(2) });
    const found = verdicts.map(({ of, to, found: ratio, met, missedBy }) => [`${of} / ${to}`, ratio, met, missedBy]);
    expect(found).toEqual([
      ['PyTorch / native', 1.1, false, expect.closeTo(0.5)],
      ['native / jax.jit', 1, true, 0],
      ['wasm / PyTorch', expect.closeTo(1.82), true, 0],
    ]);
  });

  test('can be times of the middle and of the slowest row', () => {
    const verdicts = judge('weighing', { mgda: row(0.1), pcgrad: row(0.3), cagrad: row(2.5) });
    expect(verdicts.map(({ found, met }) => [found, met])).toEqual([
      [0.3, false],
      [2.5, false],
    ]);
  });

  test('nothing is said of contenders that were not there, nor of another case', () => {
    expect(judge('small', { native: row(1) })).toEqual([]);
    expect(judge('weighing', {})).toEqual([]);
    expect(judge('mixture', { native: row(1), PyTorch: row(1) })).toEqual([]);
  });
});

describe('the protocol', () => {
  test('lines are put together from pieces of text', () => {
    const lines = new Lines();
    expect(lines.take('{"a"')).toEqual([]);
    expect(lines.take(':1}\n\n{"b":2}\n{')).toEqual(['{"a":1}', '{"b":2}']);
  });

  test('what is no reply is refused', () => {
    expect(() => parseReply('{"kind":"hello"}')).toThrow('A contender answered: {"kind":"hello"}');
    expect(() => parseReply('null')).toThrow('A contender answered');
  });

  test('a contender that does not start says why', async () => {
    const spec = { name: 'nobody', command: path.join(root, 'no-such-program'), parameters: [], threads: 1 };
    expect(await new Contender(spec).next()).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringContaining('no-such-program') as string,
    });
  });

  test('a contender that ends in the middle says why', async () => {
    const program = `console.log('{"kind":"ready","versions":{}}'); process.stdin.once('data', () => { console.error('out of steam'); process.exit(1); });`;
    const contender = new Contender({
      name: 'tired',
      command: process.execPath,
      parameters: ['-e', program],
      threads: 1,
    });
    expect(await contender.next()).toEqual({ kind: 'ready', versions: {} });
    await expect(contender.run(1)).rejects.toThrow('tired ended: out of steam');
  });
});

test('PCGrad takes from each gradient what goes against another', () => {
  // Two gradients (1, 0) and (-1, 1): projected they are (0.5, 0.5) and (0, 1).
  const weights = projectedWeights([1, -1, -1, 2], 2);
  expect([...weights]).toEqual([expect.closeTo(2), expect.closeTo(1.5)]);
  expect([...projectedWeights([1, 0.5, 0.5, 2], 2)]).toEqual([1, 1]);
});

test('the table in place of the census has as many rows, columns and levels, and is written once', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mtl-bench-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'table.csv.gz');
  writeCensusLike(file);
  const rows = gunzipSync(readFileSync(file)).toString().trimEnd().split('\n');
  expect(rows.length).toBe(99_762);
  const cells = rows.slice(0, 20_000).map((row) => row.split(', '));
  expect(new Set(cells.map((row) => row.length))).toEqual(new Set([42]));
  expect(new Set(cells.map((row) => row[0])).size).toBe(91);
  expect(new Set(cells.map((row) => row[41]))).toEqual(new Set(['- 50000.', '50000+.']));
  const written = statSync(file).mtimeMs;
  writeCensusLike(file);
  expect(statSync(file).mtimeMs).toBe(written);
});

test.skipIf(process.platform !== 'linux')('what a process uses is told from a moment on', () => {
  const large = new Uint8Array(300e6).fill(1);
  const used = watchProcess(process.pid);
  const end = performance.now() + 200;
  let sum = large[0];
  while (performance.now() < end) sum += Math.sqrt(sum);
  const { processor, peak } = used()!;
  expect(sum).toBeGreaterThan(1);
  expect(processor).toBeGreaterThan(0);
  expect(peak).toBeGreaterThan(280);
  expect(watchProcess(undefined)()).toBeUndefined();
});

test('the bench runs a case, prints its table and writes it as JSON', { timeout: 240_000 }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mtl-bench-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const json = path.join(folder, 'results.json');
  const parameters = ['scripts/bench.mjs', '--quick', '--only', 'small', '--json', json];
  const { stdout } = await promisify(execFile)(process.execPath, parameters, { cwd: root });
  expect(stdout).toMatch(/│ wasm +│ +\d+\.\d+ +│/);
  expect(stdout).toMatch(/node \d+\.\d+/);
  const { results } = JSON.parse(readFileSync(json, 'utf8')) as { results: CaseResult[] };
  expect(results.map(({ name }) => name)).toEqual(['small']);
  expect(results[0].rows.wasm.median).toBeGreaterThan(0);
  expect(results[0].rows['eager tfjs on wasm'].count).toBeGreaterThan(0);
  for (const contender of ['native', 'PyTorch', 'jax.jit']) {
    expect(contender in results[0].rows || contender in results[0].missing).toBe(true);
  }
});
