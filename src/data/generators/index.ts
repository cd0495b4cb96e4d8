import type { RelatedRegressions, TwoModalities } from '../../experiment/dataSchema';
import type { Finding, Path } from '../../experiment/problem';
import { error } from '../findings';
import type { Table } from '../table';
import { checkRelatedRegressions, generateRelatedRegressions } from './relatedRegressions';
import { generateTwoModalities } from './twoModalities';

export type GeneratedData = RelatedRegressions | TwoModalities;

/** Numbers that a generated table may hold: 200 million take 1.6 GB. */
const largest = 200_000_000;

/** What makes a generated table impossible, for the data object at `path`. */
export function checkGenerated(data: GeneratedData, path: Path): Finding[] {
  const width = data.inputs + (data.generate === 'related-regressions' ? data.tasks : 1);
  if (data.rows * width > largest) {
    const message = `${data.rows} rows of ${width} columns do not fit in memory. Keep rows times columns below ${largest}.`;
    return [error('table-too-large', [...path, 'rows'], message)];
  }
  return data.generate === 'related-regressions' ? checkRelatedRegressions(data, path) : [];
}

/** The table that a generator makes: a pure function of its options. */
export function generateTable(data: GeneratedData): Table {
  switch (data.generate) {
    case 'related-regressions':
      return generateRelatedRegressions(data);
    case 'two-modalities':
      return generateTwoModalities(data);
  }
}
