import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { distFolder } from '../../scripts/project.mjs';
import type { Server } from '../../scripts/vscode/server.mjs';
import { canDriveVSCode, copyOfExamples, startBrowser, startVSCode } from './harness/machine';
import { VSCodeWindow } from './harness/window';

const example = 'quick-start.mtl.yaml';

describe.skipIf(!canDriveVSCode)('a person whose run is interrupted', () => {
  let server: Server;
  let browser: Browser;
  let window: VSCodeWindow;
  let workspace: ReturnType<typeof copyOfExamples>;

  beforeAll(async () => {
    workspace = copyOfExamples();
    const file = path.join(workspace.folder, example);
    const text = readFileSync(file, 'utf8').replace(/seeds: .*/, 'seeds: [1]');
    writeFileSync(file, text.replace(/epochs: \d+/, 'epochs: 50000\n  checkpoints: { everySteps: 500 }'));
    [server, browser] = await Promise.all([startVSCode(), startBrowser()]);
    window = await VSCodeWindow.open(browser, server.address(workspace.folder));
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    workspace?.remove();
  });

  const runFolder = () => {
    const root = path.join(workspace.folder, '.mtl', 'runs');
    return path.join(root, readdirSync(root).filter((name) => !name.startsWith('.'))[0]);
  };
  const journal = () => readFileSync(path.join(runFolder(), 'events.jsonl'), 'utf8');
  const resumptions = () => journal().split('"type":"resumed"').length - 1;
  const processId = () =>
    (JSON.parse(readFileSync(path.join(runFolder(), 'process.json'), 'utf8')) as { readonly processId: number })
      .processId;
  const kill = () => process.kill(processId(), 'SIGKILL');
  const rowOf = (state: string) =>
    window
      .rows('Runs')
      .and(window.page.locator(`[aria-label*="${state}"]`))
      .first();

  // Each step goes on from the one before: after a failure the rest cannot be done.
  let isBroken = false;
  beforeEach(({ skip, onTestFailed, task }) => {
    if (isBroken) skip('a step before it failed');
    onTestFailed(async () => {
      isBroken = true;
      await window.screenshot(`failed-${task.name.replace(/\W+/g, '-')}`);
    });
  });

  test('is told when its process is gone, and is offered to resume it', async () => {
    await window.openFile(example);
    await window.codeLens('Run').click();
    await window.untilMoves('Loss Curves', 3);
    await window.openView('MTL Workbench');
    await rowOf('running').waitFor();
    await expect.poll(() => journal().includes('"type":"checkpoint"'), { timeout: 30_000 }).toBe(true);
    kill();
    await window.notifications.filter({ hasText: 'its process ended before the run was over' }).first().waitFor();
    await rowOf('interrupted').waitFor();
    await window.says('Loss Curves', 'The process of this run is gone.');
    await window.rows('Session').filter({ hasText: 'Resume' }).first().waitFor();
    await window.screenshot('interrupted-dark');
  });

  test.for(['light', 'high-contrast', 'dark'] as const)('sees it in the %s theme', async (theme) => {
    await window.useTheme(workspace.folder, theme);
    await window.settledPicture('Loss Curves');
    await window.screenshot(`interrupted-${theme}`);
    await rowOf('interrupted').click({ button: 'right' });
    await window.page.locator('.context-view .action-label').filter({ hasText: 'Resume Run' }).first().waitFor();
    await window.screenshot(`interrupted-menu-${theme}`);
    await window.page.keyboard.press('Escape');
  });

  test('resumes it from the message', async () => {
    const message = window.page.locator('.notifications-toasts .notification-list-item').first();
    await message.locator('.monaco-button').filter({ hasText: 'Resume' }).first().click();
    await rowOf('running').waitFor({ timeout: 30_000 });
    await window.untilMoves('Loss Curves', 3);
    expect(resumptions()).toBe(1);
    await window.screenshot('resumed');
  });

  test('resumes it with the keyboard from the session view', async () => {
    kill();
    const offer = window.rows('Session').filter({ hasText: 'from its last checkpoint' }).first();
    await offer.waitFor();
    await window.page.locator('.pane-header[aria-label^="Session"]').focus();
    await window.page.keyboard.press('Tab');
    // From the first row to the offer.
    await window.page.keyboard.press('End');
    await window.page.keyboard.press('Enter');
    await rowOf('running').waitFor({ timeout: 30_000 });
    await window.untilMoves('Loss Curves', 3);
  });

  test('resumes it with the keyboard from the panel', async () => {
    kill();
    await window.says('Loss Curves', 'The process of this run is gone.');
    const frame = await window.panel('Loss Curves');
    const button = frame.locator('vscode-button:visible').filter({ hasText: 'Resume' }).first();
    await button.focus();
    await window.page.keyboard.press('Enter');
    await window.untilMoves('Loss Curves', 3);
    await rowOf('running').waitFor({ timeout: 30_000 });
  });

  test('sees that a run which was stopped goes on when it is resumed in a terminal', async () => {
    await window.command('MTL: Stop Run');
    await rowOf('stopped').waitFor({ timeout: 30_000 });
    await window.says('Loss Curves', 'Stopped');
    const words = [path.join(distFolder, 'cli.js'), 'resume', runFolder(), '--quiet'];
    // It ends with the code of a run that was stopped.
    const resumed = promisify(execFile)(process.execPath, words).catch(() => undefined);
    await rowOf('running').waitFor({ timeout: 30_000 });
    await window.untilMoves('Loss Curves', 3);
    await window.command('MTL: Stop Run');
    await resumed;
    await rowOf('stopped').waitFor({ timeout: 30_000 });
  });
});
