import { element } from '../shared/dom';
import { button } from '../shared/toolkit';

/** A button that saves something, with the format as its name. */
export interface Saver {
  readonly format: 'PNG' | 'SVG' | 'LaTeX' | 'CSV';
  /** What it saves, and as what. */
  readonly title: string;
  readonly save: () => void;
}

/** What is saved as pictures, drawings and tables, in a row. */
export function saveButtons(savers: readonly Saver[]): HTMLElement {
  return element(
    'div',
    { class: 'savers' },
    savers.map(({ format, title, save }) => button({ label: format, title, press: save }).node),
  );
}

/** The savers of a matrix. */
export interface MatrixSavers {
  readonly exportPng: () => void;
  readonly exportSvg: () => void;
  readonly exportLatex: () => void;
  readonly exportCsv: () => void;
}

/** Their buttons. */
export function matrixSaveButtons(
  { exportPng, exportSvg, exportLatex, exportCsv }: MatrixSavers,
  csv: string,
): HTMLElement {
  return saveButtons([
    { format: 'PNG', title: 'Save the matrix as a PNG picture', save: exportPng },
    { format: 'SVG', title: 'Save the matrix as a vector drawing on white, for papers', save: exportSvg },
    { format: 'LaTeX', title: 'Save the matrix as a LaTeX table', save: exportLatex },
    { format: 'CSV', title: csv, save: exportCsv },
  ]);
}
