import { spawn } from 'node:child_process';
import path from 'node:path';
import { cancelled } from './errors';

/** How a tool ended. A tool that is not there at all has not ended but is `missing`. */
export type ToolEnd =
  | { readonly kind: 'ended'; readonly code: number; readonly stdout: string; readonly output: string }
  | { readonly kind: 'missing' };

export interface ToolOptions {
  readonly folder?: string;
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** After so many milliseconds the tool is ended. */
  readonly limit?: number;
}

/** Kept of what a tool prints, so that one that never ends its talk costs no memory. */
const keptCharacters = 1_000_000;

/**
 * Runs a tool to its end. It leads a process group, so that what it has started ends with it.
 * @throws EngineError `engine/cancelled` when the signal says so.
 */
export async function runTool(
  command: string,
  parameters: readonly string[],
  options: ToolOptions = {},
): Promise<ToolEnd> {
  const { folder, environment = process.env, signal, limit } = options;
  if (signal?.aborted) throw cancelled();
  const grouped = process.platform !== 'win32';
  const child = spawn(command, [...parameters], {
    cwd: folder,
    env: environment,
    detached: grouped,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Of npm there is only a batch file.
    shell: !grouped && !path.isAbsolute(command),
  });
  const end = () => {
    try {
      if (grouped && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      else child.kill('SIGKILL');
    } catch {
      // It has ended by itself.
    }
  };
  let stdout = '';
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout = (stdout + chunk.toString()).slice(-keptCharacters);
    output = (output + chunk.toString()).slice(-keptCharacters);
  });
  child.stderr.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-keptCharacters)));
  signal?.addEventListener('abort', end);
  const timer = limit === undefined ? undefined : setTimeout(end, limit);
  try {
    const result = await new Promise<ToolEnd>((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ENOENT' ? resolve({ kind: 'missing' }) : reject(error),
      );
      child.once('close', (code) => resolve({ kind: 'ended', code: code ?? 1, stdout, output }));
    });
    if (signal?.aborted) throw cancelled();
    return result;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

/** The last lines of what a tool printed, as the part of a message. */
export function lastLines(output: string, count = 6): string {
  return output.trim().split('\n').slice(-count).join('\n');
}
