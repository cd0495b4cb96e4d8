import type { Chart, Plugin, PointElement } from 'chart.js';
import { drawPoint } from 'chart.js/helpers';
import { cssColour, withAlpha } from '../../src/figures/colour';
import type { ChartLine, DrawnPoint } from './lineSpec';
import type { Theme } from './theme';

/** Marks per line: enough to tell lines apart, few enough to leave them visible. */
const marksPerLine = 7;

export interface Marked {
  readonly theme: Theme;
  /** By dataset; undefined for the edges of bands. */
  readonly lines: readonly (ChartLine | undefined)[];
  readonly emphasis: string | undefined;
  readonly at: number | undefined;
}

/**
 * Draws what chart.js has no word for: a few markers along each line (the second channel beside colour), a ring at the
 * best epoch, and a vertical line at a chosen x. One per chart.
 */
export function createMarks(current: () => Marked): Plugin<'line'> {
  return {
    id: 'marks',
    beforeDatasetsDraw(chart) {
      const { at, theme } = current();
      if (at !== undefined) drawVertical(chart, at, cssColour(withAlpha(theme.foreground, 0.5)));
    },
    afterDatasetsDraw(chart) {
      const { theme, lines, emphasis } = current();
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.beginPath();
      ctx.rect(chartArea.left - 6, chartArea.top - 6, chartArea.width + 12, chartArea.height + 12);
      ctx.clip();
      lines.forEach((line, place) => {
        if (line === undefined || line.faint === true) return;
        const faded = emphasis !== undefined && emphasis !== line.group;
        drawMarks(chart, place, line, cssColour(withAlpha(line.colour, faded ? 0.2 : 1)), theme);
      });
      ctx.restore();
    },
  };
}

function drawVertical(chart: Chart<'line'>, value: number, colour: string): void {
  const { ctx, chartArea, scales } = chart;
  const x = scales.x.getPixelForValue(value);
  if (!(x >= chartArea.left && x <= chartArea.right)) return;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.setLineDash([2, 3]);
  ctx.beginPath();
  ctx.moveTo(x, chartArea.top);
  ctx.lineTo(x, chartArea.bottom);
  ctx.stroke();
  ctx.restore();
}

function drawMarks(chart: Chart<'line'>, place: number, line: ChartLine, colour: string, theme: Theme): void {
  const elements = chart.getDatasetMeta(place).data as PointElement[];
  const data = chart.data.datasets[place].data as readonly DrawnPoint[];
  const { ctx, chartArea } = chart;
  const gap = Math.max(24, chartArea.width / marksPerLine);
  // Each line begins elsewhere, so that markers of lines that lie on each other stay apart.
  let next = chartArea.left + (elements.length <= marksPerLine ? 0 : (gap * ((place * 5) % 8)) / 8);
  ctx.strokeStyle = colour;
  ctx.fillStyle = colour;
  elements.forEach(({ x, y }, position) => {
    const alone = elements.length <= marksPerLine;
    if (data[position]?.best === true) {
      drawRing(ctx, x, y, colour, cssColour(theme.background));
      return;
    }
    if (!alone && x < next) return;
    if (x < chartArea.left - 1 || x > chartArea.right + 1) return;
    next = Math.max(next, x - gap) + gap;
    drawPoint(ctx, { pointStyle: line.marker, radius: 4, borderWidth: 2 }, x, y);
  });
}

function drawRing(ctx: CanvasRenderingContext2D, x: number, y: number, colour: string, inside: string): void {
  ctx.save();
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.arc(x, y, 6, 0, 2 * Math.PI);
  ctx.fillStyle = inside;
  ctx.fill();
  ctx.lineWidth = 2;
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(x, y, 2.5, 0, 2 * Math.PI);
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.restore();
}
