import type { Position } from '../experiment/problem';
import type { TableSummary } from '../experiment/tableSummary';
import { keyCandidates } from './completeKeys';
import { valueCandidates } from './completeValues';
import type { Candidate, Completion } from './completion';
import { cursorAt } from './cursor';
import type { Cursor } from './cursor';

/**
 * What can be written at a place of an experiment file, the best first. Works in a file that is broken or half written.
 * @param tables What is known of the data; without it columns are offered only where the file itself names them.
 */
export function complete(text: string, position: Position, tables: readonly TableSummary[]): Completion[] {
  const cursor = cursorAt(text, position);
  if (!cursor) return [];
  const candidates = cursor.role === 'key' ? keyCandidates(cursor, tables) : valueCandidates(cursor, tables);
  return candidates.map((candidate, index) => placed(candidate, index, cursor));
}

function placed(candidate: Candidate, index: number, { range, quote }: Cursor): Completion {
  return {
    snippet: false,
    suggestNext: false,
    filterText: `${quote}${candidate.label}${quote}`,
    ...candidate,
    range,
    sortText: String(index).padStart(5, '0'),
  };
}
