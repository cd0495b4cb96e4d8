import { RunFolderError } from '../runs/errors';
import { runFolder, type RunOutcome } from './run';

/** Exit codes of a run's process, as the command line passes them on. */
const exitCodes: Readonly<Record<RunOutcome, number>> = { finished: 0, failed: 1, refused: 2, stopped: 130 };

/** `node train.js <run folder> [--resume]`: trains one run, or goes on with it. What it prints goes into the run's process.log. */
async function main([folder, ...words]: readonly string[]): Promise<number> {
  if (folder === undefined) {
    console.error('Give the run folder: node train.js <run folder>. A run is started with: mtl run FILE');
    return 1;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  try {
    return exitCodes[await runFolder(folder, stop.signal, words.includes('--resume'))];
  } catch (error) {
    console.error(error instanceof RunFolderError ? `${error.message} ${error.remedy}` : error);
    return 1;
  }
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
