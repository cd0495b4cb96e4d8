import { dot, sum } from '../common/linear/matrix';

/** Points of a plane. */
export type PlanePoints = readonly (readonly [number, number])[];

/**
 * Points moved, turned and mirrored so that they lie as near as can be to others, by the sum of squares between each and
 * its own (the orthogonal Procrustes problem: Schönemann, Psychometrika, 1966). Their distances stay as they are. In a
 * plane the best turn, and the best mirrored one, are angles; a mirror that is no better is left out.
 * @param reference As many points, in the same order.
 * @throws RangeError where there are more or fewer
 */
export function alignedPoints(points: PlanePoints, reference: PlanePoints): PlanePoints {
  if (points.length !== reference.length)
    throw new RangeError(`There are ${points.length} points for a reference of ${reference.length}.`);
  const [one, other] = [centred(points), centred(reference)];
  const [xx, xy, yx, yy] = one.axes.flatMap((axis) => other.axes.map((its) => dot(axis, its)));
  // Cosine and sine of either angle, times how well it does.
  const turned = [xx + yy, xy - yx] as const;
  const mirrored = [xx - yy, xy + yx] as const;
  const isMirrored = Math.hypot(...mirrored) > Math.hypot(...turned) * (1 + 1e-9);
  const [cosine, sine] = unit(isMirrored ? mirrored : turned);
  const up = isMirrored ? -1 : 1;
  const [left, bottom] = other.middle;
  const [xs, ys] = one.axes;
  return points.map((_, at) => [
    left + cosine * xs[at] - sine * up * ys[at],
    bottom + sine * xs[at] + cosine * up * ys[at],
  ]);
}

function centred(points: PlanePoints) {
  const axes = ([0, 1] as const).map((axis) => points.map((point) => point[axis]));
  const middle = axes.map((values) => sum(values) / Math.max(1, values.length));
  return { middle, axes: axes.map((values, axis) => values.map((value) => value - middle[axis])) };
}

/** The direction of a vector; no turn where it has none. */
function unit([x, y]: readonly [number, number]): readonly [number, number] {
  const length = Math.hypot(x, y);
  return length > 0 ? [x / length, y / length] : [1, 0];
}
