import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../../scripts/project.mjs';
import { canDriveVSCode, copyOfExamples, startBrowser } from './harness/machine';
import { VSCodeWindow } from './harness/window';

/** `npm start` with a copy of an example that would train for long, and all that it prints. */
class Start {
  output = '';
  private readonly child: ChildProcess;
  private readonly exit: Promise<unknown[]>;

  constructor(file: string, ...options: readonly string[]) {
    this.child = spawn(process.execPath, ['scripts/start.mjs', '--example', file, ...options], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.on('data', (chunk) => (this.output += String(chunk)));
    this.child.stderr?.on('data', (chunk) => (this.output += String(chunk)));
    this.exit = once(this.child, 'exit');
  }

  async untilSays(words: RegExp): Promise<RegExpExecArray> {
    let found: RegExpExecArray | null = null;
    await expect
      .poll(() => (found = words.exec(this.output)), { timeout: 60_000, message: `npm start says ${String(words)}` })
      .not.toBeNull();
    if (found === null) throw new Error(this.output);
    return found;
  }

  /** Ends it as Ctrl-C does, and gives its exit code. */
  async interrupt(): Promise<unknown> {
    this.child.kill('SIGINT');
    return (await this.exit)[0];
  }

  kill(): void {
    this.child.kill('SIGTERM');
  }
}

/** Runs of a workspace that have not ended, as the command line lists them. */
async function liveRuns(folder: string): Promise<readonly string[]> {
  const list = spawn(process.execPath, ['dist/cli.js', 'list', '--json', '--runs', path.join(folder, '.mtl', 'runs')], {
    cwd: root,
  });
  let output = '';
  list.stdout.on('data', (chunk) => (output += String(chunk)));
  await once(list, 'close');
  const { runs } = JSON.parse(output) as { readonly runs: readonly { readonly phase: string }[] };
  expect(runs.length).toBeGreaterThan(0);
  return runs.map(({ phase }) => phase).filter((phase) => ['starting', 'running', 'paused'].includes(phase));
}

describe('npm start', () => {
  let workspace: ReturnType<typeof copyOfExamples>;
  let file: string;
  let start: Start | undefined;

  beforeEach(() => {
    workspace = copyOfExamples();
    file = path.join(workspace.folder, 'quick-start.mtl.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/epochs: \d+/, 'epochs: 20000'));
  });

  afterEach(() => {
    start?.kill();
    workspace.remove();
  });

  test('--headless trains in the terminal; Ctrl-C stops the run and leaves nothing behind', async () => {
    start = new Start(file, '--headless');
    await start.untilSays(/epoch 2\/20000/);
    expect(await start.interrupt()).toBe(130);
    expect(start.output).toContain('Run folder: ');
    expect(await liveRuns(workspace.folder)).toEqual([]);
  });

  test('refuses an option and an example that do not exist', async () => {
    start = new Start(file, '--hedless');
    await start.untilSays(/Unknown option --hedless/);
    start = new Start('nothing.mtl.yaml', '--headless');
    await start.untilSays(/There is no experiment file nothing\.mtl\.yaml/);
  });

  test.skipIf(!canDriveVSCode)('opens VS Code, where the example trains in both panels; Ctrl-C ends all', async () => {
    // With a port it is the VS Code in the browser on every machine.
    start = new Start(file, '--no-open', '--port', String(20_000 + (process.pid % 20_000)));
    const [address] = await start.untilSays(/http:\/\/127\.0\.0\.1:\d+\/\?folder=\S+/);
    const browser = await startBrowser();
    try {
      const window = await VSCodeWindow.open(browser, address);
      await window.untilMoves('Loss Curves', 3);
      await window.untilMoves('Task Relatedness', 3);
      await window.screenshot('npm-start');
    } finally {
      await browser.close();
    }
    expect(await start.interrupt()).toBe(0);
    expect(await liveRuns(workspace.folder)).toEqual([]);
    await expect(fetch(address)).rejects.toThrow();
  });
});
