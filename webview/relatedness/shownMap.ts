import type { MapFigure, MapReference } from '../../src/figures/mapFigure';
import { reachOf } from '../../src/figures/mapFigure';
import { momentWords } from '../../src/figures/moments';
import type { RelatednessValues } from '../../src/relatedness';
import { hasPairs } from '../../src/relatedness/pairs';
import type { PlanePoints } from '../../src/relatedness/procrustes';
import { alignedPoints } from '../../src/relatedness/procrustes';
import { taskMap } from '../../src/relatedness/taskMap';
import type { RunState } from '../../src/runs/state';
import type { Drawing } from './drawing';
import type { Moment } from './matrixModel';
import { momentsOf } from './matrixModel';
import { pickCells } from './selection';

const kept = new WeakMap<RelatednessValues, PlanePoints>();

/**
 * What the map is of: the first matrix that is shown. It lies as the map of the first moment that has one, which stays
 * what it is while a run goes on and whatever moment is shown, so that no map turns over while one goes through training.
 */
export function mapFigureOf(
  state: RunState,
  { rows, shown, matrices: [{ words, moment, values, groups }] }: Drawing,
): MapFigure {
  const moments = momentsOf(state, words.name).filter(({ matrix }) => hasPairs(pickCells(matrix.values, shown)));
  const map = ({ at, matrix }: Moment): MapReference => ({
    moment: momentWords(at),
    points: pointsOf(pickCells(matrix.values, shown), words),
  });
  const [first] = moments;
  const isFirst = first !== undefined && pickCells(first.matrix.values, shown) === values;
  const reach =
    moment.at.of === 'epoch' && moments.length > 1
      ? commonReach(someOf(moments, rows.length).map((one) => map(one).points))
      : undefined;
  return {
    ...{ words, moment: momentWords(moment.at), tasks: rows, values },
    ...(groups && { groups }),
    ...(first && !isFirst && { reference: map(first) }),
    ...(reach && { reach }),
  };
}

function pointsOf(values: RelatednessValues, words: MapFigure['words']): PlanePoints {
  const points = kept.get(values) ?? taskMap(values, words).points;
  kept.set(values, points);
  return points;
}

/** How far maps reach that lie as the first does. */
function commonReach(maps: readonly PlanePoints[]): readonly [number, number] {
  const reaches = maps.map((points) => reachOf(alignedPoints(points, maps[0])));
  return [Math.max(...reaches.map(([wide]) => wide)), Math.max(...reaches.map(([, high]) => high))];
}

/** About a second of work: a map takes as many steps as the third power of its tasks. */
const mostSteps = 1e7;

/**
 * All moments, or as many as there is time for: every second, fourth… from the first, so that they stay the same while a
 * run goes on, and the last.
 */
function someOf(moments: readonly Moment[], tasks: number): readonly Moment[] {
  const most = Math.max(2, mostSteps / tasks ** 3);
  const stride = 2 ** Math.max(0, Math.ceil(Math.log2(moments.length / most)));
  return moments.filter((_, place) => place % stride === 0 || place === moments.length - 1);
}
