import { measures } from '../../src/relatedness';
import type { RelatednessMatrix, UsageMatrix } from '../../src/runs/events';

/** A measure as the panel explains it. */
export interface MeasureWords {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** Infinite where the measure has no bound. */
  readonly range: readonly [number, number];
  /** What the lowest, the neutral and the highest value mean. */
  readonly low: string;
  readonly middle: string;
  readonly high: string;
  /** What the absence of a value means. */
  readonly unknown: string;
}

const endWords: ReadonlyMap<string, Pick<MeasureWords, 'low' | 'middle' | 'high'>> = new Map([
  ['gradient-cosine', { low: 'in conflict', middle: 'unrelated', high: 'pull together' }],
]);

/** Words for a measure; for one that this version does not know, what its matrix says of itself. */
export function measureWords(name: string, matrix: RelatednessMatrix | undefined): MeasureWords {
  const known = measures.find((measure) => measure.name === name);
  const closer = known?.higherIsCloser ?? matrix?.higherIsCloser ?? true;
  const plain = closer
    ? { low: 'less related', middle: '', high: 'more related' }
    : { low: 'more related', middle: '', high: 'less related' };
  return {
    name,
    title: known?.title ?? name,
    summary: known?.summary ?? '',
    range: known?.range ?? [-Infinity, Infinity],
    ...(endWords.get(name) ?? plain),
    unknown: 'never seen together',
  };
}

/** Words for what the sharing architecture shows of how tasks use what they share. */
export function usageWords(name: string, { title, values }: UsageMatrix): MeasureWords {
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
    unknown: 'no labelled row',
  };
}
