import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { distFolder } from '../../scripts/project.mjs';
import { canDriveVSCode } from './harness/machine';
import { useSession } from './harness/session';

const four = `name: Four
data:
  generate: related-regressions
  tasks: 4
  rows: 200
  inputs: 10
  correlation: [[1, 0, 1, 0], [0, 1, 0, 1], [1, 0, 1, 0], [0, 1, 0, 1]]
tasks:
  north: { target: y1, kind: regression }
  south: { target: y2, kind: regression }
  east: { target: y3, kind: regression }
  west: { target: y4, kind: regression }
model: { encoder: { layers: [1], activation: tanh } }
training: { epochs: 4, batchSize: 16 }
relatedness: { measures: [gradient-cosine, conflict-rate], every: 2 }
engine: wasm
`;

describe.skipIf(!canDriveVSCode)('a person who groups the tasks of a run, and studies an experiment', () => {
  const here = useSession({
    prepare(folder) {
      writeFileSync(path.join(folder, 'four.mtl.yaml'), four);
      writeFileSync(path.join(folder, 'small.mtl.yaml'), four.replace('epochs: 4', 'epochs: 1, seeds: [1, 2]'));
      const words = [
        path.join(distFolder, 'cli.js'),
        'run',
        path.join(folder, 'four.mtl.yaml'),
        '--quiet',
        '--out',
        path.join(folder, '.mtl/runs'),
      ];
      execFileSync(process.execPath, words, { cwd: folder });
    },
  });
  const at = (name: string) => path.join(here.folder, name);

  test('sees the groups in the panel, whose button leads to the same question', async () => {
    // Commands can be found once the extension is there.
    await here.window.openView('MTL Workbench');
    await here.window.rows('Runs').filter({ hasText: 'Four' }).first().waitFor();
    await here.window.command('MTL: Show Task Relatedness');
    const panel = await here.window.panel('Task Relatedness');
    await panel.locator('vscode-dropdown[aria-label="Groups"]').click();
    await panel.getByRole('option', { name: 'Network selection, disjoint', exact: true }).click();
    await here.window.says('Task Relatedness', 'Score: ');
    expect((await panel.locator('.group-list').innerText()).replace(/\s+/g, ' ')).toContain('Group 1: north, east');
    await here.window.screenshot('groups-panel');
    await here.window.press('Task Relatedness', 'Write experiments');
    const dialog = here.window.page.getByRole('dialog').filter({ hasText: 'Groups by gradient-cosine: 2' });
    await dialog.waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(existsSync(at('four-together.mtl.yaml'))).toBe(false);
  });

  test('is asked by what and into how many, and sees the groups before anything is written', async () => {
    await here.window.openView('MTL Workbench');
    await here.window.rows('Runs').filter({ hasText: 'Four' }).first().click({ button: 'right' });
    await here.window.page.getByRole('menuitem', { name: 'Group Tasks and Check…' }).hover();
    await here.window.page.keyboard.press('Enter');
    await here.window.choose('gradient-cosine');
    await here.window.screenshot('groups-method');
    await here.window.choose('Network selection, disjoint');
    await here.window.choose('2 groups');
    const dialog = here.window.page.getByRole('dialog').filter({ hasText: 'Groups by gradient-cosine: 2' });
    await dialog.waitFor();
    await here.window.screenshot('groups-dialog');
    expect(await dialog.textContent()).toContain('1: north, east');
    expect(existsSync(at('four-together.mtl.yaml'))).toBe(false);
    await dialog.getByRole('button', { name: 'Write and Check' }).click();
  });

  test('has the experiment of the groups open, and the check trains it', { timeout: 180_000 }, async () => {
    const name = 'four-2-groups-by-gradient-cosine-disjoint';
    await here.window.tab(`${name}.mtl.yaml`).waitFor();
    expect(readFileSync(at(`${name}.mtl.yaml`), 'utf8')).toContain(
      'groups:\n  - [ north, east ]\n  - [ south, west ]\n',
    );
    await here.window
      .rows('Runs')
      .filter({ hasText: 'network 2 of 2 (south, west)' })
      .first()
      .waitFor({ timeout: 90_000 });
    await here.window.screenshot('groups-check');
    await here.window.notifications
      .filter({ hasText: 'The check of the groups has finished' })
      .waitFor({ timeout: 90_000 });
    await here.window.page.getByRole('button', { name: 'Open Report' }).click();
    expect(readFileSync(at(`${name}-check.md`), 'utf8')).toMatch(
      /^# Check of Four, 2 groups by gradient-cosine, disjoint\n/,
    );
    await here.window.page
      .locator('.tab')
      .filter({ hasText: `Preview ${name}-check.md` })
      .waitFor();
    await here.window.screenshot('groups-report');
  });

  test('runs a study from the command palette, and sees its chart', { timeout: 180_000 }, async () => {
    await here.window.openFile('small.mtl.yaml');
    await here.window.command('MTL: Run a Study…');
    await here.window.choose('Less data');
    const chart = here.window.page.locator('.tab').filter({ hasText: 'study.svg' });
    await chart.waitFor({ timeout: 150_000 });
    await here.window.screenshot('study-chart');
    const [study] = readdirSync(at('.mtl/studies'));
    expect(JSON.parse(readFileSync(at(`.mtl/studies/${study}/study.json`), 'utf8'))).toMatchObject({
      study: 'less-data',
      state: 'finished',
    });
    expect(await here.window.page.locator('.monaco-editor').filter({ hasText: '<svg' }).count()).toBe(0);
  });
});
