import type { RelatednessMatrix, UsageMatrix } from '../../src/runs/events';
import type { RunState } from '../../src/runs/state';
import type { Points } from '../shared/thinning';

/** The matrix of one measure at one moment. */
export interface Moment {
  readonly step: number;
  readonly epoch: number;
  readonly matrix: RelatednessMatrix;
  /** Over how many seeds it is the mean; absent where it is of one run. */
  readonly seeds?: number;
}

/** What the matrices that show how tasks use what they share are called among the measures. */
export const usagePrefix = 'usage/';

/** The matrices of a run to choose from: those of its measures, then those of how tasks use what they share. */
export function choicesIn(state: RunState): string[] {
  const usage = state.usage.flatMap(({ matrices }) => matrices.map(({ name }) => `${usagePrefix}${name}`));
  return [...measuresIn(state), ...new Set(usage)];
}

/** The matrix that is shown: the first where the run has not the one that is wanted. */
export function chosenIn(state: RunState, wanted: string | undefined): string | undefined {
  const choices = choicesIn(state);
  return choices.find((name) => name === wanted) ?? choices.at(0);
}

/** The latest matrix of that choice, where it shows how tasks use what they share. */
export function usageOf({ usage }: RunState, choice: string): UsageMatrix | undefined {
  if (!choice.startsWith(usagePrefix)) return undefined;
  const name = choice.slice(usagePrefix.length);
  return usage
    .findLast(({ matrices }) => matrices.some((one) => one.name === name))
    ?.matrices.find((one) => one.name === name);
}

/** The measures that a run has matrices of, in their order. */
export function measuresIn(state: RunState): string[] {
  return [...new Set(measured(state).flatMap(({ matrices }) => matrices.map(({ measure }) => measure)))];
}

/** What was measured over the epochs, and behind it what is measured of the trained model alone. */
export function measured({ relatedness, ending }: RunState): RunState['relatedness'] {
  if (!ending || ending.relatedness.length === 0) return relatedness;
  const known = new Set(relatedness.flatMap(({ matrices }) => matrices.map(({ measure }) => measure)));
  const matrices = ending.relatedness.filter(({ measure }) => !known.has(measure));
  return matrices.length === 0 ? relatedness : [...relatedness, { step: ending.step, epoch: ending.epoch, matrices }];
}

/** All matrices of a measure, in the order of time. */
export function momentsOf(state: RunState, measure: string): Moment[] {
  if (measure.startsWith(usagePrefix)) {
    return state.usage.flatMap(({ step, epoch, matrices }) =>
      matrices
        .filter(({ name }) => `${usagePrefix}${name}` === measure)
        .map(({ values }) => ({ step, epoch, matrix: { measure, values, directed: false, higherIsCloser: true } })),
    );
  }
  return measured(state).flatMap(({ step, epoch, matrices }) => {
    const matrix = matrices.find((candidate) => candidate.measure === measure);
    return matrix === undefined ? [] : [{ step, epoch, matrix }];
  });
}

/** The mean of a measure over the replicates of the run, as the moment that it was known at. */
export function replicatedMoment({ replicated, step, epoch }: RunState, measure: string): Moment | undefined {
  const matrix = replicated?.matrices.find((candidate) => candidate.measure === measure);
  return matrix && { step, epoch, matrix, seeds: replicated?.seeds.length ?? 0 };
}

/** Of what in training a matrix is. */
export function momentWords({ epoch, seeds }: Pick<Moment, 'epoch' | 'seeds'>): string {
  return seeds === undefined ? `epoch ${epoch}` : `mean over ${seeds} seeds`;
}

/** Position of the moment to show: the last one at or before the epoch, or the latest of all. -1 where there is none. */
export function positionOf(moments: readonly Moment[], epoch: number | undefined): number {
  if (epoch === undefined || moments.length === 0) return moments.length - 1;
  return Math.max(
    0,
    moments.findLastIndex((moment) => moment.epoch <= epoch),
  );
}

/** A pair's values over the epochs; the moments at which the two were not seen together are left out. */
export function pairHistory(moments: readonly Moment[], row: number, column: number): Points {
  const known = moments.flatMap(({ epoch, matrix }) => {
    const value = matrix.values[row]?.[column] ?? null;
    return value === null ? [] : [{ epoch, value }];
  });
  return { x: known.map(({ epoch }) => epoch), y: known.map(({ value }) => value) };
}
