import { cssColour } from '../../src/figures/colour';
import type { MapFigure, MapPoint, MapSize, TaskMapLayout } from '../../src/figures/mapFigure';
import { mapLayout, pointColour } from '../../src/figures/mapFigure';
import { plural } from '../../src/figures/numbers';
import { textOn } from '../../src/figures/palette';
import { svgFonts } from '../../src/figures/svgText';
import { element, setText, svgElement } from '../shared/dom';
import type { Theme } from '../shared/theme';
import { nextPoint } from './mapKeys';
import { saveButtons } from './saveButtons';

export interface MapState {
  readonly figure: MapFigure;
  readonly theme: Theme;
}

/** A map that is drawn. */
export interface DrawnMap {
  readonly figure: MapFigure;
  readonly layout: TaskMapLayout;
}

export interface MapActions {
  readonly exportPng: (map: DrawnMap) => void;
  readonly exportSvg: (map: DrawnMap) => void;
  readonly exportCsv: (map: DrawnMap) => void;
}

const hint = 'Point at a task, or go from one to the next by the arrow keys, to see which is closest to it.';

/** Tasks as points of a plane, those that are close lying close; made and drawn only while it is open. */
export function createMapPane({ exportPng, exportSvg, exportCsv }: MapActions) {
  let state: (() => MapState) | undefined;
  let drawn: DrawnMap | undefined;
  let key = '';
  /** The task that the keys are at. */
  let task: string | undefined;
  const said = element('p', { class: 'map-said', attributes: { 'aria-hidden': 'true' } });
  const place = element('div', { class: 'map-place', on: { keydown: move, focusin: look, pointerover: look } });
  place.addEventListener('focusout', () => setText(said, hint));
  place.addEventListener('pointerleave', () => setText(said, hint));
  const note = element('p', { class: 'note' });
  /** On paper it has a size of its own, whatever that of the panel is. */
  const saver = (save: (map: DrawnMap) => void) => () => {
    const layout = drawn && mapLayout(drawn.figure);
    if (drawn && layout) save({ figure: drawn.figure, layout });
  };
  const savers = saveButtons([
    { format: 'PNG', title: 'Save the map as a PNG picture', save: saver(exportPng) },
    { format: 'SVG', title: 'Save the map as a vector drawing on white, for papers', save: saver(exportSvg) },
    { format: 'CSV', title: 'Save the places of the tasks, and their groups, as CSV', save: saver(exportCsv) },
  ]);
  const node = element('details', { class: 'fold map-pane', on: { toggle: draw } }, [
    element('summary', { text: 'Task map' }),
    place,
    said,
    note,
    savers,
  ]);
  new ResizeObserver(draw).observe(place);

  function draw(): void {
    if (!node.open || state === undefined || place.clientWidth === 0) return;
    const { figure, theme } = state();
    const next = JSON.stringify([figure, theme, place.clientWidth]);
    if (next === key) return;
    key = next;
    const layout = mapLayout(figure, sizeIn(place.clientWidth, figure.tasks.length));
    drawn = layout && { figure, layout };
    savers.hidden = said.hidden = layout === undefined;
    const isFocused = place.contains(document.activeElement);
    place.replaceChildren(...(drawn ? [pictureOf(drawn, theme)] : []));
    const at = Math.max(0, figure.tasks.indexOf(task ?? ''));
    goTo(at, isFocused);
    if (!isFocused) setText(said, hint);
    setText(note, layout?.note ?? 'No two tasks have a value, so there is no map.');
  }

  function points(): readonly SVGCircleElement[] {
    return [...place.querySelectorAll('circle')];
  }

  /** One point is in the order of the tab key; the arrow keys go to the others. */
  function goTo(at: number, focus: boolean): void {
    points().forEach((point, other) => point.setAttribute('tabindex', other === at ? '0' : '-1'));
    if (focus) points().at(at)?.focus();
  }

  function move(event: Event): void {
    const { key, ctrlKey, metaKey, altKey } = event as KeyboardEvent;
    const from = points().findIndex((point) => point === document.activeElement);
    if (drawn === undefined || from < 0 || ctrlKey || metaKey || altKey) return;
    const next = nextPoint(key, drawn.layout.points, from);
    if (next === undefined) return;
    event.preventDefault();
    task = drawn.figure.tasks[next];
    goTo(next, true);
  }

  function look({ target }: Event): void {
    const words = target instanceof SVGCircleElement ? target.getAttribute('aria-label') : null;
    setText(said, words ?? hint);
  }

  return {
    node,
    /** @param next Called only while the map is open. */
    update(next: () => MapState) {
      state = next;
      draw();
    },
  };
}

/** The names keep their size, whatever room there is; many tasks have more of it where the panel is narrow. */
function sizeIn(width: number, tasks: number): MapSize {
  const height = Math.max(280, Math.round(width * 0.625), Math.min(width, 9 * tasks));
  return { width, height, margin: width < 500 ? 30 : 60, font: 12 };
}

function pictureOf({ figure: { tasks, words }, layout }: DrawnMap, theme: Theme): SVGSVGElement {
  const { width, height } = layout.size;
  const ground = svgElement('rect', { width, height, fill: cssColour(theme.background) });
  const label = `Map of ${plural(tasks.length, 'task')} by ${words.title}; each point names the task that is closest. Arrow keys go from point to point.`;
  return svgElement('svg', { width, height, role: 'group', 'aria-label': label, 'font-family': svgFonts }, [
    ground,
    ...layout.points.flatMap((point) => marksOf(point, { theme, font: layout.size.font })),
  ]);
}

function marksOf(
  point: MapPoint,
  { theme, font }: { readonly theme: Theme; readonly font: number },
): readonly SVGElement[] {
  const { x, y, radius, said, group, label } = point;
  const fill = pointColour(point, theme.kind);
  const title = svgElement('title', {});
  title.textContent = said;
  const attributes = {
    cx: x,
    cy: y,
    r: radius,
    fill: cssColour(fill),
    stroke: cssColour(theme.background),
    role: 'img',
    'aria-label': said,
  };
  const text = (content: string, style: Readonly<Record<string, string | number>>) => {
    const node = svgElement('text', { 'aria-hidden': 'true', ...style });
    node.textContent = content;
    return node;
  };
  const number = { x, y: y + 3.6, 'text-anchor': 'middle', 'font-size': 10, 'font-weight': 'bold' };
  const name = { 'font-size': font, fill: cssColour(theme.foreground) };
  return [
    svgElement('circle', attributes, [title]),
    ...(group === undefined
      ? []
      : [text(String(group + 1), { ...number, class: 'map-number', fill: cssColour(textOn(fill)) })]),
    ...(label ? [text(label.text, { x: label.x, y: label.y, ...name })] : []),
  ];
}
