import { existsSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** How long the event loop was held, in milliseconds. */
export interface Block {
  readonly milliseconds: number;
  /** When it ended, milliseconds since the watch began. */
  readonly at: number;
}

const interval = 5;

/** The two cells that the threads share: the second one's longest pause since it was asked, and when it ticked last. */
const longestCell = 0;
const lastTickCell = 1;

/** Ticks as the main thread does. Times are those of the system's clock, which both threads share. */
const workerCode = `
  const { workerData } = require('node:worker_threads');
  const cells = new Float64Array(workerData);
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    Atomics.wait(pause, 0, 0, ${String(interval)});
    const now = performance.timeOrigin + performance.now();
    if (cells[${String(lastTickCell)}] > 0) {
      cells[${String(longestCell)}] = Math.max(cells[${String(longestCell)}], now - cells[${String(lastTickCell)}]);
    }
    cells[${String(lastTickCell)}] = now;
  }
`;

/** What Linux keeps of this process's first thread: nanoseconds that it ran, and that it was ready but had no core. */
const schedule = `/proc/${String(process.pid)}/schedstat`;
const hasSchedule = existsSync(schedule);

/** Milliseconds so far that this thread was ready to run and the machine had no core for it; 0 where that is not known. */
function waitedForCore(): number {
  return hasSchedule ? Number(readFileSync(schedule, 'utf8').split(' ')[1]) / 1e6 : 0;
}

/**
 * Watches the event loop of this thread. A busy machine may keep a thread or a whole process waiting, which is no fault
 * of its code: time without a core does not count, nor does what held a second thread, which ticks beside it, as well.
 * @param limit blocks that are longer, in milliseconds, are told
 * @returns a function that ends the watch
 */
export function watchEventLoop(
  limit: number,
): () => Promise<{ readonly blocks: readonly Block[]; readonly ticks: number }> {
  const shared = new SharedArrayBuffer(16);
  const cells = new Float64Array(shared);
  const worker = new Worker(workerCode, { eval: true, workerData: shared });
  const blocks: Block[] = [];
  const clock = (): number => performance.timeOrigin + performance.now();
  const began = clock();
  let last = began;
  let lastWaited = waitedForCore();
  let ticks = 0;
  const timer = setInterval(() => {
    const now = clock();
    const gap = now - last;
    last = now;
    ticks++;
    const waited = waitedForCore();
    const held = gap - (waited - lastWaited);
    lastWaited = waited;
    // Both its longest pause that is over and the one that it may be in now.
    const others = Math.max(cells[longestCell], now - cells[lastTickCell]);
    cells[longestCell] = 0;
    if (held > limit && others < gap / 2) blocks.push({ milliseconds: Math.round(held), at: Math.round(now - began) });
  }, interval);
  return async () => {
    clearInterval(timer);
    await worker.terminate();
    return { blocks, ticks };
  };
}
