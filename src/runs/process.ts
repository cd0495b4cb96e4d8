import { readFile, stat } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { runFiles } from './record';

/** process.json: which process runs a run. Written by whoever started it, and by a process that goes on with it. */
export interface ProcessRecord {
  readonly processId: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Linux: when the process began, in clock ticks since the machine did; tells it from a later one of the same id. */
  readonly ticks?: string;
}

export const processSchema = z.object({
  processId: z.int().positive(),
  startedAt: z.number(),
  ticks: z.string().optional(),
}) satisfies z.ZodType<ProcessRecord>;

/** How long a new run folder may be without a process before its start counts as failed, in milliseconds. */
const startGrace = 15_000;

/** What tells a process that runs now from all others of this machine. */
export async function processRecord(processId: number): Promise<ProcessRecord> {
  const ticks = (await processStat(processId))?.ticks;
  return { processId, startedAt: Date.now(), ...(ticks !== undefined && { ticks }) };
}

/** Notes the process of a run that was just started. */
export async function writeProcess(runFolder: string, processId: number): Promise<void> {
  const record = await processRecord(processId);
  await writeFileAtomic(join(runFolder, runFiles.process), `${JSON.stringify(record)}\n`);
}

/** The process of a run; undefined where none was noted. */
export async function readProcess(runFolder: string): Promise<ProcessRecord | undefined> {
  try {
    return processSchema.parse(JSON.parse(await readFile(join(runFolder, runFiles.process), 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Whether the process of a run is there. A run folder that was made just now counts: its process is about to start.
 * @param started What the journal says of the process, for a run whose start nobody else noted.
 */
export async function isRunAlive(
  runFolder: string,
  started?: { readonly processId: number; readonly time: number },
): Promise<boolean> {
  const noted = await readProcess(runFolder);
  if (noted !== undefined) return isSameProcess(noted);
  if (started !== undefined) return isSameProcess({ processId: started.processId, startedAt: started.time });
  return stat(join(runFolder, runFiles.record)).then(
    ({ mtimeMs }) => Math.abs(Date.now() - mtimeMs) < startGrace,
    () => false,
  );
}

/** Whether a noted process still is there: its id exists and is not that of another, later process. */
export async function isSameProcess({ processId, startedAt, ticks }: ProcessRecord): Promise<boolean> {
  const machineStarted = Date.now() - uptime() * 1000;
  if (startedAt < machineStarted - 60_000) return false;
  if (!exists(processId)) return false;
  const now = await processStat(processId);
  // Either /proc does not tell, or the process went in this moment.
  if (now === undefined) return exists(processId);
  return now.state !== 'Z' && now.state !== 'X' && (ticks === undefined || now.ticks === ticks);
}

function exists(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** State and beginning of a process where /proc tells them. The name, between parentheses, may hold anything. */
async function processStat(processId: number): Promise<{ readonly state: string; readonly ticks: string } | undefined> {
  try {
    const text = await readFile(`/proc/${processId}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0], ticks: fields[19] };
  } catch {
    return undefined;
  }
}
