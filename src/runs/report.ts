import type { Metrics, RelatednessMatrix, SplitMetrics, TrivialFigures } from './events';
import type { GroupGain } from './gain';
import type { RunNetwork, RunRecord } from './record';
import type { RunPhase, RunState } from './state';

/** What is left of a run, as one JSON object: what `mtl run --json` and `mtl show --json` print. */
export interface RunReport {
  readonly runFolder: string;
  readonly id: string;
  readonly group: string;
  readonly experiment: string;
  readonly file: string;
  readonly seed: number;
  readonly role?: RunRecord['role'];
  readonly network?: RunNetwork;
  readonly state: RunPhase | 'interrupted';
  /** Which engine computed; null before the run has started. */
  readonly engine: string | null;
  readonly seconds: number;
  readonly steps: number;
  readonly epochs: number;
  /** The epoch whose parameters were kept and whose metrics these are; null where no epoch was finished. */
  readonly bestEpoch: number | null;
  /** By task, where each keeps its own best epoch, as where no parameter is shared. */
  readonly bestEpochs?: Readonly<Record<string, number>>;
  /** Task, split, metric. */
  readonly metrics: Readonly<Record<string, SplitMetrics>>;
  /** Over the rows of all tasks together, for one task per value of a column. */
  readonly pooled?: SplitMetrics;
  /** By measure. */
  readonly relatedness: Readonly<Record<string, ReportedMatrix>>;
  /** What predictors reach that do not look at the inputs; by predictor, task, split and metric. */
  readonly trivial?: Readonly<Partial<Record<TrivialFigures['name'], Readonly<Record<string, SplitMetrics>>>>>;
  /** What sharing brought over the baseline, as it was known when the run finished. */
  readonly gain?: GroupGain;
  /** What was measured over the replicates, as it was known when the run finished. */
  readonly replicated?: { readonly seeds: readonly number[]; readonly relatedness: RunReport['relatedness'] };
  readonly warnings: readonly string[];
  readonly error?: { readonly code: string; readonly message: string; readonly step?: number; readonly task?: string };
}

/** A relatedness matrix that needs nothing beside it to be read. */
export interface ReportedMatrix extends RelatednessMatrix {
  /** The training step that it was journalled at; over replicates that of the last. */
  readonly step: number;
  /** The tasks of the rows and columns; a value is null where two were never observed together. */
  readonly tasks: readonly string[];
}

/**
 * The report of a run. A run without an ending of its own (failed or interrupted) reports its best finished epoch.
 * Task names are keys whatever they are, `__proto__` included.
 */
export function finalReport(
  runFolder: string,
  record: RunRecord,
  state: RunState,
  phase: RunPhase | 'interrupted',
): RunReport {
  const figures = figuresOf(state);
  const tasks = state.tasks.map(({ name }) => name);
  return {
    runFolder,
    id: record.id,
    group: record.group,
    experiment: record.experiment,
    file: record.file,
    seed: record.seed,
    ...(record.role && { role: record.role }),
    ...(record.network && { network: record.network }),
    state: phase,
    engine: state.started?.engine ?? null,
    seconds: figures.seconds,
    steps: state.step,
    epochs: state.epoch,
    bestEpoch: figures.bestEpoch,
    ...(state.ending?.bestEpochs && {
      bestEpochs: Object.fromEntries(state.ending.bestEpochs.map((epoch, task) => [tasks[task], epoch])),
    }),
    metrics: Object.fromEntries(figures.metrics.map((metrics, task) => [tasks[task], metrics])),
    ...(figures.pooled && { pooled: figures.pooled }),
    relatedness: reportedMatrices(figures.relatedness, tasks, figures.relatednessStep),
    ...(state.trivial.length > 0 && {
      trivial: Object.fromEntries(
        state.trivial.map(({ name, metrics }) => [
          name,
          Object.fromEntries(metrics.map((splits, task) => [tasks[task], splits])),
        ]),
      ),
    }),
    ...(state.gain && { gain: state.gain }),
    ...(state.replicated && {
      replicated: {
        seeds: state.replicated.seeds,
        relatedness: reportedMatrices(state.replicated.matrices, tasks, state.step),
      },
    }),
    warnings: state.warnings,
    ...errorOf(state, phase),
  };
}

function reportedMatrices(
  matrices: readonly RelatednessMatrix[],
  tasks: readonly string[],
  step: number,
): RunReport['relatedness'] {
  return Object.fromEntries(
    matrices.map(({ measure, values, ...rest }) => [measure, { measure, step, tasks, values, ...rest }]),
  );
}

/** The figures that a run ends with, or of its best epoch so far. */
export interface RunFigures {
  readonly metrics: readonly SplitMetrics[];
  readonly pooled?: SplitMetrics;
  readonly relatedness: readonly RelatednessMatrix[];
  /** The step that they were journalled at. */
  readonly relatednessStep: number;
  readonly bestEpoch: number | null;
  readonly seconds: number;
}

export function figuresOf(state: RunState): RunFigures {
  const { matrices: relatedness, step: relatednessStep } = state.ending
    ? { matrices: state.ending.relatedness, step: state.ending.step }
    : (state.relatedness.at(-1) ?? { matrices: [], step: state.step });
  if (state.ending !== undefined) {
    const { metrics, pooled, bestEpoch, seconds } = state.ending;
    return {
      metrics,
      ...(pooled && { pooled }),
      relatedness,
      relatednessStep,
      bestEpoch: metrics.length > 0 ? bestEpoch : null,
      seconds,
    };
  }
  const best = state.epochs.findLast((epoch) => epoch.best) ?? state.epochs.at(-1);
  return {
    metrics: best?.metrics ?? [],
    ...(best?.pooled && { pooled: best.pooled }),
    relatedness,
    relatednessStep,
    bestEpoch: best?.epoch ?? null,
    seconds: state.failure?.seconds ?? (state.updated - state.began) / 1000,
  };
}

/** Mean and sample deviation over replicates, for every figure that all of them have. */
export interface Spread {
  readonly mean: number;
  /** Sample standard deviation (divided by n - 1); 0 for one value. */
  readonly deviation: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, deviation: 0 };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

/** The mean of each figure over replicates; figures that one of them lacks are left out. */
export function meanMetrics(replicates: readonly SplitMetrics[]): SplitMetrics {
  const [first] = replicates;
  const splits = Object.entries(first ?? {}).map(([split, metrics]: [string, Metrics]) => {
    const names = Object.keys(metrics) as (keyof Metrics)[];
    const means = names.flatMap((name) => {
      const values = replicates.map((replicate) => replicate[split as keyof SplitMetrics]?.[name]);
      const known = values.filter((value) => value !== undefined);
      return known.length === values.length ? [[name, spreadOf(known).mean] as const] : [];
    });
    return [split, Object.fromEntries(means)] as const;
  });
  return Object.fromEntries(splits);
}

function errorOf({ failure }: RunState, phase: RunPhase | 'interrupted'): Pick<RunReport, 'error'> {
  if (failure !== undefined) {
    const { code, message, step, task } = failure;
    return { error: { code, message, ...(step !== undefined && { step }), ...(task !== undefined && { task }) } };
  }
  if (phase !== 'interrupted') return {};
  return {
    error: { code: 'interrupted', message: 'The process of the run ended without a word. See its process.log.' },
  };
}
