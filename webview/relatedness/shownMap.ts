import type { MapFigure, MapReference } from '../../src/figures/mapFigure';
import { momentWords } from '../../src/figures/moments';
import type { RelatednessValues } from '../../src/relatedness';
import { hasPairs } from '../../src/relatedness/pairs';
import type { PlanePoints } from '../../src/relatedness/procrustes';
import { taskMap } from '../../src/relatedness/taskMap';
import type { RunState } from '../../src/runs/state';
import type { Drawing } from './drawing';
import { momentsOf } from './matrixModel';
import { pickCells } from './selection';

const kept = new WeakMap<RelatednessValues, PlanePoints>();

/** What the map is of: the first matrix that is shown. */
export function mapFigureOf(
  state: RunState,
  { rows, shown, matrices: [{ words, moment, values, groups }] }: Drawing,
): MapFigure {
  const reference = referenceOf(state, words, { values, shown });
  return {
    ...{ words, moment: momentWords(moment.at), tasks: rows, values },
    ...(groups && { groups }),
    ...(reference && { reference }),
  };
}

/**
 * The map of the first moment that has one. It stays what it is while a run goes on and whatever moment is shown, so that
 * no map turns over while one goes through training. Undefined for the map of that moment itself.
 */
function referenceOf(
  state: RunState,
  words: MapFigure['words'],
  { values, shown }: { readonly values: RelatednessValues; readonly shown: readonly number[] },
): MapReference | undefined {
  for (const moment of momentsOf(state, words.name)) {
    const first = pickCells(moment.matrix.values, shown);
    if (!hasPairs(first)) continue;
    if (first === values) return undefined;
    const points = kept.get(first) ?? taskMap(first, words).points;
    kept.set(first, points);
    return { moment: momentWords(moment.at), points };
  }
  return undefined;
}
