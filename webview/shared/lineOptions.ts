import type { ChartOptions, Scale, TooltipItem } from 'chart.js';
import { cssColour } from '../../src/figures/colour';
import { wrap } from '../../src/figures/labels';
import type { ChartLine, ChartSpec, DrawnPoint } from './lineSpec';
import { exactValue, shortValue } from '../../src/figures/numbers';
import type { Theme } from './theme';
import { linearTicks, logTicks } from './ticks';

/** The options of a line chart that never change: no animation, zoom, pan, pointing at the nearest line. */
export function baseOptions(zoomed: () => void): ChartOptions<'line'> {
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    normalized: true,
    parsing: false,
    interaction: { mode: 'line' },
    elements: { point: { radius: 0, hoverRadius: 5 } },
    layout: { padding: { top: 6, right: 12 } },
    plugins: {
      legend: { display: false },
      zoom: {
        zoom: {
          mode: 'xy',
          wheel: { enabled: true, speed: 0.12 },
          pinch: { enabled: true },
          drag: { enabled: true, threshold: 6 },
          onZoomComplete: zoomed,
        },
        pan: { enabled: true, mode: 'xy', modifierKey: 'shift', onPanComplete: zoomed },
      },
    },
  };
}

/** What differs between one drawing and the next: axes and colours. Limits that zooming set are kept by the caller. */
export function axisOptions(spec: ChartSpec, axis: 'x' | 'y', theme: Theme) {
  const { label, log } = spec[axis];
  const format = axis === 'x' ? spec.x.format : shortValue;
  const font = { family: theme.font, size: Math.max(10, theme.fontSize - 2) };
  return {
    type: log ? ('logarithmic' as const) : ('linear' as const),
    title: { display: label !== '', text: label, color: cssColour(theme.muted), font },
    grid: { color: cssColour(theme.grid), tickColor: cssColour(theme.grid) },
    border: { color: cssColour(theme.contrastBorder ?? theme.grid) },
    ticks: {
      color: cssColour(theme.muted),
      font,
      maxRotation: 0,
      autoSkip: axis === 'x',
      autoSkipPadding: 16,
      callback: (value: string | number) => format(Number(value)),
    },
    afterBuildTicks: (scale: Scale) => {
      const room = axis === 'x' ? scale.width / 70 : scale.height / 36;
      const most = Math.max(2, Math.floor(room));
      const least = axis === 'x' && spec.x.whole === true ? 1 : 0;
      const values = log ? logTicks(scale.min, scale.max, most) : linearTicks(scale.min, scale.max, most, least);
      scale.ticks = values.map((value) => ({ value }));
    },
  };
}

/** The tooltip: whose line, where, and the exact value. */
export function tooltipOptions(spec: ChartSpec, theme: Theme, lineAt: (dataset: number) => ChartLine | undefined) {
  const family = theme.font;
  return {
    backgroundColor: cssColour(theme.tooltipBackground),
    titleColor: cssColour(theme.tooltipForeground),
    bodyColor: cssColour(theme.tooltipForeground),
    borderColor: cssColour(theme.tooltipBorder),
    borderWidth: 1,
    cornerRadius: 3,
    padding: 8,
    displayColors: false,
    titleFont: { family, size: theme.fontSize },
    bodyFont: { family, size: theme.fontSize },
    animation: false as const,
    callbacks: {
      title: (items: TooltipItem<'line'>[]) =>
        items.length === 0 ? [] : wrap(lineAt(items[0].datasetIndex)?.label ?? '', 60),
      label: (item: TooltipItem<'line'>) => {
        const line = lineAt(item.datasetIndex);
        const { x, y, raw, best } = item.raw as DrawnPoint;
        return [
          ...(line === undefined || line.detail === '' ? [] : wrap(line.detail, 60)),
          `${spec.x.label.toLowerCase()} ${spec.x.format(x)}`,
          `${spec.y.label}: ${exactValue(y)}`,
          ...(raw === undefined || raw === y ? [] : [`before smoothing: ${exactValue(raw)}`]),
          ...(best === true ? ['best epoch'] : []),
        ];
      },
    },
  };
}
