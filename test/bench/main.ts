import * as tf from '@tensorflow/tfjs-core';
import Table from 'cli-table3';
import os from 'node:os';
import { createExecutor, optimize, traceProgram, type EngineName } from '../../src/program';
import { adamStep, batchOf, initialState, parameterShapes, totalLoss, usualSize, type ModelSize } from './model';

/** A way to run the step; each call is one step and gives its loss. */
interface Contender {
  readonly name: string;
  readonly step: () => number;
  readonly milliseconds: number[];
}

interface Line {
  readonly name: string;
  readonly engine: EngineName;
  /** Medians, in milliseconds. */
  readonly compiled: number;
  readonly eager: number;
  readonly ratio: number;
  /** The fastest step of each, which says most on a machine that also does other things. */
  readonly compiledBest: number;
  readonly eagerBest: number;
  readonly compiledSteps: number;
  readonly eagerSteps: number;
}

const learningRate = 0.001;

async function compiled(size: ModelSize, stacked: boolean, engine: EngineName): Promise<Contender> {
  const options = adamStep(size, stacked);
  const program = optimize(traceProgram(options), engine);
  const executor = await createExecutor(engine, { programs: [program], initialState: initialState(options.state) });
  const inputs = { ...batchOf(size), rate: Float32Array.of(learningRate) };
  return { name: 'compiled', milliseconds: [], step: () => executor.run('step', inputs).loss[0] };
}

async function eager(size: ModelSize, stacked: boolean, engine: EngineName): Promise<Contender> {
  await tf.setBackend(engine);
  const shapes = parameterShapes(size, stacked);
  const values = initialState(shapes);
  const variables = shapes.map(({ name, shape }) => tf.variable(tf.tensor(values[name], [...shape]), true));
  const parameters = Object.fromEntries(shapes.map(({ name }, index) => [name, variables[index]]));
  const batch = batchOf(size);
  const optimizer = tf.train.adam(learningRate);
  const step = () =>
    tf.tidy(() => {
      const x = tf.tensor2d(batch.x, [size.batch, size.inputs]);
      const targets = tf.tensor2d(batch.targets, [size.batch, size.tasks]);
      const loss = optimizer.minimize(() => totalLoss(size, stacked, parameters, x, targets), true, variables);
      return (loss as tf.Scalar).dataSync()[0];
    });
  return { name: 'eager', milliseconds: [], step };
}

/** Runs the contenders in turn, so that what else the machine does falls on all of them. */
function alternate(contenders: readonly Contender[], seconds: number): void {
  for (const { step } of contenders) for (let warm = 0; warm < 10; warm++) step();
  const end = performance.now() + 1000 * seconds;
  do {
    for (const { step, milliseconds } of contenders) {
      const start = performance.now();
      const loss = step();
      milliseconds.push(performance.now() - start);
      if (!Number.isFinite(loss)) throw new Error('The loss is not finite.');
    }
  } while (performance.now() < end);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)];
}

async function measure(name: string, stacked: boolean, engine: EngineName, seconds: number): Promise<Line> {
  const contenders = [await compiled(usualSize, stacked, engine), await eager(usualSize, stacked, engine)];
  alternate(contenders, seconds);
  const [fast, slow] = contenders.map(({ milliseconds }) => milliseconds);
  const [compiledTime, eagerTime] = [median(fast), median(slow)];
  return {
    name,
    engine,
    compiled: compiledTime,
    eager: eagerTime,
    ratio: eagerTime / compiledTime,
    compiledBest: Math.min(...fast),
    eagerBest: Math.min(...slow),
    compiledSteps: fast.length,
    eagerSteps: slow.length,
  };
}

function print(lines: readonly Line[]): void {
  const cpu = os.cpus()[0]?.model ?? 'unknown processor';
  console.log(`${cpu}, ${os.cpus().length} cores, ${os.platform()} ${os.arch()}`);
  console.log(`Node ${process.versions.node}, tfjs ${tf.version_core}`);
  console.log('One training step: 5 tasks, shared layers 100-100-100, heads 100-1, batch 128, Adam. Medians.');
  const table = new Table({
    style: { head: [], border: [] },
    head: ['heads', 'engine', 'compiled, ms', 'eager, ms', 'ratio', 'best, ms', 'best eager, ms', 'steps'],
  });
  for (const line of lines) {
    const steps = String(line.compiledSteps);
    const times = [line.compiled.toFixed(2), line.eager.toFixed(2), line.ratio.toFixed(1)];
    table.push([line.name, line.engine, ...times, line.compiledBest.toFixed(2), line.eagerBest.toFixed(2), steps]);
  }
  console.log(table.toString());
}

async function main(): Promise<void> {
  const seconds = Number(process.argv[process.argv.indexOf('--seconds') + 1]);
  const lines = [
    await measure('one by one', false, 'wasm', seconds),
    await measure('stacked', true, 'wasm', seconds),
    await measure('one by one', false, 'cpu', seconds),
  ];
  if (process.argv.includes('--json'))
    console.log(JSON.stringify({ node: process.versions.node, tfjs: tf.version_core, lines }));
  else print(lines);
}

void main();
