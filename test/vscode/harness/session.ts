import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Browser } from 'playwright-core';
import type { Server } from '../../../scripts/vscode/server.mjs';
import { copyOfExamples, startBrowser, startVSCode } from './machine';
import { VSCodeWindow } from './window';

/** A real VS Code on a copy of the examples, for the tests of a suite. */
export interface Session {
  readonly window: VSCodeWindow;
  /** The folder that it has open. */
  readonly folder: string;
}

export interface SessionOptions {
  /** Changes the folder before it is opened. */
  readonly prepare?: (folder: string) => void;
  readonly server?: Parameters<typeof startVSCode>[0];
}

/**
 * Starts VS Code for the suite that calls it and ends it afterwards. Each test goes on from the one before: after a
 * failure, which is photographed, the rest are skipped.
 * @returns What is there once the first test runs.
 */
export function useSession({ prepare, server: settings }: SessionOptions = {}): Session {
  let server: Server;
  let browser: Browser;
  let window: VSCodeWindow;
  let workspace: ReturnType<typeof copyOfExamples>;

  beforeAll(async () => {
    workspace = copyOfExamples();
    prepare?.(workspace.folder);
    [server, browser] = await Promise.all([startVSCode(settings), startBrowser()]);
    window = await VSCodeWindow.open(browser, server.address(workspace.folder));
  });

  afterAll(async () => {
    await browser?.close();
    await server?.stop();
    workspace?.remove();
  });

  let isBroken = false;
  beforeEach(({ skip, onTestFailed, task }) => {
    if (isBroken) skip('a step before it failed');
    onTestFailed(async () => {
      isBroken = true;
      await window.screenshot(`failed-${task.name.replace(/\W+/g, '-')}`);
    });
  });

  return {
    get window() {
      return window;
    },
    get folder() {
      return workspace.folder;
    },
  };
}
