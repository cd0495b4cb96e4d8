import type { RelatednessValues } from '../relatedness';
import type { TaskGroup } from '../relatedness/grouping';
import { hasPairs } from '../relatedness/pairs';
import { alignedPoints, type PlanePoints } from '../relatedness/procrustes';
import { taskMap, type TaskMap } from '../relatedness/taskMap';
import { cssColour } from './colour';
import { groupColour } from './groups';
import { oneLine, shorten } from './labels';
import type { MeasureWords } from './measureWords';
import { plural, shortValue } from './numbers';
import type { Colour } from './colour';
import type { ThemeKind } from './palette';
import { lineStyle, textOn } from './palette';
import { fitted, lines, pale, svgFonts, textAt, textWidth, xml, xmlText } from './svgText';

/** Tasks to be laid out in a plane, close ones close. */
export interface MapFigure {
  readonly words: MeasureWords;
  /** Of what in training it is. */
  readonly moment: string;
  readonly tasks: readonly string[];
  readonly values: RelatednessValues;
  /** Groups of the tasks, by their positions. */
  readonly groups?: readonly TaskGroup[];
  /** A map of the same tasks, in their order, as which this one is to lie. */
  readonly reference?: MapReference;
  /** How far the maps of all epochs reach from their middle, to either side and up or down: then all have one scale. */
  readonly reach?: readonly [number, number];
}

/** A map that others are turned and mirrored to lie as, so that they can be compared. */
export interface MapReference {
  /** Of what in training it is. */
  readonly moment: string;
  readonly points: PlanePoints;
}

/** A task in the plane; pixels from the left top of its map. */
export interface MapPoint {
  readonly task: string;
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** In the units of the dissimilarities, about the middle of the map. */
  readonly place: readonly [number, number];
  /** Position of its group; absent where no groups are shown. */
  readonly group?: number;
  /** Its name and the task that is closest, in words. */
  readonly said: string;
  /** Where its name stands: the left end of its line; absent where there is no room for it. */
  readonly label?: { readonly x: number; readonly y: number; readonly text: string };
}

export interface TaskMapLayout {
  readonly size: MapSize;
  readonly points: readonly MapPoint[];
  /** What the map shows, and how much of it. */
  readonly note: string;
}

/** How large a map is, the room around its points and the size of the names; pixels. */
export interface MapSize {
  readonly width: number;
  readonly height: number;
  readonly margin: number;
  readonly font: number;
}

/** That of a map on paper. */
const paperSize: MapSize = { width: 640, height: 400, margin: 60, font: 12 };

/** Undefined where no two tasks have a value. */
export function mapLayout(figure: MapFigure, size: MapSize = paperSize): TaskMapLayout | undefined {
  const { tasks, values, words, groups, reference } = figure;
  if (!hasPairs(values)) return undefined;
  const map = taskMap(values, words);
  const points = reference === undefined ? map.points : alignedPoints(map.points, reference.points);
  const radius = groups === undefined ? 5 : 8;
  const places = placesIn(points, size, figure.reach);
  const taken: Box[] = places.map(([x, y]) => [x - radius, y - radius, x + radius, y + radius]);
  const groupOf = new Map(groups?.flatMap(({ serves }, group) => serves.map((task) => [task, group])));
  const laid = tasks.map((task, at): MapPoint => {
    const [x, y] = places[at];
    const group = groupOf.get(at);
    const text = shorten(task, longestName);
    const spot = freeSpot([x, y, radius], textWidth(text, size.font), { taken, size });
    if (spot !== undefined) taken.push(spot);
    return {
      task,
      x,
      y,
      radius,
      place: points[at],
      ...(group === undefined ? {} : { group }),
      said: `${nearestWords(at, figure, map.dissimilarities)}${group === undefined ? '' : `; group ${group + 1}`}`,
      ...(spot && { label: { x: spot[0], y: spot[3] - 3, text } }),
    };
  });
  return { size, points: laid, note: noteOf(figure, map, laid) };
}

/** Longer names are shortened. */
const longestName = 24;

/** How far points lie from their middle, to either side and up or down. */
export function reachOf(points: PlanePoints): readonly [number, number] {
  return [Math.max(...points.map(([x]) => Math.abs(x))), Math.max(...points.map(([, y]) => Math.abs(y)))];
}

/** As large as there is room, also for others that reach so far. */
function placesIn(
  points: PlanePoints,
  { width, height, margin }: MapSize,
  [wide, high]: readonly [number, number] = [0, 0],
): readonly (readonly [number, number])[] {
  const [x, y] = reachOf(points);
  const reach = Math.max(Math.max(x, wide) / (width / 2 - margin), Math.max(y, high) / (height / 2 - margin / 2));
  const scale = 1 / (reach || 1);
  return points.map(([x, y]) => [width / 2 + x * scale, height / 2 - y * scale]);
}

function nearestWords(at: number, { tasks, values }: MapFigure, dissimilarities: ArrayLike<number>): string {
  const from = at * tasks.length;
  const others = tasks.map((_, other) => other).filter((other) => other !== at);
  const nearest = others.reduce((one, other) =>
    dissimilarities[from + other] < dissimilarities[from + one] ? other : one,
  );
  const value = values[at][nearest] ?? values[nearest][at];
  return `${oneLine(tasks[at])}: closest to ${oneLine(tasks[nearest])}${value === null ? '' : `, ${shortValue(value)}`}`;
}

function noteOf(
  { words: { title }, reference, reach }: MapFigure,
  { share, filled }: TaskMap,
  points: readonly MapPoint[],
): string {
  const unnamed = points.filter(({ label }) => label === undefined).length;
  return [
    `Close tasks lie close, by ${title}; directions are averaged, and the axes have no meaning of their own.`,
    `The plane shows ${Math.round(100 * share)} % of how the tasks differ.`,
    ...(reference === undefined ? [] : [`The map is turned to lie as that of ${reference.moment} does.`]),
    ...(reach === undefined ? [] : ['All epochs have one scale.']),
    ...(filled === 0 ? [] : [`${plural(filled, 'pair')} had no value and count as the mean of their tasks.`]),
    ...(unnamed === 0 ? [] : [`There is no room for ${unnamed === 1 ? 'one name' : `${unnamed} names`}.`]),
  ].join(' ');
}

/** The colour of a point. */
export function pointColour({ group }: MapPoint, kind: ThemeKind): Colour {
  return group === undefined ? lineStyle(0, kind).colour : groupColour(group, kind);
}

/**
 * A vector drawing of a map, as a document of its own, on white.
 * @param title What it is of, such as the run.
 */
export function mapSvg(
  title: string,
  { words, moment }: MapFigure,
  { size: { width, height, font }, points, note }: TaskMapLayout,
): string {
  const margin = 20;
  const top = margin + 44;
  const below = lines(note, 11, width);
  const size = { width: width + 2 * margin, height: top + height + below.length * 16 + margin };
  const heading = `${words.title}, ${moment}`;
  const marks = points.flatMap((point) => {
    const fill = pointColour(point, 'light');
    const number = { 'text-anchor': 'middle', 'font-size': 10, 'font-weight': 'bold', fill: cssColour(textOn(fill)) };
    return [
      xml(
        'circle',
        { cx: point.x, cy: point.y, r: point.radius, fill: cssColour(fill) },
        xml('title', {}, xmlText(point.said)),
      ),
      ...(point.group === undefined ? [] : [textAt(point.x, point.y + 3.6, String(point.group + 1), number)]),
      ...(point.label ? [textAt(point.label.x, point.label.y, point.label.text, { 'font-size': font })] : []),
    ];
  });
  const content = [
    xml('title', {}, xmlText(`${title}: map of tasks by ${heading}`)),
    xml('rect', { ...size, fill: '#ffffff' }),
    textAt(margin, margin + 12, fitted(title, 15, width), { 'font-size': 15, 'font-weight': 'bold' }),
    textAt(margin, margin + 32, fitted(heading, 11, width), { 'font-size': 11, fill: pale }),
    xml('g', { transform: `translate(${margin} ${top})` }, `\n${marks.join('\n')}\n`),
    ...below.map((text, at) => textAt(margin, top + height + (at + 1) * 16, text, { 'font-size': 11, fill: pale })),
  ];
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    ...size,
    viewBox: `0 0 ${size.width} ${size.height}`,
    role: 'img',
    'font-family': svgFonts,
    fill: '#1a1a1a',
  };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml('svg', attributes, `\n${content.join('\n')}\n`)}\n`;
}

type Box = readonly [left: number, top: number, right: number, bottom: number];

/** Beside a point, or else above or below it, where nothing else is; undefined where there is no such place. */
function freeSpot(
  [x, y, radius]: readonly [number, number, number],
  wide: number,
  { taken, size: { width, height, font } }: { readonly taken: readonly Box[]; readonly size: MapSize },
): Box | undefined {
  const high = font + 2;
  const [beside, over, aslant] = [radius + 3, radius + 2, radius * 0.7 + 1];
  const [left, right, middle] = [x - beside - wide, x + beside, x - wide / 2];
  const [above, below] = [y - over - high, y + over];
  const corners = [
    [right, y - high / 2],
    [left, y - high / 2],
    [middle, above],
    [middle, below],
    ...[x + aslant, x - aslant - wide].flatMap((from) => [
      [from, y - aslant - high],
      [from, y + aslant],
    ]),
  ];
  return corners
    .map(([from, top]): Box => [from, top, from + wide, top + high])
    .find(
      ([left, top, right, bottom]) =>
        left >= 0 &&
        right <= width &&
        top >= 0 &&
        bottom <= height &&
        taken.every((box) => box[2] <= left || box[0] >= right || box[3] <= top || box[1] >= bottom),
    );
}
