import { cssColour } from './colour';
import { dendrogramDepth } from './dendrogram';
import type { Pair } from './extremePairs';
import type { Edge } from './groups';
import { groupColour, groupEdges, runsOf } from './groups';
import { cellMark, intervalAt, smallestMarkedCell } from './intervals';
import type { MatrixFigure, MatrixPlace } from './matrixFigure';
import { shortValue } from './numbers';
import { pale, textAt, textWidth, xml } from './svgText';

/** Room for the bars of groups beside the rows, with their numbers; pixels. */
const barsRoom = 28;
/** Room for a dendrogram beside them, and its part that is kept clear of what is before it. */
const [treeRoom, clear] = [120, 10];
const small = 10;

/** How wide it is what lies beside the cells. */
export function besideWidth({ groups, dendrogram }: MatrixFigure): number {
  return (groups === undefined ? 0 : barsRoom) + (dendrogram === undefined ? 0 : treeRoom);
}

/** How high the scale of a dendrogram is, beneath the cells. */
export function scaleHeight({ dendrogram }: MatrixFigure): number {
  return dendrogram === undefined ? 0 : 20;
}

/** What has to be said of it all, in sentences. */
export function besideText(
  { words, intervals, dendrogram, treeMoment, groups }: MatrixFigure,
  cell: number,
): readonly string[] {
  return [
    ...(intervals === undefined || cell < smallestMarkedCell
      ? []
      : [
          `The circle in a cell is as wide as the 95 % bootstrap interval over ${intervals.seeds} seeds.`,
          ...(words.neutral === undefined ? [] : ['A cut corner: it holds the neutral value.']),
        ]),
    ...(groups === undefined
      ? []
      : [
          'Outlined: the groups.',
          ...(groups.some(({ helpers }) => helpers.length > 0) ? ['Dashed: what helpers do for them.'] : []),
        ]),
    ...(dendrogram === undefined
      ? []
      : [
          `The tree joins tasks at the mean of the matrix${treeMoment === undefined ? '' : ` of ${treeMoment}`} between its two sides.`,
        ]),
  ];
}

/** The marks of a cell's interval; empty where there are none. */
export function markedCell(
  { intervals, words, scale }: MatrixFigure,
  at: Pick<Pair, 'row' | 'column'>,
  { x, y, cell, colour }: { readonly x: number; readonly y: number; readonly cell: number; readonly colour: string },
): string {
  const interval = intervals && intervalAt(intervals, at);
  const mark = interval && cellMark(interval, cell, { neutral: words.neutral, span: scale.high - scale.low });
  if (mark === undefined) return '';
  const { corner, radius, offset } = mark;
  const [right, top] = [x + cell - 1, y + 1];
  const cut =
    corner === 0
      ? ''
      : xml('path', { d: pathOf([right - corner, top], [right, top], [right, top + corner]) + 'Z', fill: colour });
  const middle = { cx: x + cell / 2 - offset, cy: y + cell / 2 + offset };
  return cut + xml('circle', { ...middle, r: radius, fill: 'none', stroke: colour });
}

/** A line around each group's own cells, and a dashed one around what helpers of other groups do for it. */
export function drawGroups({ groups = [] }: MatrixFigure, { cell, left, top }: MatrixPlace): string {
  const path = (edges: readonly Edge[]) =>
    edges
      .map(([x1, y1, x2, y2]) =>
        pathOf(
          [left + (x1 + 0.5) * cell, top + (y1 + 0.5) * cell],
          [left + (x2 + 0.5) * cell, top + (y2 + 0.5) * cell],
        ),
      )
      .join('');
  const line = (edges: readonly Edge[], place: number, dash: Readonly<Record<string, string>>) => {
    if (edges.length === 0) return [];
    const d = path(edges);
    // On a white line, because cells may have the colour of the group.
    const ground = { d, fill: 'none', stroke: '#ffffff', 'stroke-width': 4, 'stroke-linecap': 'square' };
    const stroke = cssColour(groupColour(place, 'light'));
    return [xml('path', ground), xml('path', { d, fill: 'none', stroke, 'stroke-width': 2.4, ...dash })];
  };
  return groups
    .flatMap((group, place) => {
      const { own, help } = groupEdges(group);
      return [...line(help, place, { 'stroke-dasharray': '5 4' }), ...line(own, place, { 'stroke-linecap': 'square' })];
    })
    .join('\n');
}

/** A bar beside the rows that each group serves, with its number where there is room. */
export function drawGroupBars({ groups = [], columns }: MatrixFigure, { cell, left, top }: MatrixPlace): string {
  const x = left + cell * columns.length + 6;
  return groups
    .flatMap(({ serves }, place) =>
      runsOf(serves).flatMap(([first, last]) => {
        const [from, to] = [top + first * cell + 2, top + (last + 1) * cell - 2];
        const bar = {
          x,
          y: from,
          width: 4,
          height: Math.max(1, to - from),
          fill: cssColour(groupColour(place, 'light')),
        };
        const number = { 'font-size': small, 'font-weight': 'bold' };
        return [
          xml('rect', bar),
          ...(to - from < small ? [] : [textAt(x + 7, (from + to) / 2 + small * 0.36, String(place + 1), number)]),
        ];
      }),
    )
    .join('\n');
}

/** The joins of the rows beside them, with the scale beneath. */
export function drawDendrogram(
  { dendrogram, groups, rows, columns }: MatrixFigure,
  { cell, left, top }: MatrixPlace,
): string {
  if (dendrogram === undefined) return '';
  const start = left + cell * columns.length + (groups === undefined ? 0 : barsRoom) + clear;
  const x = (value: number | undefined) => start + dendrogramDepth(dendrogram, value) * (treeRoom - clear - 4);
  const y = (row: number) => top + (row + 0.5) * cell;
  const joins = dendrogram.joins.map(({ sides: [one, other], value }) =>
    pathOf(
      [x(one.value), y(one.row)],
      [x(value), y(one.row)],
      [x(value), y(other.row)],
      [x(other.value), y(other.row)],
    ),
  );
  const { closest, furthest } = dendrogram;
  const [from, to, beneath] = [x(closest), x(furthest), top + cell * rows.length + 6];
  const ticks = [...new Set([from, to])].map((tick) => pathOf([tick, beneath - 3], [tick, beneath + 3]));
  const [near, far] = [closest, furthest].map((value) => shortValue(Number(value.toPrecision(2))));
  const style = { 'font-size': small, fill: pale };
  const fits = to - from > textWidth(near, small) + textWidth(far, small) + 6;
  return [
    xml('path', { d: joins.join(''), fill: 'none', stroke: '#404040' }),
    xml('path', { d: [pathOf([from, beneath], [to, beneath]), ...ticks].join(''), fill: 'none', stroke: pale }),
    textAt(to + 2, beneath + 14, far, { ...style, 'text-anchor': 'end' }),
    ...(fits ? [textAt(from - 2, beneath + 14, near, style)] : []),
  ].join('\n');
}

function pathOf(...points: readonly (readonly [number, number])[]): string {
  const number = (value: number) => Number(value.toFixed(2));
  return `M${points.map(([x, y]) => `${number(x)} ${number(y)}`).join('L')}`;
}
