import { appendFileSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/runs/events';
import { encodeEvent, type JournalProblem } from '../../src/runs/journalLines';
import { followJournal } from '../../src/runs/journalReader';
import { epochBody, finishedBody, journalOf, startedBody, stepBody } from './fixtures/events';
import { temporaryFolder } from './fixtures/folders';

const whole = journalOf([startedBody(['日本語 😀', 'b']), stepBody(1), epochBody(1, 0.5), finishedBody()]);
const lines = whole.map(encodeEvent);

/** Follows a folder and keeps what came. */
function follow(folder: string, pollMilliseconds = 20) {
  const end = new AbortController();
  const seen: RunEvent[] = [];
  const batches: { size: number; restarted: boolean }[] = [];
  const done: Promise<JournalProblem | undefined> = followJournal(
    folder,
    (events, restarted) => {
      if (restarted) seen.length = 0;
      seen.push(...events);
      batches.push({ size: events.length, restarted });
    },
    { signal: end.signal, pollMilliseconds, batchMilliseconds: 10 },
  );
  return { seen, batches, done, end };
}

async function until(condition: () => boolean): Promise<void> {
  for (let look = 0; look < 500 && !condition(); look++) await delay(10);
  expect(condition()).toBe(true);
}

describe('following a journal', () => {
  test('waits for the folder and the file, takes cut characters, ends with the run', async () => {
    const folder = join(temporaryFolder(), 'later');
    const { seen, done } = follow(folder);
    await delay(50);
    mkdirSync(folder);
    const bytes = Buffer.from(lines.join(''), 'utf8');
    for (let offset = 0; offset < bytes.length; offset += 97) {
      appendFileSync(join(folder, 'events.jsonl'), bytes.subarray(offset, offset + 97));
      if (offset % 5 === 0) await delay(2);
    }
    expect(await done).toBeUndefined();
    expect(seen).toEqual(whole);
  });

  test('hears of changes without waiting for the poll', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'events.jsonl'), lines[0]);
    const { seen, done } = follow(folder, 30_000);
    await until(() => seen.length === 1);
    appendFileSync(join(folder, 'events.jsonl'), lines.slice(1).join(''));
    await done;
    expect(seen).toEqual(whole);
  });

  test('events come in batches, and the event loop is never held for long', async () => {
    const folder = temporaryFolder();
    const many = journalOf([
      startedBody(),
      ...Array.from({ length: 50_000 }, (_, step) => stepBody(step + 1)),
      finishedBody(),
    ]);
    writeFileSync(join(folder, 'events.jsonl'), many.map(encodeEvent).join(''));
    let last = performance.now();
    let longest = 0;
    const clock = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 1);
    const { seen, batches, done } = follow(folder);
    await done;
    clearInterval(clock);
    expect(seen.length).toBe(many.length);
    expect(batches.length).toBeLessThan(200);
    expect(longest).toBeLessThan(250);
  });

  test('begins anew when the file becomes shorter or is another', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'events.jsonl');
    writeFileSync(file, lines.slice(0, 3).join(''));
    const { seen, batches, done } = follow(folder);
    await until(() => seen.length === 3);
    truncateSync(file, Buffer.byteLength(lines[0]));
    await until(() => batches.some(({ restarted }) => restarted) && seen.length === 1);
    rmSync(file);
    await delay(60);
    writeFileSync(file, lines.join(''));
    await done;
    expect(seen).toEqual(whole);
  });

  test('stops at damage and says so', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'events.jsonl'), `${lines[0]}rubbish\n${lines[1]}`);
    const { seen, done } = follow(folder);
    expect(await done).toMatchObject({ code: 'journal-damaged', line: 2 });
    expect(seen).toEqual([whole[0]]);
  });

  test('ends when told to, waiting or not', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'events.jsonl'), lines[0]);
    const { seen, done, end } = follow(folder, 30_000);
    await until(() => seen.length === 1);
    end.abort();
    expect(await done).toBeUndefined();
  });
});
