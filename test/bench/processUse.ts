import { readFileSync, writeFileSync } from 'node:fs';

/** What a process used between two moments. */
export interface ProcessUse {
  /** Processor time of all its threads, in milliseconds. */
  readonly processor: number;
  /** The most memory that it held at once, in MB. */
  readonly peak: number;
}

/** Milliseconds in the unit in which Linux tells processor time, on all machines that Node runs on. */
const tick = 10;

/**
 * Watches a process of this user from now on.
 * @returns what tells its use since; undefined where the system is not Linux, or the process is gone.
 */
export function watchProcess(pid: number | undefined): () => ProcessUse | undefined {
  const before = orUndefined(() => {
    // Brings the peak down to what is held now.
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
    return processorTime(pid);
  });
  return () => {
    if (before === undefined) return undefined;
    return orUndefined(() => ({ processor: processorTime(pid) - before, peak: peakMemory(pid) }));
  };
}

/** User and system time: the 14th and 15th field, counted behind the name, in which there may be blanks. */
function processorTime(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
  return tick * (Number(fields[11]) + Number(fields[12]));
}

function peakMemory(pid: number | undefined): number {
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1];
  return Number(kilobytes) / 1024;
}

function orUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
