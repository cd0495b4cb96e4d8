import type { Experiment } from '../experiment/schema';
import { initialiseParameters, type Model } from '../model/model';
import { createExecutor, optimize, traceProgram, type EngineName, type Executor, type Program } from '../program';
import type { RunRecord } from '../runs/record';
import { TrainingError } from './errors';
import { fastestFirst } from './engineChoice';
import { evaluationRows } from './evaluation';
import { prefersOneDnn } from './oneDnn';
import { chooseThreads } from './threads';
import { sizeOf } from '../model/parameters';
import { applyGradientsStep, gradientState, measureGradientsStep } from './gradientSteps';
import { evaluateStep, initialState, lossesStep, trainStep, type Step } from './steps';
import { createWeigher } from './weigher';

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
      const message = `${failure(engine, error)}${remedies[engine]}`;
      throw new TrainingError('engine-not-available', message, {}, { cause: error });
    });
    return { executor, engineReason: 'It was asked for.' };
  }
  return fastest(programs, options);
}

/** The first engine that starts, and why it is this one. */
async function fastest(programs: readonly Program[], options: CompileOptions): Promise<Compiled> {
  const { engines, reason } = fastestFirst(programs[0]);
  const failures: string[] = [];
  for (const engine of engines.slice(0, -1)) {
    try {
      const executor = await open(engine, programs, options);
      return { executor, engineReason: failures.length === 0 ? reason : failures.join(' ') };
    } catch (error) {
      failures.push(failure(engine, error));
    }
  }
  return { executor: await open(engines[engines.length - 1], programs, options), engineReason: failures.join(' ') };
}

/** What to do where an engine that was asked for does not start. */
const remedies: Readonly<Record<EngineName, string>> = {
  native: ' Or use `engine: auto`.',
  wasm: ' Use `engine: auto` or `engine: cpu`.',
  cpu: '',
};

function stepsOf(options: CompileOptions): Step[] {
  const { experiment, model, batchSize, measure } = options;
  const { training } = experiment;
  const rows = model.taskSet.streams.map(() => batchSize);
  return [
    trainStep(model, training, rows, false),
    ...(measure ? [trainStep(model, training, rows, true)] : []),
    ...weighingSteps(options, rows),
    ...rows.map((_, stream) => evaluateStep(model, stream, evaluationRows(model, stream))),
  ];
}

/** What a method looks at before it weighs a step. */
function weighingSteps({ experiment: { training }, model, seed }: CompileOptions, rows: readonly number[]): Step[] {
  const weigher = createWeigher(training, [], seed);
  if (!weigher) return [];
  return weigher.seesGradients
    ? [measureGradientsStep(model, rows), applyGradientsStep(model, training)]
    : [lossesStep(model, rows)];
}

async function open(
  engine: EngineName,
  programs: readonly Program[],
  { experiment, model, seed }: CompileOptions,
): Promise<Executor> {
  const { threads } = experiment;
  return createExecutor(engine, {
    programs: programs.map((program) => optimize(program, engine)),
    threads: threads === 'auto' ? chooseThreads(programs[0]) : threads,
    oneDnn: prefersOneDnn(programs[0], seesGradients(experiment, seed)),
    initialState: {
      ...initialState(model, experiment.training.optimizer, initialiseParameters(model, seed)),
      ...(seesGradients(experiment, seed) && noGradients(model)),
    },
  });
}

function seesGradients({ training }: Experiment, seed: number): boolean {
  return createWeigher(training, [], seed)?.seesGradients ?? false;
}

function noGradients(model: Model): Record<string, Float32Array> {
  return Object.fromEntries(gradientState(model).map(({ name, shape }) => [name, new Float32Array(sizeOf(shape))]));
}

function failure(engine: EngineName, error: unknown): string {
  return `The ${engine} engine did not start: ${error instanceof Error ? error.message : String(error)}`;
}
