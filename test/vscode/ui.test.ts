import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { canDriveVSCode } from './harness/machine';
import { useSession } from './harness/session';

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
  const here = useSession({
    prepare(folder) {
      const file = path.join(folder, example);
      const text = readFileSync(file, 'utf8');
      writeFileSync(file, text.replace('kind: regression', 'kind: regresion').replace(/epochs: \d+/, 'epochs: 2000'));
      shorten(path.join(folder, second));
    },
  });

  test('opens an example and sees its mistake underlined', async () => {
    await here.window.openFile(example);
    await here.window.errorUnderlines.first().waitFor();
    expect(await here.window.errorUnderlines.count()).toBe(1);
    await here.window.screenshot('mistake');
  });

  test('mends the mistake with its quick fix, and the underline goes', async () => {
    const mistake = here.window.page.locator('.view-line span').filter({ hasText: /^regresion$/ });
    await mistake.first().click();
    await here.window.quickFix('regression');
    await expect.poll(() => mistake.count(), { timeout: 10_000 }).toBe(0);
    await expect.poll(() => here.window.errorUnderlines.count(), { timeout: 10_000 }).toBe(0);
    await here.window.page.keyboard.press('Control+S');
    await expect
      .poll(() => readFileSync(path.join(here.folder, example), 'utf8'), { timeout: 10_000 })
      .not.toContain('regresion');
  });

  test('runs it by its code lens and watches the curves move', async () => {
    await here.window.codeLens('Run').click();
    await here.window.untilMoves('Loss Curves', 3);
    await here.window.screenshot('curves-running');
  });

  test('finds the experiment and the run in the activity bar', async () => {
    await here.window.openView('MTL Workbench');
    await here.window.rows('Experiments').filter({ hasText: 'quick-start' }).first().waitFor();
    await here.window.rows('Runs').filter({ hasText: 'Quick start' }).first().waitFor();
    await here.window.rows('Session').first().waitFor();
    await here.window.screenshot('views');
  });

  test('opens the relatedness matrix, which moves, too', async () => {
    await here.window.command('MTL: Show Task Relatedness');
    await here.window.untilMoves('Task Relatedness', 3);
    await here.window.screenshot('relatedness-running');
  });

  test('pauses the run with the button in the panel', async () => {
    await here.window.press('Task Relatedness', 'Pause');
    await here.window.says('Task Relatedness', 'Paused at step');
    expect(await here.window.staysStill('Task Relatedness', 2000)).toBe(true);
  });

  test('reloads the window and finds everything as it was', async () => {
    await here.window.reload();
    await here.window.says('Task Relatedness', 'Paused at step');
    await here.window.openView('MTL Workbench');
    await here.window.rows('Experiments').filter({ hasText: 'quick-start' }).first().waitFor();
    await here.window.rows('Runs').filter({ hasText: 'paused' }).first().waitFor();
    await here.window.screenshot('after-reload');
  });

  test('resumes it from the command palette', async () => {
    await here.window.command('MTL: Resume Run');
    await here.window.untilMoves('Task Relatedness', 3);
  });

  test('a run that goes on is followed again after a reload', async () => {
    await here.window.reload();
    await here.window.untilMoves('Task Relatedness', 3);
  });

  test('stops it from the panel', async () => {
    await here.window.press('Task Relatedness', 'Stop');
    await here.window.says('Task Relatedness', 'Stopped');
    await here.window.screenshot('relatedness-stopped');
  });

  test('runs another example from the command palette, to its end', async () => {
    await here.window.openFile(second);
    await here.window.command('MTL: Run Experiment');
    await here.window.openView('MTL Workbench');
    const finished = here.window.rows('Runs').and(here.window.page.locator('[aria-label*="finished"]'));
    await finished.first().waitFor({ timeout: 60_000 });
    await finished.first().click();
    await here.window.says('Loss Curves', 'Finished');
    await here.window.screenshot('curves-finished');
  });

  test.for(['dark', 'light', 'high-contrast'] as const)('draws the panels in the %s theme', async (theme) => {
    await here.window.useTheme(here.folder, theme);
    await here.window.command('MTL: Show Task Relatedness');
    const relatedness = await here.window.settledPicture('Task Relatedness');
    await here.window.screenshot(`relatedness-${theme}`);
    await here.window.command('MTL: Show Loss Curves');
    const curves = await here.window.settledPicture('Loss Curves');
    await here.window.screenshot(`curves-${theme}`);
    expect(seen).not.toContain(relatedness);
    expect(seen).not.toContain(curves);
    seen.push(relatedness, curves);
  });
});

/** Pictures of the panels in the themes so far: each theme has its own. */
const seen: string[] = [];
