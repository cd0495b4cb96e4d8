import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { screenshotsFolder } from './places';

/** The panels by the titles of their pages. */
export type PanelTitle = 'Loss Curves' | 'Task Relatedness';

/** Colour themes: their setting's name, and the class that the window then has. */
const themes = {
  dark: { name: 'Default Dark Modern', kind: 'vs-dark' },
  light: { name: 'Default Light Modern', kind: 'vs' },
  'high-contrast': { name: 'Default High Contrast', kind: 'hc-black' },
} as const;

/** How long the window may take to do what it was asked for, in milliseconds. */
const patience = 30_000;

/** One VS Code window, used the way that a person uses it. */
export class VSCodeWindow {
  private constructor(readonly page: Page) {}

  /** Opens an address of a server and waits until the workbench is there. */
  static async open(browser: Browser, address: string): Promise<VSCodeWindow> {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(address);
    const window = new VSCodeWindow(page);
    await window.untilLoaded();
    return window;
  }

  async untilLoaded(): Promise<void> {
    await this.page.locator('.monaco-workbench .explorer-folders-view').waitFor({ timeout: 60_000 });
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.page.locator('.monaco-workbench .activitybar').waitFor({ timeout: 60_000 });
  }

  /** Runs a command by its title in the command palette. */
  async command(title: string): Promise<void> {
    await this.pick('F1', `>${title}`, title);
  }

  /** Opens a file by its name. */
  async openFile(name: string): Promise<void> {
    await this.pick('Control+P', name, name);
    await this.tab(name).waitFor({ timeout: patience });
    await this.page.locator('.editor-instance .view-lines').first().waitFor({ timeout: patience });
  }

  /** Opens a quick pick by a key, filters it and takes the row that begins so. */
  private async pick(key: string, filter: string, row: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input.input');
    await expect
      .poll(
        async () => {
          await this.page.keyboard.press(key);
          return input.waitFor({ timeout: 2000 }).then(
            () => true,
            () => false,
          );
        },
        { timeout: patience, message: `the quick pick opens on ${key}` },
      )
      .toBe(true);
    await input.fill(filter);
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: row }).first().click({ timeout: patience });
    // What is chosen may ask at once for more, by the same widget.
    const isTaken = async () => !(await input.isVisible()) || (await input.inputValue()) !== filter;
    await expect.poll(isTaken, { timeout: patience, message: `${row} is taken` }).toBe(true);
  }

  /** Takes the row of the open quick pick that has exactly this label. */
  async choose(label: string): Promise<void> {
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    const row = rows.filter({ has: this.page.locator('.label-name', { hasText: new RegExp(`^${label}$`) }) });
    await row.first().click({ timeout: patience });
  }

  tab(name: string): Locator {
    return this.page.locator(`.tabs-container .tab[data-resource-name="${name}"]`);
  }

  /** Puts the cursor to a line and column, both from 1. */
  async goTo(line: number, column: number): Promise<void> {
    await this.page.keyboard.press('Control+G');
    const input = this.page.locator('.quick-input-widget input.input');
    await input.waitFor({ timeout: patience });
    await input.fill(`:${String(line)}:${String(column)}`);
    await this.page.keyboard.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden', timeout: patience });
  }

  /** The underlines of errors in the editor. */
  get errorUnderlines(): Locator {
    return this.page.locator('.editor-instance .squiggly-error');
  }

  /** A code lens by its words. */
  codeLens(text: string): Locator {
    return this.page.locator('.editor-instance .codelens-decoration a').filter({ hasText: text }).first();
  }

  /** Opens the menu of quick fixes at the cursor and takes one by its words. */
  async quickFix(words: string): Promise<void> {
    const menu = this.page.locator('.action-widget').filter({ hasText: words }).first();
    await this.page.keyboard.press('Control+Period');
    await menu.waitFor({ timeout: patience });
    await menu.locator('.monaco-list-row').filter({ hasText: words }).first().click({ timeout: patience });
    await menu.waitFor({ state: 'hidden', timeout: patience });
  }

  /** The rows of a view in the side bar. */
  rows(view: string): Locator {
    return this.page.locator(`.pane:has(.pane-header[aria-label^="${view}"]) .monaco-list-row`);
  }

  /** Messages in the window's corner. */
  get notifications(): Locator {
    return this.page.locator('.notification-list-item-message');
  }

  /** Brings a container of views into the side bar; a click on the one that is there already would close it. */
  async openView(container: string): Promise<void> {
    const title = this.page.locator('.sidebar .composite.title').filter({ hasText: new RegExp(container, 'i') });
    const isThere = await title.waitFor({ timeout: 3000 }).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await this.page.locator(`.activitybar [aria-label^="${container}"]`).first().click({ timeout: patience });
    await title.waitFor({ timeout: patience });
  }

  /** The page inside a panel, once it is there. */
  async panel(title: PanelTitle): Promise<Frame> {
    let found: Frame | undefined;
    await expect
      .poll(
        async () => {
          found = await this.findPanel(title);
          return found !== undefined;
        },
        { timeout: patience, interval: 250, message: `the panel "${title}" appears` },
      )
      .toBe(true);
    if (found === undefined) throw new Error(`There is no panel "${title}".`);
    return found;
  }

  private async findPanel(title: PanelTitle): Promise<Frame | undefined> {
    for (const frame of this.page.frames()) {
      // A frame may go while it is looked at.
      const matches = await frame
        .evaluate(
          (wanted) => document.title === wanted && (document.querySelector('#root')?.childElementCount ?? 0) > 0,
          title,
        )
        .catch(() => false);
      if (matches) return frame;
    }
    return undefined;
  }

  /** The texts of all canvases' pictures in a panel: differs when something that is drawn differs. */
  async picture(title: PanelTitle): Promise<string> {
    const frame = await this.panel(title);
    return frame.evaluate(() =>
      [...document.querySelectorAll('canvas')]
        .filter((canvas) => canvas.checkVisibility() && canvas.width > 0)
        .map((canvas) => canvas.toDataURL())
        .join('\n'),
    );
  }

  /** Waits until what a panel draws has changed so many times. */
  async untilMoves(title: PanelTitle, times: number): Promise<void> {
    const seen = new Set<string>();
    await expect
      .poll(
        async () => {
          seen.add(await this.picture(title));
          return seen.size;
        },
        { timeout: 60_000, interval: 300, message: `"${title}" moves` },
      )
      .toBeGreaterThan(times);
  }

  /** Waits until a panel has drawn what it has to draw, and gives the picture. */
  async settledPicture(title: PanelTitle): Promise<string> {
    let last = '';
    await expect
      .poll(
        async () => {
          const before = last;
          last = await this.picture(title);
          return last !== '' && last === before;
        },
        { timeout: patience, interval: 700, message: `"${title}" comes to rest` },
      )
      .toBe(true);
    return last;
  }

  /** Whether what a panel draws stays as it is for a while. */
  async staysStill(title: PanelTitle, milliseconds: number): Promise<boolean> {
    const before = await this.picture(title);
    await delay(milliseconds);
    return (await this.picture(title)) === before;
  }

  /** Replaces the workspace's settings; VS Code follows the file. */
  async useTheme(workspace: string, theme: keyof typeof themes): Promise<void> {
    mkdirSync(path.join(workspace, '.vscode'), { recursive: true });
    writeFileSync(
      path.join(workspace, '.vscode', 'settings.json'),
      JSON.stringify({ 'workbench.colorTheme': themes[theme].name }),
    );
    await this.page.locator(`.monaco-workbench.${themes[theme].kind}`).waitFor({ timeout: patience });
    // The panels draw anew with the theme's colours.
    await delay(1000);
  }

  /** Waits until words stand in a panel. */
  async says(title: PanelTitle, words: string): Promise<void> {
    await (await this.panel(title)).getByText(words).first().waitFor({ timeout: 60_000 });
  }

  /** Presses a button inside a panel, named by its words. */
  async press(title: PanelTitle, button: string): Promise<void> {
    const frame = await this.panel(title);
    await frame.locator('vscode-button:visible').filter({ hasText: button }).first().click({ timeout: patience });
  }

  /** Saves what the window shows. */
  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: path.join(screenshotsFolder, `${name}.png`) });
  }
}
