import { version_core as tensorflowVersion } from '@tensorflow/tfjs-core';
import type { EngineName } from '../../src/program';
import { loadTensorflow } from '../../src/program/executors/native/tensorflow';
import type { DataOrder } from './cases';
import { census } from './dataWorker';
import { grouping } from './groupingWorker';
import { pairRuns, type PairsOrder } from './pairsWorker';
import { Lines, type Reply } from './protocol';
import { trainerEpochs } from './runWorker';
import type { StepOrder } from './shapes';
import { compiledSteps, eagerSteps } from './stepWorker';
import { weighing } from './weighingWorker';

/** Runs so many steps and says how long each took. */
export type Work = (steps: number) => Promise<Omit<Extract<Reply, { kind: 'times' }>, 'kind'>>;

/** A contender of ours: `worker step|eager|run ENGINE JSON`, `worker data JSON`, `worker pairs JSON`, `worker weighing` or `worker grouping`. See protocol.ts. */
async function open([kind, first, second]: readonly string[]): Promise<Work> {
  switch (kind) {
    case 'step':
      return compiledSteps(first as EngineName, JSON.parse(second) as StepOrder);
    case 'eager':
      return eagerSteps(JSON.parse(second) as StepOrder);
    case 'run':
      return trainerEpochs(first as EngineName, JSON.parse(second) as { rows: number });
    case 'data':
      return census(JSON.parse(first) as DataOrder);
    case 'pairs':
      return pairRuns(JSON.parse(first) as PairsOrder);
    case 'weighing':
      return weighing();
    case 'grouping':
      return grouping();
    default:
      throw new Error(`There is no contender ${kind}.`);
  }
}

function say(reply: Reply): void {
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}

async function main(): Promise<void> {
  try {
    const [kind, engine, ...rest] = process.argv.slice(2);
    const work = await open([kind, engine, ...rest]);
    const versions = { node: process.versions.node, tfjs: tensorflowVersion };
    say({ kind: 'ready', versions: engine === 'native' ? { ...versions, ...loadTensorflow().versions } : versions });
    const lines = new Lines();
    for await (const text of process.stdin) {
      for (const line of lines.take(String(text))) say({ kind: 'times', ...(await work(Number(line))) });
    }
  } catch (error) {
    say({ kind: 'unavailable', reason: error instanceof Error ? error.message : String(error) });
  }
  process.exit();
}

void main();
