import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode, systemReason } from '../../runs/errors';
import type { RunEvent, RunEventBody } from '../../runs/events';
import { encodeEvent } from '../../runs/journalLines';
import { readJournal } from '../../runs/journalReader';
import { runFiles } from '../../runs/record';
import { ensureFolder } from '../../runs/store';
import { OutputError } from '../errors';
import { createEventFiles, type EventFiles } from './eventFiles';

/**
 * Writes what the journal of a run says so far as event files for TensorBoard.
 * @throws OutputError where they cannot be written.
 */
export async function exportTensorBoard(runFolder: string, folder: string): Promise<void> {
  try {
    await ensureFolder(dirname(folder));
    (await replay(runFolder, folder)).close();
  } catch (error) {
    throw notWritten(folder, error);
  }
}

/** Event files that grow with the journal of a run. */
export interface LiveTensorBoard {
  /** To be called with every event that is appended to the journal. Gives what a person should know, once. */
  write(body: RunEventBody): string | undefined;
  close(): void;
}

/** Begins with what the journal holds already, which is something where a run is resumed. */
export async function openLiveTensorBoard(runFolder: string): Promise<LiveTensorBoard> {
  const folder = join(runFolder, runFiles.tensorboard);
  let files: EventFiles | undefined;
  const attempt = (work: () => void): string | undefined => {
    try {
      work();
      return undefined;
    } catch (error) {
      files?.close();
      files = undefined;
      return `${notWritten(folder, error).message} Training goes on without them.`;
    }
  };
  let problem: string | undefined;
  try {
    files = await replay(runFolder, folder);
  } catch (error) {
    problem = `${notWritten(folder, error).message} Training goes on without them.`;
  }
  return {
    write(body) {
      const told = problem;
      problem = undefined;
      return told ?? attempt(() => files?.write(asJournalled(body)));
    },
    close: () => void attempt(() => files?.close()),
  };
}

/** An event as the journal has it, whose numbers are rounded; the journal gives it its time in the same moment. */
function asJournalled(body: RunEventBody): RunEvent {
  return JSON.parse(encodeEvent({ ...body, sequence: 0, time: Date.now() })) as RunEvent;
}

async function replay(runFolder: string, folder: string): Promise<EventFiles> {
  const text = await readFile(join(runFolder, runFiles.experiment), 'utf8');
  const { events } = await readJournal(runFolder);
  const files = createEventFiles(folder, text);
  for (const event of events) files.write(event);
  return files;
}

function notWritten(folder: string, error: unknown): OutputError {
  if (systemCode(error) === '') throw error;
  const message = `The event files for TensorBoard cannot be written (${systemReason(error)}): ${folder}.`;
  return new OutputError('not-writable', message, 'Free some space or name another folder.', { cause: error });
}
