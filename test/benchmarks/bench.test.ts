import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Contender } from '../bench/contender';
import type { CaseResult } from '../bench/measure';
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
    const found = verdicts.map(({ of, to, ratio, met, missedBy }) => [`${of} / ${to}`, ratio, met, missedBy]);
    expect(found).toEqual([
      ['PyTorch / native', 1.1, false, expect.closeTo(0.5)],
      ['native / jax.jit', 1, true, 0],
      ['wasm / PyTorch', expect.closeTo(1.82), true, 0],
    ]);
  });

  test('nothing is said of contenders that were not there, nor of another case', () => {
    expect(judge('small', { native: row(1) })).toEqual([]);
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

test('the bench runs a case, prints its table and writes it as JSON', { timeout: 240_000 }, async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mtl-bench-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const json = path.join(folder, 'results.json');
  const parameters = ['scripts/bench.mjs', '--quick', '--only', 'small', '--json', json];
  const { stdout } = await promisify(execFile)(process.execPath, parameters, { cwd: root });
  expect(stdout).toMatch(/│ wasm +│ +\d+\.\d+ +│/);
  const { results } = JSON.parse(readFileSync(json, 'utf8')) as { results: CaseResult[] };
  expect(results.map(({ name }) => name)).toEqual(['small']);
  expect(results[0].rows.wasm.median).toBeGreaterThan(0);
  expect(results[0].rows['eager tfjs on wasm'].count).toBeGreaterThan(0);
  for (const contender of ['native', 'PyTorch', 'jax.jit']) {
    expect(contender in results[0].rows || contender in results[0].missing).toBe(true);
  }
});
