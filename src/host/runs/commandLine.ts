import { spawn } from 'node:child_process';
import type { StartEnd } from './start';

/**
 * Runs the bundled command line to its end.
 * @returns Its exit code, and what it said on standard error; code 1 where it does not start.
 */
export function runCommandLine(cliScript: string, words: readonly string[], cwd: string): Promise<StartEnd> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [cliScript, ...words], {
      cwd,
      windowsHide: true,
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    child.once('error', (error) => resolve({ code: 1, said: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, said: said.trim() }));
  });
}
