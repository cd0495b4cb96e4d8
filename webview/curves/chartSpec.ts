import type { MetricName } from '../../src/experiment/metric';
import { higherIsBetter } from '../../src/experiment/metric';
import type { ChartLine, ChartSpec } from '../shared/lineSpec';
import { shorten } from '../../src/figures/labels';
import { count, duration, plural, shortValue } from '../../src/figures/numbers';
import type { Axis } from './settings';

export const metricTitles: Readonly<Record<MetricName, string>> = {
  loss: 'Loss',
  mse: 'Mean squared error',
  mae: 'Mean absolute error',
  rmse: 'Root mean squared error',
  r2: 'R²',
  explainedVariance: 'Explained variance',
  crossEntropy: 'Cross-entropy',
  accuracy: 'Accuracy',
  macroF1: 'Macro F1',
  auc: 'AUC',
};

export const axisTitles: Readonly<Record<Axis, string>> = { steps: 'Steps', epochs: 'Epochs', time: 'Time' };

const axisNames: Readonly<Record<Axis, string>> = { steps: 'Step', epochs: 'Epoch', time: 'Time of training' };

/** How a metric is named beside an axis: with the direction in which it is better, which not everybody knows by heart. */
export function metricLabel(metric: MetricName): string {
  return `${metricTitles[metric]} (${higherIsBetter[metric] ? 'higher' : 'lower'} is better)`;
}

export function formatPlace(axis: Axis): (value: number) => string {
  switch (axis) {
    case 'steps':
      return (value) => (Number.isInteger(value) ? count(value) : shortValue(value));
    case 'epochs':
      return (value) => String(Number(value.toFixed(2)));
    case 'time':
      return (value) => duration(value);
  }
}

/** A chart of these lines. */
export function specOf(
  lines: readonly ChartLine[],
  options: {
    readonly axis: Axis;
    readonly logX: boolean;
    readonly logY: boolean;
    readonly yLabel: string;
    readonly title?: string;
  },
): ChartSpec {
  const { axis, logX, logY, yLabel, title } = options;
  return {
    ...(title === undefined ? {} : { title }),
    lines,
    x: { label: axisNames[axis], log: logX, format: formatPlace(axis), whole: axis !== 'time' },
    y: { label: yLabel, log: logY },
    description: description(lines, yLabel, axisNames[axis]),
  };
}

function description(lines: readonly ChartLine[], yLabel: string, xLabel: string): string {
  const shown = lines.filter(({ faint }) => faint !== true);
  const last = shown.slice(0, 6).map(({ label, detail, points }) => {
    const value = points.y.at(-1);
    return `${shorten(label, 40)} ${detail}: ${value === undefined ? 'no value' : shortValue(value)}`;
  });
  const more = shown.length > last.length ? `, and ${plural(shown.length - last.length, 'line')} more` : '';
  return (
    `${yLabel} by ${xLabel.toLowerCase()}, ${plural(shown.length, 'line')}. Last values: ${last.join('; ')}${more}. ` +
    'Keys: plus and minus zoom, arrows move, 0 shows all.'
  );
}
