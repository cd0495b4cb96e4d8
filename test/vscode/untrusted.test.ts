import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { canDriveVSCode } from './harness/machine';
import { useSession } from './harness/session';

const example = 'quick-start.mtl.yaml';

describe.skipIf(!canDriveVSCode)('in a workspace that is not trusted', () => {
  const here = useSession({
    server: { workspaceTrust: true },
  });

  beforeAll(async () => {
    await here.window.page
      .getByRole('button', { name: /^Restricted Mode/ })
      .first()
      .waitFor();
  });

  test('editing works: a mistake is underlined, and mending it helps', async () => {
    await here.window.openFile(example);
    const word = here.window.page.locator('.view-line span').filter({ hasText: /^regression$/ });
    await word.first().dblclick();
    await here.window.page.keyboard.type('regresion');
    await here.window.errorUnderlines.first().waitFor();
    await here.window.page
      .locator('.view-line span')
      .filter({ hasText: /^regresion$/ })
      .first()
      .dblclick();
    await here.window.page.keyboard.type('regression');
    await expect.poll(() => here.window.errorUnderlines.count(), { timeout: 10_000 }).toBe(0);
    await here.window.page.keyboard.press('Control+S');
    expect(readFileSync(path.join(here.folder, example), 'utf8')).toContain('regression');
  });

  test('running is refused, and it says why', async () => {
    await here.window.command('MTL: Run Experiment');
    await here.window.notifications.filter({ hasText: 'not trusted' }).first().waitFor();
    await here.window.screenshot('untrusted');
    expect(existsSync(path.join(here.folder, '.mtl'))).toBe(false);
  });

  test('once it is trusted, it runs', async () => {
    await here.window.command('Workspaces: Manage Workspace Trust');
    await here.window.page
      .locator('.workspace-trust-editor')
      .getByRole('button', { name: 'Trust', exact: true })
      .click();
    await here.window.page
      .getByRole('button', { name: /^Restricted Mode/ })
      .first()
      .waitFor({ state: 'hidden' });
    await here.window.openFile(example);
    await here.window.command('MTL: Run Experiment');
    await here.window.untilMoves('Loss Curves', 2);
    await here.window.command('MTL: Stop Run');
    await (await here.window.panel('Loss Curves')).getByText('Stopped').first().waitFor();
  });
});
