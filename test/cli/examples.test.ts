import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RunReport } from '../../src/runs/report';
import { temporaryFolder } from '../runs/fixtures/folders';
import { runCommand } from './fixtures/commandLine';

const root = resolve(import.meta.dirname, '../..');
const commandLine = join(root, 'dist/cli.js');
const examples = join(root, 'examples');
const files = readdirSync(examples).filter((name) => name.endsWith('.mtl.yaml'));

/** A copy of the examples, whose runs leave the folder itself as it is. */
function copyOfExamples(): string {
  const folder = temporaryFolder();
  cpSync(examples, folder, { recursive: true, filter: (source) => !source.includes('.mtl/') });
  return folder;
}

beforeAll(() => {
  if (!existsSync(commandLine)) throw new Error('There is no dist/cli.js. Run: npm run build');
});

describe.each(files)('%s', (file) => {
  test('begins with the question that it answers, and how to run it', () => {
    const [question, how] = readFileSync(join(examples, file), 'utf8').split('\n');
    expect(question).toMatch(/^# .*\?$/);
    expect(how).toContain(`mtl run ${file}`);
  });

  test('has no problems', async () => {
    const { code, stdout } = await runCommand(commandLine, ['validate', file], examples, {});
    expect([code, stdout.split('\n')[0]]).toEqual([0, `${file}: no problems`]);
  });

  test('trains, with fewer epochs, on WASM', async () => {
    const words = ['run', file, '--engine', 'wasm', '--seed', '1', '--set', 'training.epochs=2', '--json', '--quiet'];
    const { code, stdout, stderr } = await runCommand(commandLine, words, copyOfExamples(), {});
    expect([code, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout) as RunReport;
    expect(report).toMatchObject({ state: 'finished', engine: 'wasm', epochs: 2, warnings: [] });
    for (const { test: figures } of Object.values(report.metrics)) expect(figures?.loss).toBeGreaterThan(0);
  });
});

test('one task per value of a column: the table tells the mean of the tasks and all rows together', async () => {
  const words = ['run', 'many-small-regressions.mtl.yaml', '--engine', 'wasm', '--set', 'training.epochs=2'];
  const { stdout } = await runCommand(commandLine, [...words, '--set', 'training.seeds=[1, 2]'], copyOfExamples(), {});
  const spread = String.raw`-?[\d.]+ ± [\d.]+`;
  expect(stdout).toMatch(new RegExp(`^mean of tasks +test rmse +${spread} +${spread}$`, 'm'));
  expect(stdout).toMatch(
    new RegExp(`^all rows +test rmse +${spread} +${spread} +\\S+ +\\S+ to \\S+ +(helped|hurt|cannot be told)$`, 'm'),
  );
  expect(stdout).toMatch(new RegExp(`^ *all rows +test explainedVariance +${spread} +${spread} +`, 'm'));
});
