import { shortValue } from '../../common/shortValue';
import type { MeasureEnds, MeasureSentence } from '../measure';

/** What the ends of a correlation or a cosine mean. */
export const correlated: MeasureEnds = { low: 'opposite', middle: 'unrelated', high: 'alike' };

/** What the ends of a gain mean. */
export const helping: MeasureEnds = { low: 'hurts', middle: 'no effect', high: 'helps' };

/** A share as a percentage, without its sign. */
export function percent(share: number): string {
  return `${plain(100 * Math.abs(share))} %`;
}

/** Three significant digits. */
export function plain(value: number): string {
  return shortValue(Number(value.toPrecision(3)));
}

/** The angle whose cosine this is, in degrees. */
export function angle(cosine: number): string {
  return `${Math.round((Math.acos(Math.min(1, Math.max(-1, cosine))) * 180) / Math.PI)}°`;
}

/** A correlation: what goes together, goes apart, or does neither. */
export function correlation(what: (from: string, to: string) => string, unit = 'a correlation'): MeasureSentence {
  return (value, from, to) => {
    const way = value > 0 ? 'go together' : value < 0 ? 'go opposite ways' : 'have nothing to do with each other';
    return `${what(from, to)} ${way}, with ${unit} of ${plain(value)}`;
  };
}

/** How much better or worse a task gets: a relative change of its result. */
export function gain(cause: (from: string, to: string) => string, verb = 'gets'): MeasureSentence {
  return (value, from, to) =>
    value === 0
      ? `${to} ${verb} neither better nor worse ${cause(from, to)}`
      : `${to} ${verb} ${percent(value)} ${value > 0 ? 'better' : 'worse'} ${cause(from, to)}`;
}
