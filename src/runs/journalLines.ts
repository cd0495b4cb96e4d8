import type { RunEvent } from './events';
import { isRightAfter, journalStart, type Place } from './place';

/** Why a journal cannot be read to its end. The events before it are good. */
export interface JournalProblem {
  readonly code: 'journal-damaged' | 'journal-unreadable';
  /** What is wrong, and what to do about it. */
  readonly message: string;
  /** Line of the journal, from 1, where one is meant. */
  readonly line?: number;
}

/**
 * Turns the bytes of a journal, in pieces of any size, into events. Only whole lines count: what follows the last line
 * end waits for more bytes, so a torn last line and a character cut in two do no harm. At a damaged line it stops for
 * good, and `problem` says so.
 */
export class JournalDecoder {
  private rest: Uint8Array[] = [];
  private lines = 0;
  private last: Place = journalStart;
  private damage: JournalProblem | undefined;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true });

  get problem(): JournalProblem | undefined {
    return this.damage;
  }

  /** The events that these bytes complete. */
  push(bytes: Uint8Array): readonly RunEvent[] {
    const events: RunEvent[] = [];
    let start = 0;
    while (this.damage === undefined) {
      const end = bytes.indexOf(lineEnd, start);
      if (end < 0) break;
      const line = this.join(bytes.subarray(start, end));
      start = end + 1;
      this.lines++;
      const event = this.parse(line);
      if (event === undefined) this.damage = damaged(this.lines);
      else events.push(event);
    }
    if (this.damage === undefined && start < bytes.length) this.rest.push(new Uint8Array(bytes.subarray(start)));
    return events;
  }

  private join(end: Uint8Array): Uint8Array {
    if (this.rest.length === 0) return end;
    const whole = Buffer.concat([...this.rest, end]);
    this.rest = [];
    return whole;
  }

  private parse(line: Uint8Array): RunEvent | undefined {
    try {
      const value: unknown = JSON.parse(this.decoder.decode(line));
      if (!isEvent(value) || !isRightAfter(value, this.last)) return undefined;
      this.last = value;
      return value;
    } catch {
      return undefined;
    }
  }
}

const lineEnd = 0x0a;

/**
 * One line of the journal, with its line end. Numbers that are not finite become null in lists; elsewhere they are left
 * out. Figures keep nine significant digits, as many as a 32-bit number has, and those of matrices six.
 */
export function encodeEvent(event: RunEvent): string {
  return JSON.stringify(event, function (this: unknown, key: string, value: unknown) {
    if (key === 'values' && Array.isArray(value)) return value.map((row: unknown) => roundRow(row));
    if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
    if (Number.isFinite(value)) return Number(value.toPrecision(9));
    return Array.isArray(this) ? null : undefined;
  }).concat('\n');
}

function roundRow(row: unknown): unknown {
  if (!Array.isArray(row)) return row;
  return row.map((value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value));
}

function isEvent(value: unknown): value is RunEvent {
  if (typeof value !== 'object' || value === null) return false;
  const { type, sequence, mark, time } = value as Partial<Record<string, unknown>>;
  const isPlace = Number.isSafeInteger(sequence) && (mark === undefined || Number.isSafeInteger(mark));
  return typeof type === 'string' && isPlace && typeof time === 'number';
}

function damaged(line: number): JournalProblem {
  return {
    code: 'journal-damaged',
    line,
    message: `Line ${line} of the journal is damaged. What comes before it is shown; the rest cannot be read. Run the experiment again to get a whole journal.`,
  };
}
