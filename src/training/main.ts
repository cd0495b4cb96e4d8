import { engineChoices } from '../experiment/engine';
import { ExperimentError } from '../experiment/problem';
import { RunFolderError } from '../runs/errors';
import { missingEngineExit, type ResumeEngine } from '../runs/resume';
import { workerWord } from '../runs/workers';
import { TrainingError } from './errors';
import { runFolder, type RunOutcome } from './run';
import { work } from './worker';

/** Exit codes of a run's process, as the command line passes them on. */
const exitCodes: Readonly<Record<RunOutcome, number>> = { finished: 0, failed: 1, refused: 2, stopped: 130 };

/**
 * `node train.js <run folder> [--resume [engine]]`: trains one run, or goes on with it. What it prints goes into the run's
 * process.log. `node train.js --worker <log>`: trains the runs that it is told of by messages, one after the other.
 */
async function main([first, ...words]: readonly string[]): Promise<number> {
  if (first === undefined) {
    console.error('Give the run folder: node train.js <run folder>. A run is started with: mtl run FILE');
    return 1;
  }
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort());
  try {
    if (first !== workerWord) return exitCodes[await runFolder(first, stop.signal, resumeEngine(words))];
    const [log] = words;
    return await work(async (order) => {
      return exitCodes[await runFolder(order.folder, stop.signal, resumeEngine(order.words), { log })];
    }, stop);
  } catch (error) {
    console.error(wordsOf(error));
    if (error instanceof TrainingError && error.code === 'engine-not-available') return missingEngineExit;
    return error instanceof ExperimentError ? exitCodes.refused : exitCodes.failed;
  }
}

function resumeEngine([option, engine]: readonly string[]): ResumeEngine | undefined {
  if (option !== '--resume') return undefined;
  return engineChoices.find((name) => name === engine) ?? 'same';
}

function wordsOf(error: unknown): unknown {
  if (error instanceof RunFolderError) return `${error.message} ${error.remedy}`;
  return error instanceof ExperimentError || error instanceof TrainingError ? error.message : error;
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
