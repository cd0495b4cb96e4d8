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
