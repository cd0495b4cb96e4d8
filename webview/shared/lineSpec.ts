import type { Colour } from '../../src/figures/colour';
import type { Marker } from '../../src/figures/palette';
import type { Points, Window } from './thinning';
import { visible } from './thinning';

/** One line of a chart. */
export interface ChartLine {
  readonly key: string;
  /** Lines of one group are brought forward together. */
  readonly group: string;
  readonly label: string;
  /** What tells it from others of its label, such as `validation · seed 1`. */
  readonly detail: string;
  /** x rises; values that are not finite are left out. */
  readonly points: Points;
  /** What `points.y` was before smoothing; shown beside it. */
  readonly raw?: readonly number[];
  /** Lowest and highest of several runs, at the same x. */
  readonly band?: { readonly low: readonly number[]; readonly high: readonly number[] };
  readonly colour: Colour;
  readonly dash: readonly number[];
  readonly marker: Marker;
  readonly width: number;
  /** Drawn beneath, without markers and not for pointing at: the line before smoothing. */
  readonly faint?: boolean;
  /** A value to compare with rather than a course; also faint. */
  readonly reference?: boolean;
  /** Marked with a ring: position in `points`. */
  readonly best?: number;
}

export interface ChartSpec {
  readonly title?: string;
  readonly lines: readonly ChartLine[];
  readonly x: {
    readonly label: string;
    readonly log: boolean;
    readonly format: (value: number) => string;
    /** Whether nothing is between one whole number and the next. */
    readonly whole?: boolean;
  };
  readonly y: { readonly label: string; readonly log: boolean; readonly limits?: readonly [number, number] };
  /** For those who do not see the chart. */
  readonly description: string;
  /** An x that is marked with a vertical line. */
  readonly at?: number;
}

export interface DrawnPoint {
  readonly x: number;
  readonly y: number;
  readonly raw?: number;
  readonly best?: boolean;
}

/** The points to draw: those that the axes can show, thinned to what the window's pixels can show. */
export function drawnPoints(line: ChartLine, window: Window, logY: boolean, values = line.points.y): DrawnPoint[] {
  const { x } = line.points;
  const positions = visible(line.points, window);
  const { best } = line;
  if (best !== undefined && !positions.includes(best)) {
    positions.push(best);
    positions.sort((one, two) => one - two);
  }
  return positions
    .filter((at) => Number.isFinite(values[at]) && (!logY || values[at] > 0) && (!window.log || x[at] > 0))
    .map((at) => ({
      x: x[at],
      y: values[at],
      ...(line.raw === undefined ? {} : { raw: line.raw[at] }),
      ...(at === best ? { best: true } : {}),
    }));
}

/** How many points a logarithmic axis cannot show. */
export function hiddenByLog(lines: readonly ChartLine[], logX: boolean, logY: boolean): number {
  if (!logX && !logY) return 0;
  return lines
    .filter(({ faint }) => faint !== true)
    .reduce(
      (sum, { points: { x, y } }) => sum + y.filter((value, at) => (logY && value <= 0) || (logX && x[at] <= 0)).length,
      0,
    );
}

/** Lowest and highest x of all lines; undefined without a point. */
export function extentOf(lines: readonly ChartLine[], log: boolean): readonly [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const { points } of lines) {
    if (points.x.length === 0) continue;
    const first = log ? points.x.find((value) => value > 0) : points.x[0];
    if (first !== undefined) low = Math.min(low, first);
    high = Math.max(high, points.x[points.x.length - 1]);
  }
  return low <= high ? [low, high] : undefined;
}
