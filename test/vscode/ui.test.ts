import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Server } from '../../scripts/vscode/server.mjs';
import { canDriveVSCode, copyOfExamples, startBrowser, startVSCode } from './harness/machine';
import { VSCodeWindow } from './harness/window';

const example = 'quick-start.mtl.yaml';
const second = 'correlated-pair.mtl.yaml';

/** Makes an example short enough to see its end. */
function shorten(file: string): void {
  writeFileSync(
    file,
    readFileSync(file, 'utf8')
      .replace(/epochs: \d+/, 'epochs: 5')
      .replace(/seeds: .*/, 'seeds: [1]'),
  );
}

describe.skipIf(!canDriveVSCode)('a person at VS Code', () => {
  let server: Server;
  let browser: Browser;
  let window: VSCodeWindow;
  let workspace: ReturnType<typeof copyOfExamples>;

  beforeAll(async () => {
    workspace = copyOfExamples();
    const file = path.join(workspace.folder, example);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('kind: regression', 'kind: regresion').replace(/epochs: \d+/, 'epochs: 2000'));
    shorten(path.join(workspace.folder, second));
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

  test('opens an example and sees its mistake underlined', async () => {
    await window.openFile(example);
    await window.errorUnderlines.first().waitFor();
    expect(await window.errorUnderlines.count()).toBe(1);
    await window.screenshot('mistake');
  });

  test('mends the mistake with its quick fix, and the underline goes', async () => {
    await window.page
      .locator('.view-line span')
      .filter({ hasText: /^regresion$/ })
      .first()
      .click();
    await window.quickFix('regression');
    await window.page.keyboard.press('Control+S');
    await expect.poll(() => window.errorUnderlines.count(), { timeout: 10_000 }).toBe(0);
    expect(readFileSync(path.join(workspace.folder, example), 'utf8')).not.toContain('regresion');
  });

  test('runs it by its code lens and watches the curves move', async () => {
    await window.codeLens('Run').click();
    await window.untilMoves('Loss Curves', 3);
    await window.screenshot('curves-running');
  });

  test('finds the experiment and the run in the activity bar', async () => {
    await window.openView('MTL Workbench');
    await window.rows('Experiments').filter({ hasText: 'quick-start' }).first().waitFor();
    await window.rows('Runs').filter({ hasText: 'Quick start' }).first().waitFor();
    await window.rows('Session').first().waitFor();
    await window.screenshot('views');
  });

  test('opens the relatedness matrix, which moves, too', async () => {
    await window.command('MTL: Show Task Relatedness');
    await window.untilMoves('Task Relatedness', 3);
    await window.screenshot('relatedness-running');
  });

  test('pauses the run with the button in the panel', async () => {
    await window.press('Task Relatedness', 'Pause');
    await window.says('Task Relatedness', 'Paused at step');
    expect(await window.staysStill('Task Relatedness', 2000)).toBe(true);
  });

  test('reloads the window and finds everything as it was', async () => {
    await window.reload();
    await window.says('Task Relatedness', 'Paused at step');
    await window.openView('MTL Workbench');
    await window.rows('Experiments').filter({ hasText: 'quick-start' }).first().waitFor();
    await window.rows('Runs').filter({ hasText: 'paused' }).first().waitFor();
    await window.screenshot('after-reload');
  });

  test('resumes it from the command palette', async () => {
    await window.command('MTL: Resume Run');
    await window.untilMoves('Task Relatedness', 3);
  });

  test('a run that goes on is followed again after a reload', async () => {
    await window.reload();
    await window.untilMoves('Task Relatedness', 3);
  });

  test('stops it from the panel', async () => {
    await window.press('Task Relatedness', 'Stop');
    await window.says('Task Relatedness', 'Stopped');
    await window.screenshot('relatedness-stopped');
  });

  test('runs another example from the command palette, to its end', async () => {
    await window.openFile(second);
    await window.command('MTL: Run Experiment');
    await window.openView('MTL Workbench');
    const finished = window.rows('Runs').and(window.page.locator('[aria-label*="finished"]'));
    await finished.first().waitFor({ timeout: 60_000 });
    await finished.first().click();
    await window.says('Loss Curves', 'Finished');
    await window.screenshot('curves-finished');
  });

  test.for(['dark', 'light', 'high-contrast'] as const)('draws the panels in the %s theme', async (theme) => {
    await window.useTheme(workspace.folder, theme);
    await window.command('MTL: Show Task Relatedness');
    const relatedness = await window.settledPicture('Task Relatedness');
    await window.screenshot(`relatedness-${theme}`);
    await window.command('MTL: Show Loss Curves');
    const curves = await window.settledPicture('Loss Curves');
    await window.screenshot(`curves-${theme}`);
    expect(seen).not.toContain(relatedness);
    expect(seen).not.toContain(curves);
    seen.push(relatedness, curves);
  });
});

/** Pictures of the panels in the themes so far: each theme has its own. */
const seen: string[] = [];
