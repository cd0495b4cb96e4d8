import { measures } from '../../src/relatedness';
import type { RelatednessMatrix } from '../../src/runs/events';

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
  };
}
