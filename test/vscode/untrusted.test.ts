import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Server } from '../../scripts/vscode/server.mjs';
import { canDriveVSCode, copyOfExamples, startBrowser, startVSCode } from './harness/machine';
import { VSCodeWindow } from './harness/window';

const example = 'quick-start.mtl.yaml';

describe.skipIf(!canDriveVSCode)('in a workspace that is not trusted', () => {
  let server: Server;
  let browser: Browser;
  let window: VSCodeWindow;
  let workspace: ReturnType<typeof copyOfExamples>;

  beforeAll(async () => {
    workspace = copyOfExamples();
    [server, browser] = await Promise.all([startVSCode({ workspaceTrust: true }), startBrowser()]);
    window = await VSCodeWindow.open(browser, server.address(workspace.folder));
    await window.page
      .getByRole('button', { name: /^Restricted Mode/ })
      .first()
      .waitFor();
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    workspace?.remove();
  });

  test('editing works: a mistake is underlined, and mending it helps', async () => {
    await window.openFile(example);
    const word = window.page.locator('.view-line span').filter({ hasText: /^regression$/ });
    await word.first().dblclick();
    await window.page.keyboard.type('regresion');
    await window.errorUnderlines.first().waitFor();
    await window.page
      .locator('.view-line span')
      .filter({ hasText: /^regresion$/ })
      .first()
      .dblclick();
    await window.page.keyboard.type('regression');
    await expect.poll(() => window.errorUnderlines.count(), { timeout: 10_000 }).toBe(0);
    await window.page.keyboard.press('Control+S');
    expect(readFileSync(path.join(workspace.folder, example), 'utf8')).toContain('regression');
  });

  test('running is refused, and it says why', async () => {
    await window.command('MTL: Run Experiment');
    await window.notifications.filter({ hasText: 'not trusted' }).first().waitFor();
    await window.screenshot('untrusted');
    expect(existsSync(path.join(workspace.folder, '.mtl'))).toBe(false);
  });

  test('once it is trusted, it runs', async () => {
    await window.command('Workspaces: Manage Workspace Trust');
    await window.page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
    await window.page
      .getByRole('button', { name: /^Restricted Mode/ })
      .first()
      .waitFor({ state: 'hidden' });
    await window.openFile(example);
    await window.command('MTL: Run Experiment');
    await window.untilMoves('Loss Curves', 2);
    await window.command('MTL: Stop Run');
    await (await window.panel('Loss Curves')).getByText('Stopped').first().waitFor();
  });
});
