import type { MetricName } from '../experiment/schema';
import type { RelatednessValues } from '../relatedness';
import type { GroupGain } from './gain';
import type { Place } from './place';
import type { Replicated } from './replicated';

export type SplitName = 'train' | 'validation' | 'test';

/** Metrics of one task on one split; a metric that is not defined there (an AUC with one class) is absent. */
export type Metrics = Readonly<Partial<Record<MetricName, number>>>;
export type SplitMetrics = Readonly<Partial<Record<SplitName, Metrics>>>;

/** A relatedness matrix. */
export interface RelatednessMatrix {
  readonly measure: string;
  /** In the journal: the step of its event. */
  readonly step?: number;
  /** In the journal: names of the tasks of its rows and columns, which are those of `started` in their order. */
  readonly tasks?: readonly string[];
  readonly values: RelatednessValues;
  readonly directed: boolean;
  readonly higherIsCloser: boolean;
  /** Over replicates: ends of the 95 % interval of each mean; null where fewer than two of them have a value. */
  readonly lower?: RelatednessValues;
  readonly upper?: RelatednessValues;
}

/** How tasks use what they share, as the sharing architecture shows it: gate or stitch values, branches, task vectors. */
export interface UsageMatrix {
  readonly name: string;
  readonly title: string;
  /** Labels: mostly tasks, or what shares parameters. */
  readonly rows: readonly string[];
  /** Labels of what the rows use, such as experts. */
  readonly columns: readonly string[];
  /** Where the rows are tasks: their use of the columns, or the vectors that the network has for them. */
  readonly shows?: 'use' | 'vectors';
  /** Means over the rows of the validation split where they differ from row to row; null where a task has none. */
  readonly values: readonly (readonly (number | null)[])[];
}

/**
 * What happens in a run, in the order of the journal. Numbers per task are arrays in the order of `started.tasks`.
 * Every line of events.jsonl is one of these with its place (`sequence`, and `mark` for some) and `time` (milliseconds
 * since 1970).
 */
export type RunEventBody =
  | {
      readonly type: 'started';
      readonly processId: number;
      readonly engine: string;
      /** Why this engine. */
      readonly engineReason: string;
      /** Absent in journals of versions before it was written down. */
      readonly threads?: number;
      readonly tasks: readonly {
        readonly name: string;
        readonly kind: string;
        readonly metrics: readonly MetricName[];
      }[];
      /** The measures that are recorded. Absent in journals of versions before it was written down. */
      readonly relatedness?: readonly string[];
      readonly epochs: number;
      readonly stepsPerEpoch: number;
      readonly parameters: number;
      readonly rows: Readonly<Record<SplitName, number>>;
      readonly dataFingerprint: string;
      /** The run whose parameters it starts from; absent where it starts afresh. */
      readonly startedFrom?: {
        readonly run: string;
        readonly experiment: string;
        readonly seed: number;
        /** Weights that were taken, by the names that a model folder has for them. */
        readonly taken: readonly string[];
        /** Whether those that are shared stay as they are. */
        readonly frozen: boolean;
      };
      readonly versions: Readonly<Record<string, string>>;
    }
  | {
      /**
       * The mean losses over the steps since the last such event. Which steps have one depends on nothing but the number
       * of steps: so that two runs of one seed say the same.
       */
      readonly type: 'step';
      readonly step: number;
      readonly epoch: number;
      /** Null where no row of the task was seen. */
      readonly losses: readonly (number | null)[];
      readonly weights: readonly number[];
      readonly learningRate: number;
    }
  | {
      readonly type: 'epoch';
      readonly step: number;
      /** From 1. */
      readonly epoch: number;
      readonly seconds: number;
      /** Per task. Train has the mean training loss of the epoch; validation has all metrics. */
      readonly metrics: readonly SplitMetrics[];
      /** Over the rows of all tasks together, for one task per value of a column. */
      readonly pooled?: SplitMetrics;
      /** Whether this epoch is the best so far, by early stopping's metric or else the summed validation loss. */
      readonly best: boolean;
    }
  | {
      readonly type: 'relatedness';
      readonly step: number;
      readonly epoch: number;
      readonly matrices: readonly RelatednessMatrix[];
    }
  | {
      /** After an epoch, with its parameters. */
      readonly type: 'usage';
      readonly step: number;
      readonly epoch: number;
      readonly matrices: readonly UsageMatrix[];
    }
  | {
      /** Of a run from its beginning: what predictors reach that do not look at the inputs. */
      readonly type: 'trivial';
      readonly predictors: readonly TrivialFigures[];
    }
  | (GroupGain & {
      /**
       * Of the run of an experiment with a baseline, before `finished`: what sharing brought over all runs of the group
       * that have finished by then, this one among them. That of the last run is over the whole group.
       */
      readonly type: 'gain';
    })
  | (Replicated & {
      /**
       * Of a run in a group with at least one other seed that has finished, before `finished`: what was measured over the
       * replicates that have by then, this one among them. That of the last run is over all of them.
       */
      readonly type: 'replicated';
    })
  | { readonly type: 'warning'; readonly message: string }
  | {
      /** The run can be continued from here. The files of the checkpoint are written after this line. */
      readonly type: 'checkpoint';
      readonly step: number;
      /** The present epoch, from 1; one that has just ended counts as present. */
      readonly epoch: number;
    }
  | {
      /**
       * Of a run whose measures need more networks: how many of them are trained, each a run in its folder `runs`. First
       * right after the start, to say how many there will be.
       */
      readonly type: 'trainings';
      readonly measures: readonly string[];
      readonly done: number;
      readonly total: number;
      /** Processes side by side, at most. */
      readonly atOnce: number;
      /** Processes that are at work; absent until the run itself is trained. */
      readonly running?: number;
    }
  | { readonly type: 'paused'; readonly step: number }
  | {
      /** After a pause, or by a new process from a checkpoint: what came after the checkpoint is then no longer here. */
      readonly type: 'resumed';
      readonly step: number;
      /** By a new process: seconds of work that came after the checkpoint. */
      readonly lost?: number;
      /** What a person should know of how it goes on. */
      readonly notes?: readonly string[];
      /** What computes from here on, where that is not what did before. */
      readonly engine?: string;
      readonly engineReason?: string;
      readonly threads?: number;
    }
  | (Ending & { readonly type: 'finished'; readonly reason: 'epochs' | 'early-stopping' })
  | (Ending & { readonly type: 'stopped' })
  | {
      readonly type: 'failed';
      readonly code: string;
      readonly message: string;
      readonly step?: number;
      readonly task?: string;
      readonly seconds: number;
      /** Set where the run would fail in the same way again, whatever is mended outside of it. */
      readonly final?: true;
    };

/** The figures of the kept parameters: those of the best epoch. Empty metrics where nothing was trained yet. */
export interface Ending {
  readonly step: number;
  readonly epoch: number;
  readonly bestEpoch: number;
  /** Where no parameter is shared each task keeps its own best epoch; in the order of the tasks. */
  readonly bestEpochs?: readonly number[];
  readonly seconds: number;
  readonly metrics: readonly SplitMetrics[];
  readonly pooled?: SplitMetrics;
  /** Means over all measured steps of the run. */
  readonly relatedness: readonly RelatednessMatrix[];
}

/** What one predictor that does not look at the inputs reaches on the validation and test splits. */
export interface TrivialFigures {
  /**
   * `majority`: the shares of the classes among the training rows, so that the most frequent one is predicted, and for
   * a regression the mean of the training rows. `uniform`: every class alike, as one who guesses; no regression has it.
   */
  readonly name: 'majority' | 'uniform';
  /** In the order of the tasks. */
  readonly metrics: readonly SplitMetrics[];
  readonly pooled?: SplitMetrics;
}

export type RunEvent = RunEventBody & Place & { readonly time: number };
export type RunEventOf<Type extends RunEventBody['type']> = Extract<RunEvent, { type: Type }>;
