import type { Experiment } from '../experiment/schema';
import { initialiseParameters, type Model } from '../model/model';
import { createExecutor, optimize, traceProgram, type EngineName, type Executor, type Program } from '../program';
import type { StepNeed, TrainedMeasure } from '../relatedness';
import type { RunRecord } from '../runs/record';
import { TrainingError } from './errors';
import { alignmentStep } from './alignmentStep';
import { fastestFirst } from './engineChoice';
import { evaluationRows } from './evaluation';
import { inspectionSteps } from './inspection';
import { initialState } from './optimizerState';
import { prefersOneDnn } from './oneDnn';
import { chooseThreads } from './threads';
import { gradientSteps, noGradients } from './gradientSteps';
import { relatesApart } from './relating';
import { representationStep } from './representationStep';
import { rowLossesStep } from './rowLosses';
import { evaluateStep, lossesStep, relateStep, trainStep, type Step } from './steps';
import { lookOf, type Look } from './weigher';

/** An executor that is ready to train, and why it is this one. */
export interface Compiled {
  readonly executor: Executor;
  readonly engineReason: string;
  /** The step that only trains. */
  readonly plainStep: Program;
}

export interface CompileOptions {
  readonly experiment: Experiment;
  readonly model: Model;
  readonly engine: RunRecord['engine'];
  readonly seed: number;
  /** The parameters before the first step, by name; fresh ones of the seed, if not given. */
  readonly initial?: Readonly<Record<string, Float32Array>>;
  readonly batchSize: number;
  /** What some steps show for measures of relatedness; empty for none. */
  readonly needs: readonly StepNeed[];
  /** What is measured of the trained model. */
  readonly inspected: readonly TrainedMeasure[];
  /** Whether the losses at single rows are looked at. */
  readonly showsRowLosses?: boolean;
}

/**
 * Traces the steps of a run and brings them onto an engine, with the parameters to begin with.
 * @throws TrainingError where the engine that was asked for does not start.
 */
export async function compile(options: CompileOptions): Promise<Compiled> {
  const { engine } = options;
  const work = { options, ...prepare(options) };
  if (engine !== 'auto') {
    const executor = await open(engine, work).catch((error: unknown) => {
      const message = `${failure(engine, error)}${remedies[engine]}`;
      throw new TrainingError('engine-not-available', message, {}, { cause: error });
    });
    return { executor, engineReason: 'It was asked for.', plainStep: work.programs[0] };
  }
  return fastest(work);
}

/** The first engine that starts, and why it is this one. */
async function fastest(work: Work): Promise<Compiled> {
  const plainStep = work.programs[0];
  const { engines, reason } = fastestFirst(plainStep);
  const failures: string[] = [];
  for (const engine of engines.slice(0, -1)) {
    try {
      const executor = await open(engine, work);
      return { executor, engineReason: failures.length === 0 ? reason : failures.join(' '), plainStep };
    } catch (error) {
      failures.push(failure(engine, error));
    }
  }
  return { executor: await open(engines[engines.length - 1], work), engineReason: failures.join(' '), plainStep };
}

/** What to do where an engine that was asked for does not start. */
const remedies: Readonly<Record<EngineName, string>> = {
  native: ' Or use `engine: auto`.',
  wasm: ' Use `engine: auto` or `engine: cpu`.',
  cpu: '',
};

/** What an engine is to run, and the state that it begins with. */
interface Work {
  readonly options: CompileOptions;
  readonly programs: readonly Program[];
  readonly initialState: Readonly<Record<string, Float32Array>>;
  /** Whether steps find the gradients of the tasks: all of them, or those that measure relatedness. */
  readonly seesGradients: boolean;
}

function prepare(options: CompileOptions): Omit<Work, 'options'> {
  const { experiment, model, seed, initial } = options;
  const { steps, between } = runSteps(options);
  return {
    programs: steps.map(traceProgram),
    initialState: {
      ...initialState(model, experiment.training.optimizer, initial ?? initialiseParameters(model, seed)),
      ...between,
    },
    seesGradients: options.needs.length > 0 || between !== undefined,
  };
}

/** What the steps of a run follow from. */
export type StepOptions = Pick<
  CompileOptions,
  'experiment' | 'model' | 'batchSize' | 'needs' | 'inspected' | 'showsRowLosses'
>;

/** The steps of a run, a plain training step first, and the state that lies between two calls of one. */
export function runSteps(options: StepOptions): {
  readonly steps: readonly Step[];
  readonly between?: Readonly<Record<string, Float32Array>>;
} {
  const { experiment, model, batchSize, needs, inspected, showsRowLosses } = options;
  const { training } = experiment;
  const rows = model.taskSet.streams.map(() => batchSize);
  const look = lookOf(training);
  const weighing = look ? weighingSteps(options, rows, look) : { steps: [] };
  const apart = look && seesGradients(look) && look.at === 'representation' ? 'shared apart' : 'all alike';
  const steps = [
    trainStep(model, training, rows, [], apart),
    ...(needs.length > 0 ? [trainStep(model, training, rows, needs, apart)] : []),
    ...weighing.steps,
    ...rows.map((_, stream) => evaluateStep(model, stream, evaluationRows(model, stream))),
    ...inspectionSteps(model, inspected),
    ...(showsRowLosses ? rows.map((_, stream) => rowLossesStep(model, stream)) : []),
  ];
  return { steps, ...(weighing.state && { between: weighing.state }) };
}

const seesGradients = ({ needs }: Look) => needs !== 'losses';

/** What a method looks at before it weighs a step, and after it. */
function weighingSteps(
  { experiment: { training }, model, batchSize, needs }: StepOptions,
  rows: readonly number[],
  look: Look,
): { readonly steps: readonly Step[]; readonly state?: Readonly<Record<string, Float32Array>> } {
  const { weighting } = training;
  if (weighting.name === 'auto-lambda') {
    const primary = weighting.primary ?? model.taskSet.tasks.map(({ name }) => name);
    return { steps: [alignmentStep(model, rows, batchSize, primary)] };
  }
  if (!seesGradients(look)) return { steps: [lossesStep(model, rows)] };
  if (look.at === 'representation') return { steps: [representationStep(model, rows)] };
  const steps = gradientSteps(model, training, rows, { shows: look.needs === 'gradients', follows: look.follows });
  const related = relatesApart(look, needs) ? [relateStep(model, rows, needs)] : [];
  return { steps: [steps.measure, steps.apply, ...related], state: noGradients(steps) };
}

async function open(engine: EngineName, work: Work): Promise<Executor> {
  const { options, programs, initialState, seesGradients } = work;
  const { threads } = options.experiment;
  return createExecutor(engine, {
    programs: programs.map((program) => optimize(program, engine)),
    threads: threads === 'auto' ? chooseThreads(programs[0]) : threads,
    oneDnn: prefersOneDnn(programs[0], seesGradients),
    initialState,
  });
}

function failure(engine: EngineName, error: unknown): string {
  return `The ${engine} engine did not start: ${error instanceof Error ? error.message : String(error)}`;
}
