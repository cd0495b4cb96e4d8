import { on } from 'node:events';
import type { WorkerAnswer, WorkerOrder } from '../runs/workers';

/**
 * Trains the runs that this process is given by the one that started it, one after the other.
 * @param train Brings a run to an end that its journal tells, and gives an exit code.
 * @param stop Aborted when the other lets go of this process or is gone: what trains then stops, with a checkpoint.
 * @returns When there is nothing more to do: the exit code of the run that was stopped so, or 0.
 * @throws what `train` throws: this process must then end, or the run would seem to go on.
 */
export async function work(train: (order: WorkerOrder) => Promise<number>, stop: AbortController): Promise<number> {
  process.once('disconnect', () => stop.abort());
  try {
    for await (const [order] of on(process, 'message', { signal: stop.signal }) as AsyncIterable<[WorkerOrder]>) {
      const answer: WorkerAnswer = { exitCode: await train(order) };
      if (!process.connected) return answer.exitCode;
      process.send?.(answer);
    }
    return 0;
  } catch (error) {
    // So it ends waiting for the next order.
    if (!(stop.signal.aborted && error instanceof Error && error.name === 'AbortError')) throw error;
    return 0;
  } finally {
    if (process.connected) process.disconnect();
  }
}
