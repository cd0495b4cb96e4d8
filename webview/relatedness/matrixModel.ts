import type { TrainingMoment } from '../../src/figures/moments';
import { epochOf, momentAtEnd } from '../../src/figures/moments';
import type { RelatednessMatrix, UsageMatrix } from '../../src/runs/events';
import type { RunState } from '../../src/runs/state';
import type { Points } from '../shared/thinning';

/** The matrix of one measure at one moment. */
export interface Moment {
  /** The step at which it was journalled. */
  readonly step: number;
  readonly at: TrainingMoment;
  readonly matrix: RelatednessMatrix;
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

/** The measures that a run has matrices of: those of its epochs, and behind them those of the trained model alone. */
export function measuresIn({ relatedness, ending }: RunState): string[] {
  const matrices = [...relatedness.flatMap((event) => event.matrices), ...(ending?.relatedness ?? [])];
  return [...new Set(matrices.map(({ measure }) => measure))];
}

/** All matrices of a measure, in the order of time: those of the epochs, or the one that the run ends with. */
export function momentsOf(state: RunState, measure: string): Moment[] {
  if (measure.startsWith(usagePrefix)) {
    return state.usage.flatMap(({ step, epoch, matrices }) =>
      matrices
        .filter(({ name }) => `${usagePrefix}${name}` === measure)
        .map(({ values }) => ({
          step,
          at: { of: 'epoch', epoch },
          matrix: { measure, values, directed: false, higherIsCloser: true },
        })),
    );
  }
  const overEpochs = state.relatedness.flatMap(({ step, epoch, matrices }): Moment[] => {
    const matrix = matrices.find((candidate) => candidate.measure === measure);
    return matrix === undefined ? [] : [{ step, at: { of: 'epoch', epoch }, matrix }];
  });
  const last = state.ending?.relatedness.find((candidate) => candidate.measure === measure);
  if (overEpochs.length > 0 || last === undefined) return overEpochs;
  return [{ step: state.ending?.step ?? state.step, at: momentAtEnd(measure), matrix: last }];
}

/** The mean of a measure over the replicates of the run. */
export function replicatedMoment({ replicated, step }: RunState, measure: string): Moment | undefined {
  const matrix = replicated?.matrices.find((candidate) => candidate.measure === measure);
  return matrix && { step, at: { of: 'seeds', seeds: replicated?.seeds.length ?? 0 }, matrix };
}

/** Position of the moment to show: the last one at or before the epoch, or the latest of all. -1 where there is none. */
export function positionOf(moments: readonly Moment[], epoch: number | undefined): number {
  if (epoch === undefined || moments.length === 0) return moments.length - 1;
  return Math.max(
    0,
    moments.findLastIndex(({ at }) => (epochOf(at) ?? Infinity) <= epoch),
  );
}

/** A pair's values over the epochs; those in which the two were not seen together are left out. */
export function pairHistory(moments: readonly Moment[], row: number, column: number): Points {
  const known = moments.flatMap(({ at, matrix }) => {
    const value = matrix.values[row]?.[column] ?? null;
    const epoch = epochOf(at);
    return value === null || epoch === undefined ? [] : [{ epoch, value }];
  });
  return { x: known.map(({ epoch }) => epoch), y: known.map(({ value }) => value) };
}
