import { cssColour } from '../../src/figures/colour';
import { fileName } from '../../src/figures/labels';
import { mapSvg, pointColour } from '../../src/figures/mapFigure';
import { textOn } from '../../src/figures/palette';
import type { CsvCell } from '../shared/csv';
import { toCsv } from '../shared/csv';
import { composePicture, pngMessage } from '../shared/exporting';
import type { Panel } from '../shared/panel';
import { runLabel } from '../shared/runStore';
import type { Theme } from '../shared/theme';
import type { DrawnMap, MapActions } from './mapPane';

/** What the buttons do that save the map. */
export function createMapExports(panel: Panel): MapActions {
  const title = () =>
    panel.view.runs
      .slice(0, 1)
      .map(({ id }) => runLabel(id, panel.view.listings))
      .join();
  const name = ({ figure: { words, moment } }: DrawnMap, extension: string) =>
    fileName([title(), words.name, 'map', moment], extension);
  return {
    exportSvg: (map) =>
      panel.post({
        type: 'export',
        name: name(map, 'svg'),
        format: 'svg',
        content: mapSvg(title(), map.figure, map.layout),
      }),
    exportCsv: (map) =>
      panel.post({ type: 'export', name: name(map, 'csv'), format: 'csv', content: toCsv(mapHeader, mapRows(map)) }),
    exportPng: (map) => panel.post(pngMessage(name(map, 'png'), pictureOf(title(), map, panel.theme))),
  };
}

export const mapHeader = ['task', 'x', 'y', 'group'] as const;

/** The places of the tasks, and the numbers of their groups where there are some. */
export function mapRows({ layout: { points } }: DrawnMap): readonly (readonly CsvCell[])[] {
  return points.map(({ task, place: [x, y], group }) => [task, x, y, group === undefined ? null : group + 1]);
}

/** Twice as many pixels as on the screen. */
const sharpness = 2;

function pictureOf(title: string, map: DrawnMap, theme: Theme): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  const { width, height } = map.layout.size;
  [canvas.width, canvas.height] = [sharpness * width, sharpness * height];
  [canvas.style.width, canvas.style.height] = [`${width}px`, `${height}px`];
  drawMap(canvas, map, theme);
  // In the page as long as its size is asked for.
  document.body.append(canvas);
  const { words, moment } = map.figure;
  const picture = { title, subtitle: `${words.title}, ${moment}`, charts: [{ canvas }], columns: 1, legend: [] };
  const composed = composePicture(picture, theme);
  canvas.remove();
  return composed;
}

function drawMap(canvas: HTMLCanvasElement, { layout: { size, points } }: DrawnMap, theme: Theme): void {
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This page cannot draw on a canvas.');
  context.scale(sharpness, sharpness);
  for (const point of points) {
    const { x, y, radius, group, label } = point;
    const fill = pointColour(point, theme.kind);
    context.fillStyle = cssColour(fill);
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
    if (group !== undefined) {
      context.font = `bold 10px ${theme.font}`;
      context.textAlign = 'center';
      context.fillStyle = cssColour(textOn(fill));
      context.fillText(String(group + 1), x, y + 3.6);
    }
    if (label === undefined) continue;
    context.font = `${size.font}px ${theme.font}`;
    context.textAlign = 'left';
    context.fillStyle = cssColour(theme.foreground);
    context.fillText(label.text, label.x, label.y);
  }
}
