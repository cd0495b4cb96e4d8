import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { InspectorClient } from '../../src/host/inspector/inspectorClient';
import { runCommandLine } from '../../src/host/runs/commandLine';
import { startExperiment } from '../../src/host/runs/start';

const repository = join(__dirname, '..', '..');
let folder: string;
let inspector: string;

beforeAll(async () => {
  // Within the repository, so that the packages that are not bundled are found.
  folder = mkdtempSync(join(repository, 'node_modules', '.mtl-test-'));
  inspector = join(folder, 'inspector.js');
  await build({
    entryPoints: [join(repository, 'src/preview/inspector.ts')],
    outfile: inspector,
    bundle: true,
    platform: 'node',
    external: ['@duckdb/node-api', '@duckdb/node-bindings*'],
    logLevel: 'error',
  });
});

afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

const text = (target: string) => `name: x
data: { source: table.csv }
tasks: { one: { target: ${target}, kind: regression } }
`;

describe('the process that inspects data', () => {
  let client: InspectorClient;
  afterEach(() => client.dispose());

  test('reads a table for the editor, and goes when it is idle', async () => {
    writeFileSync(
      join(folder, 'table.csv'),
      `age,income\n${Array.from({ length: 60 }, (_, row) => `${row},${row * 2}`).join('\n')}\n`,
    );
    client = new InspectorClient({ script: inspector, idleMilliseconds: 300 });
    const good = await client.ask('a', text('income'), folder);
    expect(good?.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(good?.tables[0].columns.map(({ name }) => name)).toEqual(['age', 'income']);
    const wrong = await client.ask('a', text('incom'), folder);
    expect(wrong?.findings[0]).toMatchObject({ code: 'column-not-found', suggestion: 'income' });
    await new Promise((resolve) => setTimeout(resolve, 600));
    const again = await client.ask('a', text('income'), folder);
    expect(again?.tables).toHaveLength(1);
  });

  test('of the questions that wait about a document only the last is asked', async () => {
    client = new InspectorClient({ script: inspector });
    const answers = await Promise.all(
      ['age', 'incom', 'income'].map((target) => client.ask('a', text(target), folder)),
    );
    expect(answers[0]).toBeDefined();
    expect(answers[1]).toBeUndefined();
    expect(answers[2]?.tables).toHaveLength(1);
  });

  test('after a crash the question stays without an answer and the next one has one', async () => {
    const crashing = join(folder, 'crashing.js');
    const mark = join(folder, 'crashed');
    writeFileSync(
      crashing,
      `const fs = require('node:fs');
       process.on('message', ({ id }) => {
         if (!fs.existsSync(${JSON.stringify(mark)})) { fs.writeFileSync(${JSON.stringify(mark)}, ''); process.exit(3); }
         process.send({ id, findings: [], tables: [] });
       });`,
    );
    client = new InspectorClient({ script: crashing });
    expect(await client.ask('a', '', folder)).toBeUndefined();
    expect(await client.ask('a', '', folder)).toEqual({ id: 2, findings: [], tables: [] });
  });

  test('a question that takes too long is given up', async () => {
    const silent = join(folder, 'silent.js');
    writeFileSync(silent, `process.on('message', () => {});`);
    client = new InspectorClient({ script: silent, patienceMilliseconds: 200 });
    expect(await client.ask('a', '', folder)).toBeUndefined();
  });

  test('a script that is not there gives no answer', async () => {
    client = new InspectorClient({ script: join(folder, 'absent.js') });
    expect(await client.ask('a', '', folder)).toBeUndefined();
  });
});

describe('starting an experiment', () => {
  test('the command line gets the file and the folder for runs; what it says comes back', async () => {
    const script = join(folder, 'cli.js');
    const place = mkdtempSync(join(tmpdir(), 'mtl-start-test-'));
    const seen = join(place, 'seen');
    writeFileSync(
      script,
      `require('node:fs').writeFileSync(${JSON.stringify(seen)}, JSON.stringify(process.argv.slice(2)));
       console.error('a.mtl.yaml:1:1: error: No.'); process.exitCode = 2;`,
    );
    const file = join(place, 'a.mtl.yaml');
    const { ended } = await startExperiment({ file, root: join(place, 'runs'), cliScript: script });
    expect(await ended).toEqual({ code: 2, said: 'a.mtl.yaml:1:1: error: No.' });
    await vi.waitFor(() => expect(existsSync(seen)).toBe(true));
    expect(JSON.parse(readFileSync(seen, 'utf8'))).toEqual(['run', file, '--out', join(place, 'runs'), '--quiet']);
    rmSync(place, { recursive: true, force: true });
  });

  test('a folder that is gone is an error', async () => {
    const file = join(folder, 'gone', 'a.mtl.yaml');
    await expect(startExperiment({ file, root: folder, cliScript: inspector })).rejects.toThrow();
  });
});

describe('the command line, to its end', () => {
  test('gets its words and says what is wrong', async () => {
    const script = join(folder, 'words.cjs');
    writeFileSync(
      script,
      'console.log("out"); console.error(process.argv.slice(2).join("|"), process.cwd()); process.exitCode = 3;',
    );
    const end = await runCommandLine(script, ['predict', 'a b', '--task', 'ü"'], folder);
    expect(end).toEqual({ code: 3, printed: 'out\n', said: `predict|a b|--task|ü" ${folder}` });
    expect((await runCommandLine(script, [], join(folder, 'gone'))).code).toBe(1);
  });
});
