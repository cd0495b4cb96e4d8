import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { distFolder } from '../../scripts/project.mjs';
import { canDriveVSCode } from './harness/machine';
import { useSession } from './harness/session';

const example = 'quick-start.mtl.yaml';

describe.skipIf(!canDriveVSCode)('a person whose run is interrupted', () => {
  const here = useSession({
    prepare(folder) {
      const file = path.join(folder, example);
      const text = readFileSync(file, 'utf8').replace(/seeds: .*/, 'seeds: [1]');
      writeFileSync(file, text.replace(/epochs: \d+/, 'epochs: 50000\n  checkpoints: { everySteps: 500 }'));
    },
  });

  const runFolder = () => {
    const root = path.join(here.folder, '.mtl', 'runs');
    return path.join(root, readdirSync(root).filter((name) => !name.startsWith('.'))[0]);
  };
  const journal = () => readFileSync(path.join(runFolder(), 'events.jsonl'), 'utf8');
  const resumptions = () => journal().split('"type":"resumed"').length - 1;
  const processId = () =>
    (JSON.parse(readFileSync(path.join(runFolder(), 'process.json'), 'utf8')) as { readonly processId: number })
      .processId;
  const kill = () => process.kill(processId(), 'SIGKILL');
  const rowOf = (state: string) =>
    here.window
      .rows('Runs')
      .and(here.window.page.locator(`[aria-label*="${state}"]`))
      .first();

  test('is told when its process is gone, and is offered to resume it', async () => {
    await here.window.openFile(example);
    await here.window.codeLens('Run').click();
    await here.window.untilMoves('Loss Curves', 3);
    await here.window.openView('MTL Workbench');
    await rowOf('running').waitFor();
    await expect.poll(() => journal().includes('"type":"checkpoint"'), { timeout: 30_000 }).toBe(true);
    kill();
    await here.window.notifications.filter({ hasText: 'its process ended before the run was over' }).first().waitFor();
    await rowOf('interrupted').waitFor();
    await here.window.says('Loss Curves', 'The process of this run is gone.');
    await here.window.rows('Session').filter({ hasText: 'Resume' }).first().waitFor();
    await here.window.screenshot('interrupted-dark');
  });

  test.for(['light', 'high-contrast', 'dark'] as const)('sees it in the %s theme', async (theme) => {
    await here.window.useTheme(here.folder, theme);
    await here.window.settledPicture('Loss Curves');
    await here.window.screenshot(`interrupted-${theme}`);
    await rowOf('interrupted').click({ button: 'right' });
    await here.window.page.locator('.context-view .action-label').filter({ hasText: 'Resume Run' }).first().waitFor();
    await here.window.screenshot(`interrupted-menu-${theme}`);
    await here.window.page.keyboard.press('Escape');
  });

  test('resumes it from the message', async () => {
    const message = here.window.page.locator('.notifications-toasts .notification-list-item').first();
    await message.locator('.monaco-button').filter({ hasText: 'Resume' }).first().click();
    await rowOf('running').waitFor({ timeout: 30_000 });
    await here.window.untilMoves('Loss Curves', 3);
    expect(resumptions()).toBe(1);
    await here.window.screenshot('resumed');
  });

  test('resumes it with the keyboard from the session view', async () => {
    kill();
    const offer = here.window.rows('Session').filter({ hasText: 'from its last checkpoint' }).first();
    await offer.waitFor();
    await here.window.page.locator('.pane-header[aria-label^="Session"]').focus();
    await here.window.page.keyboard.press('Tab');
    // From the first row to the offer.
    await here.window.page.keyboard.press('End');
    await here.window.page.keyboard.press('Enter');
    await rowOf('running').waitFor({ timeout: 30_000 });
    await here.window.untilMoves('Loss Curves', 3);
  });

  test('resumes it with the keyboard from the panel', async () => {
    kill();
    await here.window.says('Loss Curves', 'The process of this run is gone.');
    const frame = await here.window.panel('Loss Curves');
    const button = frame.locator('vscode-button:visible').filter({ hasText: 'Resume' }).first();
    await button.focus();
    await here.window.page.keyboard.press('Enter');
    await here.window.untilMoves('Loss Curves', 3);
    await rowOf('running').waitFor({ timeout: 30_000 });
  });

  test('sees that a run which was stopped goes on when it is resumed in a terminal', async () => {
    await here.window.command('MTL: Stop Run');
    await rowOf('stopped').waitFor({ timeout: 30_000 });
    await here.window.says('Loss Curves', 'Stopped');
    const words = [path.join(distFolder, 'cli.js'), 'resume', runFolder(), '--quiet'];
    // It ends with the code of a run that was stopped.
    const resumed = promisify(execFile)(process.execPath, words).catch(() => undefined);
    await rowOf('running').waitFor({ timeout: 30_000 });
    await here.window.untilMoves('Loss Curves', 3);
    await here.window.command('MTL: Stop Run');
    await resumed;
    await rowOf('stopped').waitFor({ timeout: 30_000 });
  });
});
