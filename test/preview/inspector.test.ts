import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InspectorRequest, InspectorResponse } from '../../src/protocol/inspector';
import { csv, folderWith } from '../data/support';

const root = join(import.meta.dirname, '../..');
// Within the project, as the bundle finds the database among its node_modules.
const bundle = join(root, '.cache', `inspector-test-${process.pid}.mjs`);
const folder = folderWith({
  'data.csv': csv([
    ['x', 'colour', 'y'],
    ...Array.from({ length: 40 }, (_, row) => [row, row % 2 ? 'red' : 'blue', row * 2]),
  ]),
});
const text = (target: string) =>
  `name: test\ndata: { source: data.csv }\ntasks:\n  a: { target: ${target}, kind: regression }\n`;

let inspector: ChildProcess;
beforeAll(async () => {
  await build({
    entryPoints: [join(root, 'src/preview/inspector.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@duckdb/*'],
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
  });
  inspector = fork(bundle);
});
afterAll(() => {
  inspector.kill();
  rmSync(bundle, { force: true });
});

async function ask(request: InspectorRequest): Promise<InspectorResponse> {
  inspector.send(request);
  const [response] = (await once(inspector, 'message')) as [InspectorResponse];
  return response;
}

describe('the inspector as a process', () => {
  test('answers with findings and tables', async () => {
    const response = await ask({ id: 7, text: text('yy'), folder });
    expect(response.id).toBe(7);
    expect(response.findings.map(({ code, path, suggestion }) => [code, path, suggestion])).toEqual([
      ['column-not-found', ['tasks', 'a', 'target'], 'y'],
    ]);
    expect(response.tables).toEqual([
      {
        path: ['data'],
        rows: 40,
        columns: [
          { name: 'x', kind: 'numeric', missing: 0, levels: [] },
          { name: 'colour', kind: 'text', missing: 0, levels: ['blue', 'red'] },
          { name: 'y', kind: 'numeric', missing: 0, levels: [] },
        ],
      },
    ]);
  });

  test('knows the tables of a file that has errors', async () => {
    const response = await ask({ id: 8, text: `${text('y')}modle: {}\n`, folder });
    expect(response.findings).toEqual([]);
    expect(response.tables.map(({ rows }) => rows)).toEqual([40]);
    expect((await ask({ id: 9, text: ': [', folder })).tables).toEqual([]);
  });

  test('sees that a file has changed', async () => {
    writeFileSync(join(folder, 'data.csv'), 'x,y\n1,2\n');
    const response = await ask({ id: 10, text: text('y'), folder });
    expect(response.tables.map(({ rows }) => rows)).toEqual([1]);
  });

  test('ends when its channel does', async () => {
    const ended = once(inspector, 'exit');
    inspector.disconnect();
    expect((await ended)[0]).toBe(0);
  });
});
