import type { Experiment } from '../experiment/schema';
import { initialiseParameters, type Model } from '../model/model';
import { createExecutor, optimize, traceProgram, type EngineName, type Executor, type Program } from '../program';
import type { RunRecord } from '../runs/record';
import { TrainingError } from './errors';
import { evaluationRows } from './evaluation';
import { evaluateStep, initialState, trainStep, type Step } from './steps';

/** An executor that is ready to train, and why it is this one. */
export interface Compiled {
  readonly executor: Executor;
  readonly engineReason: string;
}

export interface CompileOptions {
  readonly experiment: Experiment;
  readonly model: Model;
  readonly engine: RunRecord['engine'];
  readonly seed: number;
  readonly batchSize: number;
  /** Whether some steps measure relatedness. */
  readonly measure: boolean;
}

/**
 * Traces the steps of a run and brings them onto an engine, with fresh parameters.
 * @throws TrainingError where the engine that was asked for does not start.
 */
export async function compile(options: CompileOptions): Promise<Compiled> {
  const { engine } = options;
  const programs = stepsOf(options).map(traceProgram);
  if (engine !== 'auto') {
    const executor = await open(engine, programs, options).catch((error: unknown) => {
      const remedy = engine === 'wasm' ? ' Use `engine: auto` or `engine: cpu`.' : '';
      throw new TrainingError('engine-not-available', `${failure(engine, error)}${remedy}`, {}, { cause: error });
    });
    return { executor, engineReason: 'It was asked for.' };
  }
  try {
    return { executor: await open('wasm', programs, options), engineReason: 'The fastest engine there is.' };
  } catch (error) {
    return { executor: await open('cpu', programs, options), engineReason: failure('wasm', error) };
  }
}

function stepsOf({ experiment: { training }, model, batchSize, measure }: CompileOptions): Step[] {
  const rows = model.taskSet.streams.map(() => batchSize);
  return [
    trainStep(model, training, rows, false),
    ...(measure ? [trainStep(model, training, rows, true)] : []),
    ...rows.map((_, stream) => evaluateStep(model, stream, evaluationRows(model, stream))),
  ];
}

async function open(
  engine: EngineName,
  programs: readonly Program[],
  { experiment, model, seed }: CompileOptions,
): Promise<Executor> {
  return createExecutor(engine, {
    programs: programs.map((program) => optimize(program, engine)),
    initialState: initialState(model, experiment.training.optimizer, initialiseParameters(model, seed)),
  });
}

function failure(engine: EngineName, error: unknown): string {
  return `The ${engine} engine did not start: ${error instanceof Error ? error.message : String(error)}`;
}
