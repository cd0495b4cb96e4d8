import { checkExperiment } from '../experiment/check';
import { locate, sharedDocument } from '../experiment/document';
import type { MeasureEstimate } from '../experiment/measureEstimate';
import type { Position } from '../experiment/problem';
import { withPlainFormulas } from './formula';

/** What a measure is about to cost, behind its name. */
export interface CostHint {
  readonly position: Position;
  readonly label: string;
  /** How it comes about. */
  readonly markdown: string;
}

/**
 * The costs of the measures that an experiment file names. None where it has errors; measures that are not written have
 * no place for one.
 * @param costs Of its measures, as file and data were when they were last read.
 */
export function costHints(text: string, costs: readonly MeasureEstimate[]): readonly CostHint[] {
  const { experiment } = checkExperiment(text);
  if (experiment === undefined) return [];
  const source = sharedDocument(text);
  return costs.flatMap(({ measure, label, short, explanation }) => {
    const place = experiment.relatedness.measures.findIndex((name) => name === measure);
    const { start, end } = locate(source, ['relatedness', 'measures', place]);
    // Where the list is not written, the place is that of something else.
    return textBetween(text, start, end).includes(measure)
      ? [{ position: end, label: short, markdown: `${label}\n\n${withPlainFormulas(explanation)}` }]
      : [];
  });
}

function textBetween(text: string, start: Position, end: Position): string {
  return start.line === end.line ? (text.split(/\r\n|\r|\n/)[start.line] ?? '').slice(start.column, end.column) : '';
}
