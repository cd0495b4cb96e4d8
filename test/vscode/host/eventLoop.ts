import { Worker } from 'node:worker_threads';

/** How long the event loop was held, in milliseconds. */
export interface Block {
  readonly milliseconds: number;
  /** When it ended, milliseconds since the watch began. */
  readonly at: number;
}

const interval = 5;

/** Ticks as the main thread does, and keeps the longest time between two ticks in thousandths of a millisecond. */
const workerCode = `
  const { workerData } = require('node:worker_threads');
  const longest = new Int32Array(workerData);
  const pause = new Int32Array(new SharedArrayBuffer(4));
  let last = performance.now();
  for (;;) {
    Atomics.wait(pause, 0, 0, ${String(interval)});
    const now = performance.now();
    const gap = Math.round((now - last) * 1000);
    last = now;
    if (gap > Atomics.load(longest, 0)) Atomics.store(longest, 0, gap);
  }
`;

/**
 * Watches the event loop of this thread. A busy machine may keep a whole process waiting, which is no fault of its code;
 * so a second thread ticks beside it, and only what held this thread while the other went on counts as a block.
 * @param limit blocks that are longer, in milliseconds, are told
 * @returns a function that ends the watch
 */
export function watchEventLoop(
  limit: number,
): () => Promise<{ readonly blocks: readonly Block[]; readonly ticks: number }> {
  const shared = new SharedArrayBuffer(4);
  const longest = new Int32Array(shared);
  const worker = new Worker(workerCode, { eval: true, workerData: shared });
  const blocks: Block[] = [];
  const began = performance.now();
  let last = began;
  let ticks = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    const gap = now - last;
    last = now;
    ticks++;
    const others = Atomics.exchange(longest, 0, 0) / 1000;
    if (gap - others > limit) blocks.push({ milliseconds: Math.round(gap), at: Math.round(now - began) });
  }, interval);
  return async () => {
    clearInterval(timer);
    await worker.terminate();
    return { blocks, ticks };
  };
}
