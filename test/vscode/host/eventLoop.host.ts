import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { watchEventLoop } from './eventLoop';

describe('the watch of the event loop', () => {
  it('tells of a thread that computes, and of one that waits', async () => {
    const end = watchEventLoop(50);
    await delay(500);
    const computing = performance.now() + 120;
    while (performance.now() < computing);
    await delay(500);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 120);
    await delay(500);
    const { blocks } = await end();
    assert.equal(blocks.length, 2, JSON.stringify(blocks));
  });
});
