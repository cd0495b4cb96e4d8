import type { measures } from '../relatedness';
import { shortValue } from './numbers';

/** Every measure that there is. */
export type MeasureName = (typeof measures)[number]['name'];

/**
 * What a number says of two tasks, in a plain sentence without its full stop.
 * @param from The task of the row, which gives where the measure is directed.
 * @param to The task of the column, which takes.
 */
export type MeasureSentence = (value: number, from: string, to: string) => string;

/** A share as a percentage, without its sign. */
function percent(share: number): string {
  return `${plain(100 * Math.abs(share))} %`;
}

/** Three significant digits. */
function plain(value: number): string {
  return shortValue(Number(value.toPrecision(3)));
}

/** The angle whose cosine this is, in degrees. */
function angle(cosine: number): string {
  return `${Math.round((Math.acos(Math.min(1, Math.max(-1, cosine))) * 180) / Math.PI)}°`;
}

/** A correlation: what goes together, goes apart, or does neither. */
function correlation(what: (from: string, to: string) => string, unit = 'a correlation'): MeasureSentence {
  return (value, from, to) => {
    const way = value > 0 ? 'go together' : value < 0 ? 'go opposite ways' : 'have nothing to do with each other';
    return `${what(from, to)} ${way}, with ${unit} of ${plain(value)}`;
  };
}

/** How much better or worse a task gets: a relative change of its result. */
function gain(cause: (from: string, to: string) => string, verb = 'gets'): MeasureSentence {
  return (value, from, to) =>
    value === 0
      ? `${to} ${verb} neither better nor worse ${cause(from, to)}`
      : `${to} ${verb} ${percent(value)} ${value > 0 ? 'better' : 'worse'} ${cause(from, to)}`;
}

const distance: MeasureSentence = (value, from, to) =>
  `${from} and ${to} are at a distance of ${plain(value)} in the parameters that they depend on: 0 the same, 1 entirely different ones`;

const alignment: MeasureSentence = (value, from, to) =>
  `what ${from} and ${to} make of the same rows is alike to ${plain(value)}: 1 but for rotation and scale, 0 not at all`;

/** Each with its unit and its direction. */
export const measureSentences: Readonly<Record<MeasureName, MeasureSentence>> = {
  'gradient-cosine': (value, from, to) =>
    `${from} and ${to} pull the shared parameters ${value > 0 ? 'the same way' : value < 0 ? 'against each other' : 'in unrelated ways'}, as at an angle of ${angle(value)}`,
  'gradient-magnitude': (value, from, to) =>
    value > 0
      ? `of the gradients of ${from} and ${to} one is ${plain((1 + Math.sqrt(Math.max(0, 1 - value ** 2))) / value)} times as long as the other`
      : `of the gradients of ${from} and ${to} one is as good as nothing against the other`,
  'conflict-rate': (value, from, to) =>
    `the gradients of ${from} and ${to} were opposed in ${percent(value)} of the measured steps`,
  'sign-purity': (value, from, to) =>
    `of what ${from} and ${to} ask of a parameter ${percent(value)} remains when both are followed, on average`,
  'tag-affinity': (value, from, to) =>
    value === 0
      ? `a step for ${from} leaves the loss of ${to} as it is`
      : `a step for ${from} ${value > 0 ? 'lowers' : 'raises'} the loss of ${to} by ${percent(value)}`,
  'usage-similarity': (value, from, to) => `${from} and ${to} have ${percent(value)} of their use in common`,
  'embedding-cosine': (value, from, to) =>
    `the vectors of ${from} and ${to} stand at an angle of ${angle(value)}: 0° the same, 90° unrelated, 180° opposite`,
  'label-correlation': correlation((from, to) => `the labels of ${from} and ${to}`),
  'residual-correlation': correlation((from, to) => `the errors made for ${from} and ${to}`),
  'linear-cka': alignment,
  'debiased-cka': alignment,
  rsa: correlation((from, to) => `what ${from} and ${to} find alike among the rows`, 'a rank correlation'),
  leep: (value, from, to) =>
    `by the classes that the model of ${from} predicts, the right label of ${to} has a probability of ${percent(Math.exp(value))} (geometric mean)`,
  nce: (value, from, to) =>
    `with the label of ${from} known, ${plain(Math.abs(value) / Math.LN2)} bits of the label of ${to} stay unknown`,
  logme: (value, from, to) =>
    `what ${from} makes of a row explains the label of ${to} with a log evidence of ${plain(value)} nats a row, to be compared within the column of ${to} only`,
  'h-score': (value, from, to) =>
    `what ${from} makes of the rows keeps the classes of ${to} apart by ${plain(value)}: 0 not at all, at most their number less 1`,
  'mtrl-correlation': correlation((from, to) => `the weights of the linear heads of ${from} and ${to}`),
  'fisher-distance': distance,
  'task2vec-distance': distance,
  'prediction-share': (value, from, to) =>
    from === to
      ? `${percent(value)} of what moves the answers of ${to} comes from itself`
      : `${percent(value)} of what moves the answers of ${to} comes from ${from}`,
  'loss-reliance': (value, from, to) =>
    value === 0
      ? `the loss of ${to} is the same with and without what ${from} contributes`
      : `the loss of ${to} is ${percent(value)} ${value > 0 ? 'lower' : 'higher'} with what ${from} contributes than without`,
  'pair-gain': gain((from) => `trained with ${from} than alone`),
  'leave-one-out-gain': gain((from) => `with ${from} among all tasks than with all but ${from}`),
  'ordered-transfer': (value, from, to) =>
    from === to
      ? `of all starts for ${to}, one from scratch is worth ${percent(value)}`
      : `of all starts for ${to}, one from ${from} is worth ${percent(value)}`,
  'grad-tae': gain((from) => `trained with ${from} than alone, by the estimate`, 'would get'),
};
