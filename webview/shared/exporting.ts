import type { FromWebviewMessage } from '../../src/protocol/messages';
import { cssColour } from '../../src/figures/colour';
import { shorten } from '../../src/figures/labels';
import type { Theme } from './theme';

export interface LegendEntry {
  readonly label: string;
  /** Draws the sample of a line in a box of 28 by 12 with its left top at the origin. */
  readonly sample: (context: CanvasRenderingContext2D) => void;
}

export interface Picture {
  readonly title: string;
  readonly subtitle: string;
  /** Charts with their titles, in rows of `columns`. */
  readonly charts: readonly { readonly canvas: HTMLCanvasElement; readonly title?: string }[];
  readonly columns: number;
  readonly legend: readonly LegendEntry[];
}

const margin = 16;
const line = 20;
const legendColumn = 190;

/** Puts charts, titles and legend on one canvas with the theme's background, in the charts' own resolution. */
export function composePicture(picture: Picture, theme: Theme): HTMLCanvasElement {
  const first = picture.charts[0].canvas;
  const scale = first.width / Math.max(1, first.clientWidth);
  const cell = {
    width: first.clientWidth,
    height: Math.max(...picture.charts.map(({ canvas }) => canvas.clientHeight)),
  };
  const columns = Math.min(picture.columns, picture.charts.length);
  const rows = Math.ceil(picture.charts.length / columns);
  const titled = picture.charts.some(({ title }) => title !== undefined) ? line : 0;
  const width = Math.max(360, columns * cell.width + 2 * margin);
  const perRow = Math.max(1, Math.floor((width - 2 * margin) / legendColumn));
  const legendHeight = Math.ceil(picture.legend.length / perRow) * line;
  const top = margin + 2 * line + 8;
  const height = top + rows * (cell.height + titled) + (legendHeight > 0 ? legendHeight + 12 : 0) + margin;

  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This page cannot draw on a canvas.');
  context.scale(scale, scale);
  context.fillStyle = cssColour(theme.background);
  context.fillRect(0, 0, width, height);
  const write = (text: string, x: number, y: number, colour = theme.foreground, font = `13px ${theme.font}`) => {
    context.font = font;
    context.fillStyle = cssColour(colour);
    context.textBaseline = 'middle';
    context.fillText(text, x, y);
  };
  write(
    shorten(picture.title, Math.floor(width / 9)),
    margin,
    margin + line / 2,
    theme.foreground,
    `600 15px ${theme.font}`,
  );
  write(shorten(picture.subtitle, Math.floor(width / 7)), margin, margin + 1.5 * line, theme.muted);
  picture.charts.forEach((chart, place) => {
    const x = margin + (place % columns) * cell.width;
    const y = top + Math.floor(place / columns) * (cell.height + titled);
    if (chart.title !== undefined) write(shorten(chart.title, Math.floor(cell.width / 8)), x + 8, y + line / 2);
    context.drawImage(chart.canvas, x, y + titled, chart.canvas.clientWidth, chart.canvas.clientHeight);
  });
  picture.legend.forEach(({ label, sample }, place) => {
    const x = margin + (place % perRow) * legendColumn;
    const y = height - margin - legendHeight + Math.floor(place / perRow) * line;
    context.save();
    context.translate(x, y + 4);
    sample(context);
    context.restore();
    write(shorten(label, 22), x + 36, y + line / 2);
  });
  return canvas;
}

/** The message that offers a picture for saving. */
export function pngMessage(name: string, canvas: HTMLCanvasElement): FromWebviewMessage {
  return { type: 'export', name, format: 'png', content: canvas.toDataURL('image/png').replace(/^data:[^,]*,/, '') };
}
