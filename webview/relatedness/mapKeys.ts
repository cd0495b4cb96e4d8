import type { MapPoint } from '../../src/figures/mapFigure';

const steps = {
  ArrowLeft: { axis: 'x', step: -1 },
  ArrowRight: { axis: 'x', step: 1 },
  ArrowUp: { axis: 'y', step: -1 },
  ArrowDown: { axis: 'y', step: 1 },
} as const;

/**
 * The point that an arrow key goes to: the next one to that side, however far it is above or below, so that all can be
 * reached; Home and End go to the left and to the right end. Undefined for other keys.
 */
export function nextPoint(key: string, points: readonly Pick<MapPoint, 'x' | 'y'>[], from: number): number | undefined {
  const along = (axis: 'x' | 'y') =>
    points.map((_, at) => at).sort((one, other) => points[one][axis] - points[other][axis] || one - other);
  if (key === 'Home') return along('x').at(0);
  if (key === 'End') return along('x').at(-1);
  if (!Object.hasOwn(steps, key)) return undefined;
  const { axis, step } = steps[key as keyof typeof steps];
  const order = along(axis);
  return order[Math.min(order.length - 1, Math.max(0, order.indexOf(from) + step))];
}
