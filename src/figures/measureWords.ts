import { measureByName, stepMeasuresOf, type MeasureSentence, type RelatednessValues } from '../relatedness';

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
    ...(known ? { middle: '', ...known.ends, say: known.say } : plain),
    every: false,
    // Of a step a pair has a value where its batch has labels of both.
    absent: stepMeasuresOf([name]).length > 0 ? 'never seen together' : 'no value',
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
