import type { RelatednessValues } from '../../src/relatedness';
import { script } from 'worker:./groupingWorker';
import type { GroupingAnswer, GroupingRequest } from './groupingWorker';

/** Groups, or what became of the search for them; undefined while they are looked for. */
export type FoundGroups = GroupingAnswer | undefined;

/**
 * Looks for groups in a worker, one request after the other; of several that wait only the last is looked at.
 * @param changed Called when there is an answer.
 */
export function createGroupFinder(changed: () => void) {
  const known = new WeakMap<RelatednessValues, Map<string, GroupingAnswer>>();
  let worker: Worker | undefined;
  let busy: GroupingRequest | undefined;
  let waiting: GroupingRequest | undefined;

  function keep(request: GroupingRequest, answer: GroupingAnswer): void {
    const answers = known.get(request.values) ?? new Map<string, GroupingAnswer>();
    answers.set(keyOf(request), answer);
    known.set(request.values, answers);
    busy = undefined;
    const next = waiting;
    waiting = undefined;
    if (next !== undefined) void ask(next);
    changed();
  }

  async function ask(request: GroupingRequest): Promise<void> {
    busy = request;
    try {
      worker ??= startWorker();
      keep(request, await answerOf(worker, request));
    } catch (error) {
      worker?.terminate();
      worker = undefined;
      keep(request, { failure: error instanceof Error ? error.message : String(error) });
    }
  }

  return {
    find(request: GroupingRequest): FoundGroups {
      const answer = known.get(request.values)?.get(keyOf(request));
      if (answer !== undefined) return answer;
      if (busy === undefined) void ask(request);
      else if (!isSame(busy, request)) waiting = request;
      return undefined;
    },
  };
}

function keyOf({ higherIsCloser, options }: GroupingRequest): string {
  return JSON.stringify([higherIsCloser, options]);
}

function isSame(one: GroupingRequest, other: GroupingRequest): boolean {
  return one.values === other.values && keyOf(one) === keyOf(other);
}

function startWorker(): Worker {
  const address = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new Worker(address);
  URL.revokeObjectURL(address);
  return worker;
}

function answerOf(worker: Worker, request: GroupingRequest): Promise<GroupingAnswer> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<GroupingAnswer>) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message || 'The search ended early.'));
    worker.postMessage(request);
  });
}
