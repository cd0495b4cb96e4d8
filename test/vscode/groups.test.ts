import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { distFolder } from '../../scripts/project.mjs';
import type { Server } from '../../scripts/vscode/server.mjs';
import { canDriveVSCode, copyOfExamples, startBrowser, startVSCode } from './harness/machine';
import { VSCodeWindow } from './harness/window';

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
  let server: Server;
  let browser: Browser;
  let window: VSCodeWindow;
  let workspace: ReturnType<typeof copyOfExamples>;
  const at = (name: string) => path.join(workspace.folder, name);

  beforeAll(async () => {
    workspace = copyOfExamples();
    writeFileSync(at('four.mtl.yaml'), four);
    writeFileSync(at('small.mtl.yaml'), four.replace('epochs: 4', 'epochs: 1, seeds: [1, 2]'));
    const words = [path.join(distFolder, 'cli.js'), 'run', at('four.mtl.yaml'), '--quiet', '--out', at('.mtl/runs')];
    execFileSync(process.execPath, words, { cwd: workspace.folder });
    [server, browser] = await Promise.all([startVSCode(), startBrowser()]);
    window = await VSCodeWindow.open(browser, server.address(workspace.folder));
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    workspace?.remove();
  });

  // Each step goes on from the one before: after a failure the rest cannot be done.
  let isBroken = false;
  beforeEach(({ skip, onTestFailed, task }) => {
    if (isBroken) skip('a step before it failed');
    onTestFailed(async () => {
      isBroken = true;
      await window.screenshot(`failed-${task.name.replace(/\W+/g, '-')}`);
    });
  });

  test('sees the groups in the panel, whose button leads to the same question', async () => {
    // Commands can be found once the extension is there.
    await window.openView('MTL Workbench');
    await window.rows('Runs').filter({ hasText: 'Four' }).first().waitFor();
    await window.command('MTL: Show Task Relatedness');
    const panel = await window.panel('Task Relatedness');
    await panel.locator('vscode-dropdown[aria-label="Groups"]').click();
    await panel.getByRole('option', { name: 'Network selection, disjoint', exact: true }).click();
    await window.says('Task Relatedness', 'Score: ');
    expect((await panel.locator('.group-list').innerText()).replace(/\s+/g, ' ')).toContain('Group 1: north, east');
    await window.screenshot('groups-panel');
    await window.press('Task Relatedness', 'Write experiments');
    const dialog = window.page.getByRole('dialog').filter({ hasText: 'Groups by gradient-cosine: 2' });
    await dialog.waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    expect(existsSync(at('four-together.mtl.yaml'))).toBe(false);
  });

  test('is asked by what and into how many, and sees the groups before anything is written', async () => {
    await window.openView('MTL Workbench');
    await window.rows('Runs').filter({ hasText: 'Four' }).first().click({ button: 'right' });
    await window.page.getByRole('menuitem', { name: 'Group Tasks and Check…' }).hover();
    await window.page.keyboard.press('Enter');
    await window.choose('gradient-cosine');
    await window.screenshot('groups-method');
    await window.choose('Network selection, disjoint');
    await window.choose('2 groups');
    const dialog = window.page.getByRole('dialog').filter({ hasText: 'Groups by gradient-cosine: 2' });
    await dialog.waitFor();
    await window.screenshot('groups-dialog');
    expect(await dialog.textContent()).toContain('1: north, east');
    expect(existsSync(at('four-together.mtl.yaml'))).toBe(false);
    await dialog.getByRole('button', { name: 'Write and Check' }).click();
  });

  test('has the experiment of the groups open, and the check trains it', { timeout: 180_000 }, async () => {
    const name = 'four-2-groups-by-gradient-cosine-disjoint';
    await window.tab(`${name}.mtl.yaml`).waitFor();
    expect(readFileSync(at(`${name}.mtl.yaml`), 'utf8')).toContain(
      'groups:\n  - [ north, east ]\n  - [ south, west ]\n',
    );
    await window.rows('Runs').filter({ hasText: 'network 2 of 2 (south, west)' }).first().waitFor({ timeout: 90_000 });
    await window.screenshot('groups-check');
    await window.notifications.filter({ hasText: 'The check of the groups has finished' }).waitFor({ timeout: 90_000 });
    await window.page.getByRole('button', { name: 'Open Report' }).click();
    expect(readFileSync(at(`${name}-check.md`), 'utf8')).toMatch(
      /^# Check of Four, 2 groups by gradient-cosine, disjoint\n/,
    );
    await window.page
      .locator('.tab')
      .filter({ hasText: `Preview ${name}-check.md` })
      .waitFor();
    await window.screenshot('groups-report');
  });

  test('runs a study from the command palette, and sees its chart', { timeout: 180_000 }, async () => {
    await window.openFile('small.mtl.yaml');
    await window.command('MTL: Run a Study…');
    await window.choose('Less data');
    const chart = window.page.locator('.tab').filter({ hasText: 'study.svg' });
    await chart.waitFor({ timeout: 150_000 });
    await window.screenshot('study-chart');
    const [study] = readdirSync(at('.mtl/studies'));
    expect(JSON.parse(readFileSync(at(`.mtl/studies/${study}/study.json`), 'utf8'))).toMatchObject({
      study: 'less-data',
      state: 'finished',
    });
    expect(await window.page.locator('.monaco-editor').filter({ hasText: '<svg' }).count()).toBe(0);
  });
});
