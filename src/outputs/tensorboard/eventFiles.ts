import { closeSync, existsSync, mkdirSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { MessageWriter } from '../../program';
import type { RunEvent } from '../../runs/events';
import { tfRecord } from './records';
import { scalarsOf, type Scalar, type Series } from './scalars';

const series = ['', 'train', 'validation', 'test'] as const satisfies readonly Series[];
/** How TensorBoard knows an event file, and how we know our own. */
const fileName = /^events\.out\.tfevents\.\d+\.mtl$/;

/** Writes event files of a run, one in each series' folder, as its journal goes on. */
export interface EventFiles {
  /** Events in their order, the first being `started`. */
  write(event: RunEvent): void;
  close(): void;
}

/**
 * Starts the event files of a run anew in a folder; those of an earlier time are removed.
 * @param folder Made where it does not exist, but not those above it.
 * @param experimentText Shown as text beside the curves.
 * @throws Error of the system where they cannot be written.
 */
export function createEventFiles(folder: string, experimentText: string): EventFiles {
  for (const name of series) removeOld(join(folder, name));
  const open = new Map<Series, number>();
  makeFolder(folder);
  let tasks: readonly string[] = [];
  const append = (name: Series, time: number, event: Uint8Array) => {
    let file = open.get(name);
    if (file === undefined) {
      makeFolder(join(folder, name));
      file = openSync(join(folder, name, `events.out.tfevents.${Math.floor(time / 1000)}.mtl`), 'w');
      open.set(name, file);
      writeWhole(file, tfRecord(encodeVersion(time)));
    }
    writeWhole(file, tfRecord(event));
  };
  return {
    write(event) {
      if (event.type === 'started') {
        tasks = event.tasks.map(({ name }) => name);
        append('', event.time, encodeText(event.time, 'experiment', fenced(experimentText)));
      }
      const step = 'step' in event ? (event.step ?? 0) : 0;
      const scalars = scalarsOf(event, tasks);
      for (const name of series) {
        const own = scalars.filter((scalar) => scalar.series === name);
        if (own.length > 0) append(name, event.time, encodeScalars(event.time, step, own));
      }
    },
    close() {
      for (const file of open.values()) closeSync(file);
      open.clear();
    },
  };
}

/** Not with the folders above it: that of a run which was deleted does not come back. */
function makeFolder(folder: string): void {
  if (!existsSync(folder)) mkdirSync(folder);
}

function removeOld(folder: string): void {
  let names: readonly string[] = [];
  try {
    names = readdirSync(folder);
  } catch {
    // There is none.
  }
  for (const name of names) if (fileName.test(name)) rmSync(join(folder, name));
}

function writeWhole(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
}

/** YAML as a code block of Markdown, whose fence is longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}yaml\n${text}\n${fence}`;
}

/** The field numbers are those of event.proto, summary.proto and tensor.proto of TensorFlow. Times in milliseconds. */
function encodeVersion(time: number): Uint8Array {
  return new MessageWriter()
    .double(1, time / 1000)
    .string(3, 'brain.Event:2')
    .finish();
}

function encodeScalars(time: number, step: number, scalars: readonly Scalar[]): Uint8Array {
  return new MessageWriter()
    .double(1, time / 1000)
    .int(2, step)
    .message(5, (summary) => {
      for (const { tag, value } of scalars) summary.message(1, (entry) => entry.string(1, tag).float(2, value));
    })
    .finish();
}

function encodeText(time: number, tag: string, text: string): Uint8Array {
  const stringType = 7;
  return new MessageWriter()
    .double(1, time / 1000)
    .message(5, (summary) =>
      summary.message(1, (entry) =>
        entry
          .string(1, tag)
          .message(8, (tensor) =>
            tensor
              .int(1, stringType)
              .message(2, () => undefined)
              .string(8, text),
          )
          .message(9, (metadata) => metadata.message(1, (plugin) => plugin.string(1, 'text'))),
      ),
    )
    .finish();
}
