import { cssColour } from '../../src/figures/colour';
import type { MapFigure, MapPoint, TaskMapLayout } from '../../src/figures/mapFigure';
import { mapLayout, mapSize, pointColour } from '../../src/figures/mapFigure';
import { plural } from '../../src/figures/numbers';
import { textOn } from '../../src/figures/palette';
import { svgFonts } from '../../src/figures/svgText';
import { element, setText, svgElement } from '../shared/dom';
import type { Theme } from '../shared/theme';
import { button } from '../shared/toolkit';

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

/** Tasks as points of a plane, those that are close lying close; drawn only while it is open. */
export function createMapPane({ exportPng, exportSvg, exportCsv }: MapActions) {
  let state: MapState | undefined;
  let drawn: DrawnMap | undefined;
  let key = '';
  const place = element('div', { class: 'map-place' });
  const note = element('p', { class: 'note' });
  const saver = (label: string, title: string, save: (map: DrawnMap) => void) =>
    button({
      label,
      title,
      press: () => {
        if (drawn) save(drawn);
      },
    }).node;
  const savers = element('div', { class: 'map-savers' }, [
    saver('PNG', 'Save the map as a PNG picture', exportPng),
    saver('SVG', 'Save the map as a vector drawing on white, for papers', exportSvg),
    saver('CSV', 'Save the places of the tasks, and their groups, as CSV', exportCsv),
  ]);
  const node = element('details', { class: 'fold map-pane', on: { toggle: draw } }, [
    element('summary', { text: 'Task map' }),
    place,
    note,
    savers,
  ]);

  function draw(): void {
    if (!node.open || state === undefined) return;
    const { figure, theme } = state;
    const next = JSON.stringify([figure, theme]);
    if (next === key) return;
    key = next;
    const layout = mapLayout(figure);
    drawn = layout && { figure, layout };
    savers.hidden = layout === undefined;
    const focused = [...place.querySelectorAll('circle')].findIndex((point) => point === document.activeElement);
    place.replaceChildren(...(drawn ? [pictureOf(drawn, theme)] : []));
    place.querySelectorAll('circle').item(focused)?.focus();
    setText(note, layout?.note ?? 'No two tasks have a value, so there is no map.');
  }

  return {
    node,
    update(next: MapState) {
      state = next;
      draw();
    },
  };
}

function pictureOf({ figure: { tasks, words }, layout }: DrawnMap, theme: Theme): SVGSVGElement {
  const { width, height } = mapSize;
  const ground = svgElement('rect', { width, height, fill: cssColour(theme.background) });
  const label = `Map of ${plural(tasks.length, 'task')} by ${words.title}; each point names the task that is closest.`;
  return svgElement(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'group', 'aria-label': label, 'font-family': svgFonts },
    [ground, ...layout.points.flatMap((point) => marksOf(point, theme))],
  );
}

function marksOf(point: MapPoint, theme: Theme): readonly SVGElement[] {
  const { x, y, radius, said, group, label } = point;
  const fill = pointColour(point, theme.kind);
  const title = svgElement('title', {});
  title.textContent = said;
  const attributes = { cx: x, cy: y, r: radius, fill: cssColour(fill), tabindex: 0, role: 'img', 'aria-label': said };
  const text = (content: string, style: Readonly<Record<string, string | number>>) => {
    const node = svgElement('text', { 'aria-hidden': 'true', ...style });
    node.textContent = content;
    return node;
  };
  const number = { x, y: y + 3.6, 'text-anchor': 'middle', 'font-size': 10, 'font-weight': 'bold' };
  const name = { 'font-size': mapSize.font, fill: cssColour(theme.foreground) };
  return [
    svgElement('circle', attributes, [title]),
    ...(group === undefined
      ? []
      : [text(String(group + 1), { ...number, class: 'map-number', fill: cssColour(textOn(fill)) })]),
    ...(label ? [text(label.text, { x: label.x, y: label.y, ...name })] : []),
  ];
}
