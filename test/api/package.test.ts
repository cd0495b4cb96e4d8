import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);
let project: string;

beforeAll(async () => {
  project = await mkdtemp(path.join(os.tmpdir(), 'mtl-consumer-'));
  await mkdir(path.join(project, 'node_modules'));
  await symlink(root, path.join(project, 'node_modules', 'mtl-workbench'), 'junction');
  await writeFile(path.join(project, 'package.json'), JSON.stringify({ name: 'consumer', type: 'module' }));
});

afterAll(() => rm(project, { recursive: true, force: true }));

function typecheck(file: string) {
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = ['--ignoreConfig', '--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext'];
  return run(process.execPath, [compiler, ...options, '--skipLibCheck', file], { cwd: project });
}

test('another project imports the built package by its name, with its types', async () => {
  const body = (type: string) => `import { InputError, weigh } from 'mtl-workbench/api';
const gradients = [[-4, 1, 1], [6, 1, 1]];
const { weights, gradient } = weigh('mgda', { losses: [1, 2], gradients });
const first${type} = weights[0];
let code = '';
try {
  weigh('mgda', { losses: [1, 2] });
} catch (error) {
  if (error instanceof InputError) code = error.code;
}
export const result = JSON.stringify([first, Array.from(gradient ?? []), code]);
`;
  await writeFile(path.join(project, 'use.ts'), body(': number'));
  await typecheck('use.ts');
  await writeFile(path.join(project, 'use.js'), `${body('')}process.stdout.write(result);`);
  const { stdout } = await run(process.execPath, ['use.js'], { cwd: project });
  const [first, gradient, code] = JSON.parse(stdout) as [number, number[], string];
  expect(first).toBeCloseTo(0.6, 12);
  gradient.forEach((value, k) => expect(value).toBeCloseTo([0, 1, 1][k], 12));
  expect(code).toBe('gradients-missing');
});

test('the types refuse what is wrong', async () => {
  await writeFile(
    path.join(project, 'wrong.ts'),
    `import { weigh } from 'mtl-workbench/api';\nweigh('mgad', { losses: [1] });\nweigh('mgda', { losses: ['1'] });\n`,
  );
  const failure = (await typecheck('wrong.ts').catch((error: unknown) => error)) as { stdout: string };
  expect(failure.stdout).toContain('wrong.ts(2,7)');
  expect(failure.stdout).toMatch(/wrong\.ts\(3,\d+\)/);
});

test('the library says whether sharing helped', async () => {
  const body = (type: string) => `import { gainOf } from 'mtl-workbench/api';
const metrics = [{ metric: 'auc', higherIsBetter: true, shared: [0.8, 0.82, 0.81], alone: [0.7, 0.71, 0.7] }];
const { tasks, overall } = gainOf([{ task: 'income', metrics }]);
const verdict${type} = tasks[0].verdict;
export const result = JSON.stringify([verdict, overall.mean]);
`;
  await writeFile(path.join(project, 'gain.ts'), body(`: 'helped' | 'hurt' | 'cannot be told'`));
  await typecheck('gain.ts');
  await writeFile(path.join(project, 'gain.js'), `${body('')}process.stdout.write(result);`);
  const { stdout } = await run(process.execPath, ['gain.js'], { cwd: project });
  const [verdict, mean] = JSON.parse(stdout) as [string, number];
  expect(verdict).toBe('helped');
  expect(mean).toBeCloseTo((0.1 / 0.7 + 0.11 / 0.71 + 0.11 / 0.7) / 3, 12);
});

test('the library measures how related tasks are, and groups them', async () => {
  const body = (type: string) => `import { groupTasks, relatedness } from 'mtl-workbench/api';
const { values, directed } = relatedness('gradient-cosine', { gradients: [[1, 0], [2, 0], [0, 1]] });
const { groups } = groupTasks({ values, tasks: ['a', 'b', 'c'] }, { groups: 2, alone: 0 });
const served${type} = groups.map((group) => group.serves);
export const result = JSON.stringify([directed, served]);
`;
  await writeFile(path.join(project, 'group.ts'), body(': (readonly string[])[]'));
  await typecheck('group.ts');
  await writeFile(path.join(project, 'group.js'), `${body('')}process.stdout.write(result);`);
  const { stdout } = await run(process.execPath, ['group.js'], { cwd: project });
  expect(JSON.parse(stdout)).toEqual([false, [['a', 'b'], ['c']]]);
});
