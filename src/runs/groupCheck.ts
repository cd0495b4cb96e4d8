import { adjustForMany } from '../relatedness/statistics/pairedTest';
import { ordered, spearman } from '../relatedness/statistics/correlation';
import { significance } from '../relatedness/statistics/gain';
import { groupGain, type FinishedRun, type GroupGain } from './gain';
import { joinNetworks } from './networks';

/** The finished runs of the three experiments of a check. */
export interface CheckedRuns {
  readonly grouped: readonly FinishedRun[];
  readonly together: readonly FinishedRun[];
  readonly alone: readonly FinishedRun[];
}

/** Two of the three against each other; `change` is above 0 where the first is better. */
export interface CheckedPair {
  readonly gain: GroupGain;
  /** Of Δm, by the paired t test over the seeds, adjusted for the number of pairs that decide; absent for one seed. */
  readonly pValue?: number;
  readonly verdict: 'better' | 'worse' | 'cannot be told';
}

/** Whether groups of tasks were better than what they stand between. */
export interface GroupCheck {
  /** Absent where the groups are training each alone. */
  readonly againstAlone?: CheckedPair;
  /** Absent where the groups are one network for all. */
  readonly againstTogether?: CheckedPair;
  /** All together against each alone. It decides nothing; its test stands alone. */
  readonly togetherAgainstAlone?: CheckedPair;
  /** `held`: better than both. `did not hold`: worse than one of them. */
  readonly verdict: 'held' | 'did not hold' | 'cannot be told';
}

/** How the three differ: groups can be no other training than one of the two that they are compared with. */
export interface CheckedKind {
  /** One network for all tasks. */
  readonly isTogether: boolean;
  /** A network for each task. */
  readonly isAlone: boolean;
}

/**
 * Compares the three seed by seed. A pair of which no seed has both is left out; its test counts as one that shows nothing,
 * so that the other is adjusted for two all the same. The groups can then not have held, but can be worse than that other.
 */
export function groupCheck(
  { grouped, together, alone }: CheckedRuns,
  { isTogether, isAlone }: CheckedKind,
): GroupCheck {
  const wanted = [...(isAlone ? [] : [alone]), ...(isTogether ? [] : [together])];
  const gains = wanted.map((base) => gainOver(grouped, base));
  const adjusted = adjustForMany(gains.map((gain) => gain?.overall.pValue ?? 1));
  const deciding = gains.map((gain, pair) => gain && checkedPair(gain, adjusted[pair]));
  const againstAlone = isAlone ? undefined : deciding[0];
  const againstTogether = isTogether ? undefined : deciding.at(-1);
  const between = gainOver(together, alone);
  const togetherAgainstAlone = between && checkedPair(between, between.overall.pValue);
  return {
    ...(againstAlone && { againstAlone }),
    ...(againstTogether && { againstTogether }),
    ...(togetherAgainstAlone && { togetherAgainstAlone }),
    verdict: verdictOf(deciding),
  };
}

function verdictOf(deciding: readonly (CheckedPair | undefined)[]): GroupCheck['verdict'] {
  if (deciding.some((pair) => pair?.verdict === 'worse')) return 'did not hold';
  return deciding.length > 0 && deciding.every((pair) => pair?.verdict === 'better') ? 'held' : 'cannot be told';
}

function checkedPair(gain: GroupGain, pValue: number | undefined): CheckedPair {
  const { mean, pValue: tested } = gain.overall;
  if (pValue === undefined || tested === undefined || mean === null) return { gain, verdict: 'cannot be told' };
  const verdict = pValue >= significance ? 'cannot be told' : mean > 0 ? 'better' : 'worse';
  return { gain, pValue, verdict };
}

/** The first as what shares, the second as what it is measured by. */
function gainOver(shared: readonly FinishedRun[], base: readonly FinishedRun[]): GroupGain | undefined {
  const as = (role: FinishedRun['role'], runs: readonly FinishedRun[]): FinishedRun[] =>
    joinNetworks(runs).map(({ role: _, ...run }) => ({ ...run, ...(role && { role }) }));
  return groupGain([...as(undefined, shared), ...as('baseline', base)]);
}

/** How far what was foretold for tasks came about, of which both are known and a change was foretold. */
export interface Foretold {
  readonly tasks: number;
  /** Of how many of them the sign was right. */
  readonly right: number;
  /** Spearman's rank correlation of what was foretold and what was measured; null for fewer than three tasks. */
  readonly spearman: number | null;
}

/** @param predicted By task: above 0 where it is to gain by the groups over all together. */
export function foretold(predicted: ReadonlyMap<string, number | null>, { tasks }: GroupGain): Foretold {
  const known = tasks.flatMap(({ task, mean }) => {
    const change = predicted.get(task) ?? null;
    return change === null || change === 0 || mean === null ? [] : [{ change, mean }];
  });
  return {
    tasks: known.length,
    right: known.filter(({ change, mean }) => Math.sign(change) === Math.sign(mean)).length,
    spearman: spearman(ordered(known.map(({ change }) => change)), ordered(known.map(({ mean }) => mean))),
  };
}
