import { measureByName, type RelatednessValues } from '../relatedness';
import { measureSentences, type MeasureName, type MeasureSentence } from './measureSentences';

/** A measure as the panel explains it. */
export interface MeasureWords {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** Infinite where the measure has no bound. */
  readonly range: readonly [number, number];
  readonly directed: boolean;
  readonly higherIsCloser: boolean;
  /** The value of tasks that have nothing to do with each other, where there is such a value. */
  readonly neutral?: number;
  /** What the lowest, the neutral and the highest value mean. */
  readonly low: string;
  readonly middle: string;
  readonly high: string;
  /** Whether rows and columns are not the same, so that a place in both lists is a pair like any other. */
  readonly every: boolean;
  /** What it means that a pair has no value. */
  readonly absent: string;
  /** What a number says, with its unit and its direction; absent for measures that this version does not know. */
  readonly say?: MeasureSentence;
}

/** What a matrix says of itself. */
interface MatrixSense {
  readonly directed: boolean;
  readonly higherIsCloser: boolean;
}

/** A matrix that shows how tasks use what they share, as far as its words go. */
interface UsageSense {
  readonly title: string;
  readonly values: RelatednessValues;
}

type EndWords = Pick<MeasureWords, 'low' | 'middle' | 'high'>;

const correlated: EndWords = { low: 'opposite', middle: 'unrelated', high: 'alike' };
const helping: EndWords = { low: 'hurts', middle: 'no effect', high: 'helps' };
const far: EndWords = { low: 'alike', middle: 'unrelated', high: 'unrelated' };

/** Every measure, with what its ends mean: from the lowest value to the highest. */
const endWords: Readonly<Record<MeasureName, EndWords>> = {
  'gradient-cosine': { low: 'in conflict', middle: 'unrelated', high: 'pull together' },
  'gradient-magnitude': { low: 'one dominates', middle: '', high: 'equally strong' },
  'conflict-rate': { low: 'never in conflict', middle: 'as by chance', high: 'always in conflict' },
  'sign-purity': { low: 'signs opposed', middle: '', high: 'signs agree' },
  'tag-affinity': helping,
  'usage-similarity': { low: 'nothing in common', middle: '', high: 'use the same' },
  'embedding-cosine': correlated,
  'label-correlation': correlated,
  'residual-correlation': correlated,
  'linear-cka': { low: 'unrelated', middle: 'unrelated', high: 'alike' },
  'debiased-cka': correlated,
  rsa: correlated,
  leep: { low: 'tells little', middle: '', high: 'tells all' },
  nce: { low: 'tells little', middle: '', high: 'tells all' },
  logme: { low: 'explains little', middle: '', high: 'explains more' },
  'h-score': { low: 'not kept apart', middle: '', high: 'kept apart' },
  'mtrl-correlation': correlated,
  'fisher-distance': far,
  'task2vec-distance': far,
  'prediction-share': { low: 'no part', middle: 'no part', high: 'all of it' },
  'loss-reliance': helping,
  'pair-gain': helping,
  'leave-one-out-gain': helping,
  'ordered-transfer': { low: 'poor start', middle: '', high: 'best start' },
  'grad-tae': helping,
};

/** Whether this version knows the measure. */
function isMeasure(name: string): name is MeasureName {
  return Object.hasOwn(endWords, name);
}

/** Measures of steps: a pair has a value once a batch has had rows of both. */
const ofBatches: readonly string[] = ['gradient-cosine', 'gradient-magnitude', 'conflict-rate', 'sign-purity'];

/** Words for a measure; for one that this version does not know, what its matrix says of itself. */
export function measureWords(name: string, matrix: MatrixSense | undefined): MeasureWords {
  const known = measureByName(name);
  const higherIsCloser = known?.higherIsCloser ?? matrix?.higherIsCloser ?? true;
  const plain = higherIsCloser
    ? { low: 'less related', middle: '', high: 'more related' }
    : { low: 'more related', middle: '', high: 'less related' };
  return {
    name,
    title: known?.title ?? name,
    summary: known?.summary ?? '',
    range: known?.range ?? [-Infinity, Infinity],
    directed: known?.directed ?? matrix?.directed ?? false,
    higherIsCloser,
    ...(known?.neutral === undefined ? {} : { neutral: known.neutral }),
    ...(isMeasure(name) ? { ...endWords[name], say: measureSentences[name] } : plain),
    every: false,
    absent: ofBatches.includes(name) ? 'never seen together' : 'no value',
  };
}

/** Words for what the sharing architecture shows of how tasks use what they share. */
export function usageWords(name: string, { title, values }: UsageSense): MeasureWords {
  const known = values.flat().filter((value) => value !== null);
  const share = known.every((value) => value >= 0 && value <= 1);
  return {
    name,
    title,
    summary:
      'From the rows to what they use, after each epoch: means over the labelled rows of the validation split, where it differs from row to row.',
    range: share ? [0, 1] : [-Infinity, Infinity],
    ...(share
      ? { low: 'not used', middle: '', high: 'used alone' }
      : { low: 'negative', middle: 'none', high: 'positive' }),
    directed: false,
    higherIsCloser: true,
    ...(share ? {} : { neutral: 0 }),
    every: true,
    absent: 'no labelled row',
  };
}

/** How a cell is to be read. Empty where the numbers say it themselves: higher is closer, with no direction. */
export function readingOf({ directed, higherIsCloser }: MeasureWords): string {
  const sentences = [
    ...(higherIsCloser ? [] : ['Lower is closer: the bar runs from high values to low ones.']),
    ...(directed ? ["Rows give, columns take: a cell is what its row's task does for its column's."] : []),
  ];
  return sentences.join(' ');
}
