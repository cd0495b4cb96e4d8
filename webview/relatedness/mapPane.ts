import type { RelatednessValues } from '../../src/relatedness';
import { taskMap } from '../../src/relatedness/taskMap';
import { cssColour } from '../../src/figures/colour';
import { oneLine, shorten } from '../../src/figures/labels';
import { plural, shortValue } from '../../src/figures/numbers';
import type { MeasureWords } from '../../src/figures/measureWords';
import { lineStyle } from '../../src/figures/palette';
import { svgFonts, textWidth } from '../../src/figures/svgText';
import { element, setText, svgElement } from '../shared/dom';
import type { Theme } from '../shared/theme';
import { button } from '../shared/toolkit';

export interface MapState {
  readonly tasks: readonly string[];
  readonly values: RelatednessValues;
  readonly words: MeasureWords;
  readonly theme: Theme;
}

const [width, height, margin, size] = [640, 400, 60, 12];

/** Tasks as points of a plane, those that are close lying close; drawn only while it is open. */
export function createMapPane(save: (name: string, svg: string) => void) {
  const place = element('div', { class: 'map-place' });
  const note = element('p', { class: 'note' });
  const saver = button({
    label: 'SVG',
    title: 'Save the map as a vector drawing',
    press: () => {
      const drawn = place.firstElementChild;
      if (drawn !== null && state) save(`${state.words.name}-map`, new XMLSerializer().serializeToString(drawn));
    },
  });
  const node = element('details', { class: 'map-pane', on: { toggle: draw } }, [
    element('summary', { text: 'Task map' }),
    place,
    note,
    saver.node,
  ]);
  let state: MapState | undefined;
  let drawn: MapState | undefined;

  function draw(): void {
    if (!node.open || state === undefined || (drawn?.values === state.values && drawn.theme === state.theme)) return;
    drawn = state;
    const known = state.values.some((row, from) => row.some((value, to) => from !== to && value !== null));
    place.replaceChildren(...(known ? [pictureOf(state)] : []));
    saver.node.hidden = !known;
    setText(note, known ? noteOf(state) : 'No two tasks have a value, so there is no map.');
  }

  return {
    node,
    update(next: MapState) {
      state = next;
      draw();
    },
  };
}

function noteOf({ values, words }: MapState): string {
  const { share, filled } = taskMap(values, words);
  const guessed = filled === 0 ? '' : ` ${plural(filled, 'pair')} had no value and count as the mean of their tasks.`;
  return `Close tasks lie close, by ${words.title}; directions are averaged, and the axes have no meaning of their own. The plane shows ${Math.round(100 * share)} % of how the tasks differ.${guessed}`;
}

function pictureOf({ tasks, values, words, theme }: MapState): SVGSVGElement {
  const { points, dissimilarities } = taskMap(values, words);
  const reach = points.map(([x, y]) => [Math.abs(x) / (width / 2 - margin), Math.abs(y) / (height / 2 - margin / 2)]);
  const scale = 1 / (Math.max(...reach.flat()) || 1);
  const places = points.map(([x, y]) => [width / 2 + x * scale, height / 2 - y * scale] as const);
  const taken: Box[] = places.map(([x, y]) => [x - 5, y - 5, x + 5, y + 5]);
  const marks = tasks.flatMap((task, at) => {
    const [x, y] = places[at];
    const others = tasks.map((_, other) => other).filter((other) => other !== at);
    const nearest = others.reduce((one, other) =>
      dissimilarities[at * tasks.length + other] < dissimilarities[at * tasks.length + one] ? other : one,
    );
    const value = values[at][nearest] ?? values[nearest][at];
    const said = `${oneLine(task)}: closest to ${oneLine(tasks[nearest])}${value === null ? '' : `, ${shortValue(value)}`}`;
    const title = svgElement('title', {});
    title.textContent = said;
    const point = svgElement(
      'circle',
      {
        cx: x,
        cy: y,
        r: 5,
        fill: cssColour(lineStyle(at, theme.kind).colour),
        tabindex: 0,
        role: 'img',
        'aria-label': said,
      },
      [title],
    );
    const label = shorten(task, 24);
    const spot = freeSpot(x, y, textWidth(label, size), taken);
    if (spot === undefined) return [point];
    taken.push(spot);
    const text = svgElement('text', {
      x: spot[0],
      y: spot[3] - 3,
      'font-size': size,
      fill: cssColour(theme.foreground),
    });
    text.textContent = label;
    return [point, text];
  });
  const ground = svgElement('rect', { width, height, fill: cssColour(theme.background) });
  const label = `Map of ${plural(tasks.length, 'task')} by ${words.title}; each point names the task that is closest.`;
  return svgElement(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'group', 'aria-label': label, 'font-family': svgFonts },
    [ground, ...marks],
  );
}

type Box = readonly [left: number, top: number, right: number, bottom: number];

/** Beside a point, where nothing else is; undefined where there is no such place, and the name is in the tooltip only. */
function freeSpot(x: number, y: number, wide: number, taken: readonly Box[]): Box | undefined {
  const half = size / 2 + 1;
  const spots: readonly Box[] = [
    [x + 8, y - half, x + 8 + wide, y + half],
    [x - 8 - wide, y - half, x - 8, y + half],
    [x - wide / 2, y - 7 - 2 * half, x + wide / 2, y - 7],
    [x - wide / 2, y + 7, x + wide / 2, y + 7 + 2 * half],
  ];
  return spots.find(
    ([left, top, right, bottom]) =>
      left >= 0 &&
      right <= width &&
      top >= 0 &&
      bottom <= height &&
      taken.every((box) => box[2] <= left || box[0] >= right || box[3] <= top || box[1] >= bottom),
  );
}
