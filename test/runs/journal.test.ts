import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RunFolderError } from '../../src/runs/errors';
import type { RunEvent, RunEventBody } from '../../src/runs/events';
import { journalAt, openJournal, resumeJournal } from '../../src/runs/journal';
import { encodeEvent, JournalDecoder } from '../../src/runs/journalLines';
import { readJournal } from '../../src/runs/journalReader';
import { endingOf, epochBody, finishedBody, journalOf, startedBody, stepBody } from './fixtures/events';
import { temporaryFolder } from './fixtures/folders';

const whole = journalOf([
  startedBody(['<script>', 'Schüler 😀', '__proto__', 'x'.repeat(500)]),
  stepBody(1, [null, 0.5]),
  { type: 'warning', message: 'line one\nline two \u2028 ü 漢字' },
  epochBody(1, 0.5),
  finishedBody(),
]);
const bytes = Buffer.from(whole.map(encodeEvent).join(''), 'utf8');

describe('writing', () => {
  test('every event is one line with sequence and time', async () => {
    const folder = temporaryFolder();
    const before = Date.now();
    const journal = openJournal(folder);
    journal.append(startedBody());
    journal.append(stepBody(1));
    expect(readFileSync(join(folder, 'events.jsonl'), 'utf8').endsWith('}\n')).toBe(true);
    journal.append({ type: 'stopped', ...endingOf() });
    await journal.close();
    await journal.close();
    const { events, problem } = await readJournal(folder);
    expect(problem).toBeUndefined();
    expect(events.map(({ type, sequence }) => [type, sequence])).toEqual([
      ['started', 0],
      ['step', 1],
      ['stopped', 2],
    ]);
    expect(events.every(({ time }) => time >= before && time <= Date.now())).toBe(true);
  });

  test('what befalls the process is marked and does not shift the numbers of the rest', async () => {
    const folder = temporaryFolder();
    const journal = openJournal(folder);
    const bodies: readonly RunEventBody[] = [
      startedBody(),
      stepBody(1),
      { type: 'checkpoint', step: 1, epoch: 1 },
      { type: 'paused', step: 1 },
      { type: 'resumed', step: 1 },
      stepBody(2),
    ];
    for (const body of bodies) journal.append(body);
    await journal.close();
    const { events, problem } = await readJournal(folder);
    expect(problem).toBeUndefined();
    expect(events.map(({ sequence, mark }) => [sequence, mark])).toEqual([
      [0, undefined],
      [1, undefined],
      [1, 1],
      [1, 2],
      [1, 3],
      [2, undefined],
    ]);
  });

  test('goes on from a position as if nothing had come after it, where what is before it is whole', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'events.jsonl');
    const first = openJournal(folder);
    first.append(startedBody());
    first.append({ type: 'checkpoint', step: 0, epoch: 1 });
    const position = first.sync();
    first.append(stepBody(1));
    await first.close();
    expect(journalAt(folder, position)).toBe('whole');
    const again = resumeJournal(folder, position);
    again.append({ type: 'resumed', step: 0 });
    again.append(stepBody(1));
    const later = again.sync();
    await again.close();
    expect(journalAt(folder, later)).toBe('whole');
    const { events, problem } = await readJournal(folder);
    expect(problem).toBeUndefined();
    expect(events.map(({ type, sequence, mark = 0 }) => [type, sequence, mark])).toEqual([
      ['started', 0, 0],
      ['checkpoint', 0, 1],
      ['resumed', 0, 2],
      ['step', 1, 0],
    ]);
    const bytes = readFileSync(path);
    bytes[position.bytes - 5] ^= 1;
    writeFileSync(path, bytes);
    expect([journalAt(folder, position), journalAt(folder, later)]).toEqual(['damaged', 'damaged']);
    writeFileSync(path, bytes.subarray(0, position.bytes - 1));
    expect(journalAt(folder, position)).toBe('cut');
  });

  test('numbers that are not finite become null in lists and are left out elsewhere', async () => {
    const folder = temporaryFolder();
    const journal = openJournal(folder);
    journal.append({ ...stepBody(1), losses: [Number.NaN, 1, Number.POSITIVE_INFINITY] });
    journal.append({ ...epochBody(1, 0.5), metrics: [{ validation: { loss: 1, r2: Number.NEGATIVE_INFINITY } }] });
    await journal.close();
    expect(readFileSync(join(folder, 'events.jsonl'), 'utf8')).not.toMatch(/NaN|Infinity/);
    const { events } = await readJournal(folder);
    expect(events[0]).toMatchObject({ losses: [null, 1, null] });
    expect(events[1]).toMatchObject({ metrics: [{ validation: { loss: 1 } }] });
    expect(events[1]).not.toHaveProperty('metrics.0.validation.r2');
  });

  test('figures keep nine digits and matrices six', () => {
    const event: RunEvent = { ...finishedBody(1 / 3), sequence: 0, time: 1 };
    const third = { ...event, relatedness: [{ ...event.relatedness[0], values: [[1 / 3]] }] } as const;
    expect(JSON.parse(encodeEvent(third))).toMatchObject({
      metrics: [{ validation: { r2: 0.333333333 } }, {}],
      relatedness: [{ values: [[0.333333]] }],
    });
  });

  test('a second journal in the same folder is refused', async () => {
    const folder = temporaryFolder();
    const journal = openJournal(folder);
    expect(() => openJournal(folder)).toThrow(expect.objectContaining({ code: 'already-run' }));
    await journal.close();
  });

  test('a folder that cannot be written gives a RunFolderError with a remedy', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    let caught: unknown;
    try {
      openJournal(join(folder, 'file'));
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(RunFolderError);
    expect(caught).toMatchObject({
      code: 'not-writable',
      path: join(folder, 'file', 'events.jsonl'),
      remedy: expect.stringContaining('another folder') as string,
    });
  });

  test('a full disk is told, and the journal still ends with a whole line', async ({ skip }) => {
    const folder = temporaryFolder();
    const small = join(folder, 'small');
    mkdirSync(small);
    const { execFileSync } = await import('node:child_process');
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', small], { stdio: 'ignore' });
    } catch {
      skip('mounting a small file system is not allowed here');
    }
    try {
      const journal = openJournal(small);
      const fill = () => {
        for (let step = 1; ; step++) journal.append(stepBody(step));
      };
      expect(fill).toThrow(
        expect.objectContaining({ code: 'not-writable', message: expect.stringContaining('full') as string }),
      );
      await journal.close();
      expect((await readJournal(small)).problem).toBeUndefined();
      expect(readFileSync(join(small, 'events.jsonl'), 'utf8').endsWith('}\n')).toBe(true);
    } finally {
      execFileSync('umount', [small]);
    }
  });
});

describe('reading', () => {
  test('any cut of a journal reads as a prefix of it, without a problem', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length }), (cut) => {
        const decoder = new JournalDecoder();
        const events = decoder.push(bytes.subarray(0, cut));
        expect(decoder.problem).toBeUndefined();
        expect(events).toEqual(whole.slice(0, events.length));
      }),
      { numRuns: 300 },
    );
  });

  test('a journal read in pieces of any size is the journal', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }), (sizes) => {
        const decoder = new JournalDecoder();
        const events: RunEvent[] = [];
        for (let offset = 0, piece = 0; offset < bytes.length; piece++) {
          const size = sizes[piece % sizes.length];
          events.push(...decoder.push(bytes.subarray(offset, offset + size)));
          offset += size;
        }
        expect(events).toEqual(whole);
      }),
    );
  });

  test('a flipped bit never gives more than a prefix and never an exception', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (position, bit) => {
        const damaged = Buffer.from(bytes);
        damaged[position] ^= 1 << bit;
        const decoder = new JournalDecoder();
        const before = bytes.subarray(0, position).filter((byte) => byte === 0x0a).length;
        expect(decoder.push(damaged).slice(0, before)).toEqual(whole.slice(0, before));
      }),
    );
  });

  test.each([
    ['text', 'what is this\n'],
    ['half a line with a line end', '{"type":"step","seq\n'],
    ['an empty line', '\n'],
    ['no event', '{"some":"thing"}\n'],
    ['a gap in the sequence', '{"type":"warning","message":"","sequence":3,"time":1}\n'],
    ['a gap in the marks', '{"type":"resumed","step":1,"sequence":1,"mark":2,"time":1}\n'],
    ['a mark without its event', '{"type":"resumed","step":1,"sequence":2,"mark":1,"time":1}\n'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22, 0x0a])],
  ])('stops at a damaged line: %s', async (_, line) => {
    const folder = temporaryFolder();
    const file = join(folder, 'events.jsonl');
    writeFileSync(file, whole.slice(0, 2).map(encodeEvent).join(''));
    appendFileSync(file, line);
    appendFileSync(file, encodeEvent({ ...whole[2], sequence: 2 }));
    const { events, problem } = await readJournal(folder);
    expect(events).toEqual(whole.slice(0, 2));
    expect(problem).toMatchObject({ code: 'journal-damaged', line: 3 });
  });

  test('a journal that does not exist yet has no events', async () => {
    expect(await readJournal(join(temporaryFolder(), 'none'))).toEqual({ events: [] });
  });

  test('lines longer than a chunk are read', async () => {
    const folder = temporaryFolder();
    const long = journalOf([{ type: 'warning', message: '漢'.repeat(300_000) }, stepBody(1)]);
    writeFileSync(join(folder, 'events.jsonl'), long.map(encodeEvent).join(''));
    expect(await readJournal(folder)).toEqual({ events: long });
  });
});
