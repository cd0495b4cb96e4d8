import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newShortId, runFolderName } from '../../src/runs/folderName';
import type { RunRecord } from '../../src/runs/record';
import { createRunFolder, deleteRun, findRun, listRuns, nearestRunsFolder, runsFolderOf } from '../../src/runs/store';
import { temporaryFolder } from './fixtures/folders';

const body: Omit<RunRecord, 'id' | 'created'> = {
  group: 'g',
  experiment: 'Quick start: which tasks?',
  file: '/somewhere/a.mtl.yaml',
  folder: '/somewhere',
  seed: 1,
  engine: 'auto',
  overrides: ['training.epochs=3'],
  version: '0.1.0',
};

describe('names of run folders', () => {
  test.each([
    ['Quick start: which tasks belong together?', 'quick-start-which-tasks-belong-together'],
    ['Übung für Schüler', 'ubung-fur-schuler'],
    ['../../etc/passwd', 'etc-passwd'],
    ['<script>alert(1)</script>', 'script-alert-1-script'],
    ['漢字 😀', 'experiment'],
    ['CON', 'con'],
    ['__proto__', 'proto'],
    ['x'.repeat(500), 'x'.repeat(40)],
    ['a\u0000\u001b[31mb', 'a-31mb'],
  ])('%s', (experiment, slug) => {
    const name = runFolderName(new Date(2025, 3, 1, 13, 5, 9).getTime(), experiment, 'abc234');
    expect(name).toBe(`20250401-130509-${slug}-abc234`);
  });

  test('short ids differ', () => {
    expect(new Set(Array.from({ length: 200 }, newShortId)).size).toBe(200);
  });
});

describe('making a run folder', () => {
  test('it has run.json, the experiment and a folder for requests', async () => {
    const workspace = temporaryFolder();
    const root = runsFolderOf(workspace);
    const { folder, record } = await createRunFolder(root, body, 'name: x\n');
    expect(basename(folder)).toBe(record.id);
    expect(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))).toEqual(record);
    expect(readFileSync(join(folder, 'experiment.yaml'), 'utf8')).toBe('name: x\n');
    expect(readdirSync(root)).toEqual([record.id]);
    expect(existsSync(join(folder, 'requests'))).toBe(true);
  });

  test('runs below .mtl are kept out of git, and a file of the person stays as it is', async () => {
    const workspace = temporaryFolder();
    const ignore = join(workspace, '.mtl', '.gitignore');
    await createRunFolder(runsFolderOf(workspace), body, '');
    expect(readFileSync(ignore, 'utf8')).toBe('*\n');
    writeFileSync(ignore, 'runs/\n');
    await createRunFolder(runsFolderOf(workspace), body, '');
    expect(readFileSync(ignore, 'utf8')).toBe('runs/\n');
    const elsewhere = join(workspace, 'results');
    await createRunFolder(elsewhere, body, '');
    expect(existsSync(join(workspace, '.gitignore'))).toBe(false);
  });

  test('many at once do not collide', async () => {
    const root = join(temporaryFolder(), 'runs');
    await Promise.all(Array.from({ length: 30 }, () => createRunFolder(root, body, '')));
    expect((await listRuns(root)).runs).toHaveLength(30);
  });

  test.each([
    ['below a file', (folder: string) => join(folder, 'file', 'runs'), /a file, not a folder/],
    ['in /proc', () => '/proc/runs', /none can be made there|denied|read-only/],
  ])('that cannot be written: %s', async (_, place, reason) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const root = place(folder);
    const failing = createRunFolder(root, body, '');
    await expect(failing).rejects.toMatchObject({
      name: 'RunFolderError',
      code: 'not-writable',
      path: root,
      remedy: expect.stringContaining('another folder') as string,
    });
    await expect(failing).rejects.toThrow(reason);
  });
});

describe('listing and finding', () => {
  async function three() {
    const root = join(temporaryFolder(), 'runs');
    const ids = ['20250101-000000-a-aaaaaa', '20250101-000001-b-bbbbbb', '20250202-000000-c-aabbcc'];
    for (const [index, id] of ids.entries()) {
      mkdirSync(join(root, id), { recursive: true });
      writeFileSync(join(root, id, 'run.json'), JSON.stringify({ ...body, id, created: 1000 + index }));
    }
    return { root, ids };
  }

  test('newest first; broken folders are reported and do no harm', async () => {
    const { root, ids } = await three();
    mkdirSync(join(root, 'empty'));
    for (const [name, text] of [
      ['torn', '{"id": "t'],
      ['other', '{"some": "thing"}'],
    ]) {
      mkdirSync(join(root, name));
      writeFileSync(join(root, name, 'run.json'), text);
    }
    mkdirSync(join(root, '.new-x'));
    writeFileSync(join(root, 'a file'), '');
    const { runs, broken } = await listRuns(root);
    expect(runs.map(({ record }) => record.id)).toEqual([...ids].reverse());
    expect(broken.map(({ folder, message }) => [basename(folder), message]).sort()).toEqual([
      ['empty', 'run.json is missing.'],
      ['other', 'run.json is not that of a run.'],
      ['torn', 'run.json is not JSON.'],
    ]);
  });

  test('a folder that does not exist has no runs; a file is told', async () => {
    const folder = temporaryFolder();
    expect(await listRuns(join(folder, 'none'))).toEqual({ runs: [], broken: [] });
    writeFileSync(join(folder, 'file'), '');
    await expect(listRuns(join(folder, 'file'))).rejects.toMatchObject({ code: 'not-readable' });
  });

  test('by latest, id, beginning, short id and path', async () => {
    const { root, ids } = await three();
    const found = async (name: string) => (await findRun(name, root)).record.id;
    expect(await found('latest')).toBe(ids[2]);
    expect(await found(ids[0])).toBe(ids[0]);
    expect(await found('20250202')).toBe(ids[2]);
    expect(await found('bbb')).toBe(ids[1]);
    expect(await found(join(root, ids[1]))).toBe(ids[1]);
    await expect(found('2025')).rejects.toMatchObject({ code: 'run-ambiguous' });
    await expect(found('aa')).rejects.toMatchObject({ code: 'run-ambiguous' });
    await expect(found('nothing')).rejects.toMatchObject({ code: 'run-not-found' });
    await expect(found('')).rejects.toMatchObject({ code: 'run-not-found' });
    await expect(found(root)).rejects.toThrow(/no run folder/);
    await expect(findRun('latest', join(root, 'none'))).rejects.toMatchObject({ code: 'run-not-found' });
  });

  test('the nearest .mtl upwards is used, else the folder itself', async () => {
    const top = temporaryFolder();
    const deep = join(top, 'a', 'b');
    mkdirSync(deep, { recursive: true });
    expect(await nearestRunsFolder(deep)).toBe(join(deep, '.mtl', 'runs'));
    mkdirSync(join(top, '.mtl'));
    expect(await nearestRunsFolder(deep)).toBe(join(top, '.mtl', 'runs'));
  });

  test('only run folders are deleted', async () => {
    const { root, ids } = await three();
    await deleteRun(join(root, ids[0]));
    expect((await listRuns(root)).runs).toHaveLength(2);
    await expect(deleteRun(root)).rejects.toMatchObject({ code: 'run-not-found' });
    expect(existsSync(root)).toBe(true);
  });
});
