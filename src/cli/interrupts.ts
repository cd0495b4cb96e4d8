const signals = ['SIGINT', 'SIGTERM'] as const;

/**
 * Takes Ctrl-C, and a polite request to end, until the returned function is called.
 * @param onInterrupt How many there have been, from 1.
 */
export function takeInterrupts(onInterrupt: (times: number) => void): () => void {
  let times = 0;
  const listener = () => onInterrupt(++times);
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}

/** What a person at the terminal wants of runs that go on. */
export interface Wishes {
  /** Aborted by the first Ctrl-C, and by the second. */
  readonly stop: AbortSignal;
  readonly kill: AbortSignal;
}

/**
 * Does work that the first Ctrl-C asks to stop and the second ends at once.
 * @param onStop Told of the first.
 */
export async function interruptible<Result>(
  onStop: () => void,
  work: (wishes: Wishes) => Promise<Result>,
): Promise<Result> {
  const [stop, kill] = [new AbortController(), new AbortController()];
  const release = takeInterrupts((times) => {
    if (times > 1) return kill.abort();
    onStop();
    stop.abort();
  });
  try {
    return await work({ stop: stop.signal, kill: kill.signal });
  } finally {
    release();
  }
}
