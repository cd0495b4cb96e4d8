import { matrixIntervals } from '../relatedness/statistics/replicates';
import type { RelatednessMatrix } from './events';
import type { RunRecord } from './record';
import type { RunState } from './state';

/** What was measured of how tasks relate over the finished replicates of a group. */
export interface Replicated {
  /** Those whose matrices these are over, in the order in which they were started. */
  readonly seeds: readonly number[];
  /** One per measure: the mean of each cell over the seeds that have a value there, with its 95 % bootstrap interval. */
  readonly matrices: readonly RelatednessMatrix[];
}

/** A replicate and its matrices. */
export interface MeasuredRun extends Pick<RunRecord, 'seed' | 'network'> {
  readonly tasks: readonly string[];
  readonly relatedness: readonly RelatednessMatrix[];
}

/** What the finished ones among some runs have measured; baselines and the like are no replicates. */
export function measuredRuns(
  runs: readonly { readonly record: RunRecord; readonly state: RunState }[],
): readonly MeasuredRun[] {
  return runs.flatMap(({ record: { seed, role, network }, state: { phase, tasks, ending } }) =>
    phase === 'finished' && ending !== undefined && role === undefined
      ? [
          {
            seed,
            tasks: tasks.map(({ name }) => name),
            relatedness: ending.relatedness,
            ...(network && { network }),
          },
        ]
      : [],
  );
}

/**
 * The matrices over the replicates of a run, with its tasks in its order. Replicates are matched by the names of their
 * tasks, as those of `tasks: {each}` may differ from seed to seed. Undefined where no other seed has its measures.
 * @param others Of two for one seed the later counts; those of other networks are left out.
 */
export function overReplicates(own: MeasuredRun, others: readonly MeasuredRun[]): Replicated | undefined {
  const network = own.network?.number;
  const alike = [...others, own].filter((run) => run.network?.number === network && run.relatedness.length > 0);
  const replicates = [...new Map(alike.map((run) => [run.seed, run])).values()];
  if (own.relatedness.length === 0 || replicates.length < 2) return undefined;
  const matrices = own.relatedness.flatMap((matrix) => {
    const values = replicates.flatMap((run) => valuesFor(own.tasks, run, matrix.measure) ?? []);
    if (values.length < 2) return [];
    const { mean, lower, upper } = matrixIntervals(values);
    const { measure, directed, higherIsCloser } = matrix;
    return [{ measure, values: mean, directed, higherIsCloser, lower, upper }];
  });
  return matrices.length === 0 ? undefined : { seeds: replicates.map(({ seed }) => seed), matrices };
}

/** What each of some replicates has measured of the tasks of a run, by its measures: without a value where it did not. */
export function measuredByEach(
  own: MeasuredRun,
  replicates: readonly MeasuredRun[],
): readonly (readonly RelatednessMatrix[])[] {
  return replicates.map((run) =>
    own.relatedness.map((matrix) => {
      const [values] = valuesFor(own.tasks, run, matrix.measure) ?? [unknown(matrix.values)];
      return { ...matrix, values };
    }),
  );
}

function unknown(values: RelatednessMatrix['values']): RelatednessMatrix['values'] {
  return values.map((row) => row.map(() => null));
}

/** One matrix of a run with other tasks, or in another order; null where it does not have them. */
function valuesFor(
  tasks: readonly string[],
  run: MeasuredRun,
  measure: string,
): readonly [RelatednessMatrix['values']] | undefined {
  const values = run.relatedness.find((matrix) => matrix.measure === measure)?.values;
  if (values === undefined) return undefined;
  const places = new Map(run.tasks.map((name, place) => [name, place]));
  const at = (name: string) => places.get(name) ?? -1;
  return [tasks.map((from) => tasks.map((to) => values[at(from)]?.[at(to)] ?? null))];
}

/** The matrices of a run; by each measure that was measured over its replicates, the mean over them. */
export function withReplicates(
  own: readonly RelatednessMatrix[],
  replicated: Replicated | undefined,
): readonly RelatednessMatrix[] {
  const means = new Map(replicated?.matrices.map((matrix) => [matrix.measure, matrix]));
  return own.map((matrix) => means.get(matrix.measure) ?? matrix);
}
