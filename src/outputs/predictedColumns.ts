import type { PredictedRow, Prediction, Predictions } from './predict';

type Cell = string | number | null;

/**
 * Predictions as a table: the row's number or the columns that are kept, then per task its prediction, and for classes
 * the probability of the positive one or of each, `P(task = class)`.
 */
export function predictedColumns({ kept, tasks }: Predictions): readonly string[] {
  return [
    ...(kept.length > 0 ? kept : ['row']),
    ...tasks.flatMap(({ title, kind, classes }) => {
      const probable = kind === 'binary' ? classes.slice(1) : classes;
      return [title, ...probable.map((name) => `P(${title} = ${name})`)];
    }),
  ];
}

/** The cells of a row; null where there is none. */
export function predictedCells({ kept, tasks }: Predictions, { row, kept: cells, predictions }: PredictedRow): Cell[] {
  return [
    ...(kept.length > 0 ? cells : [row]),
    ...tasks.flatMap(({ kind, classes }, task): Cell[] => {
      const prediction = predictions[task];
      if (prediction !== null) return cellsOf(prediction);
      const probabilities = { regression: 0, binary: 1, multiclass: classes.length }[kind];
      return new Array<Cell>(1 + probabilities).fill(null);
    }),
  ];
}

function cellsOf(prediction: Prediction): Cell[] {
  switch (prediction.kind) {
    case 'regression':
      return [prediction.value];
    case 'binary':
      return [prediction.class, prediction.probability];
    case 'multiclass':
      return [prediction.class, ...prediction.probabilities];
  }
}

/** One line of a CSV file (RFC 4180), with its end. An empty field is a missing value. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvField).join(',')}\n`;
}

function csvField(cell: Cell): string {
  if (cell === null) return '';
  const text = String(cell);
  return /[",\r\n]|^\s|\s$|^$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
