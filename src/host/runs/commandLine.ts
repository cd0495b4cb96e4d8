import { spawn } from 'node:child_process';
import type { StartEnd } from './start';

/** How the command line ended, and what it printed. */
export interface CommandLineEnd extends StartEnd {
  readonly printed: string;
}

/**
 * Runs the bundled command line to its end.
 * @returns Its exit code, what it printed, and what it said on standard error; code 1 where it does not start.
 */
export function runCommandLine(cliScript: string, words: readonly string[], cwd: string): Promise<CommandLineEnd> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [cliScript, ...words], {
      cwd,
      windowsHide: true,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [printed, said] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.once('error', (error) => resolve({ code: 1, printed, said: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, printed, said: said.trim() }));
  });
}
