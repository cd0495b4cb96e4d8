import type { Position } from '../../src/experiment/problem';
import type { TableSummary } from '../../src/experiment/tableSummary';

/** A text with its cursor, which is written as `|`. */
export function marked(text: string): { text: string; position: Position } {
  const offset = text.indexOf('|');
  if (offset < 0) throw new Error('The text has no cursor mark.');
  const lines = text.slice(0, offset).split('\n');
  const position = { line: lines.length - 1, column: lines.at(-1)!.length };
  return { text: text.slice(0, offset) + text.slice(offset + 1), position };
}

export const tables: readonly TableSummary[] = [
  {
    path: ['data'],
    rows: 10,
    columns: [
      { name: 'age', kind: 'numeric', missing: 3, levels: [] },
      { name: 'sex', kind: 'text', missing: 0, levels: ['Female', 'Male'] },
      { name: 'marital status', kind: 'text', missing: 1, levels: ['Never married', 'Married: civilian', '50000+.'] },
      { name: '__proto__', kind: 'text', missing: 0, levels: ['1', '2'] },
    ],
  },
  {
    path: ['tasks', 'speech', 'data'],
    rows: 5,
    columns: [
      { name: 'digit', kind: 'numeric', missing: 0, levels: ['0', '1'] },
      { name: 'speaker', kind: 'text', missing: 0, levels: ['theo', 'lucas'] },
    ],
  },
];
