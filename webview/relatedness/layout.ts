import type { Cell } from './cellWords';

/** Where a matrix's parts lie; pixels, whole ones but for the cells of very many tasks: what lies between two is blurred. */
export interface MatrixLayout {
  /** Side of a cell. */
  readonly cell: number;
  /** Room for the names of the rows on the left, with the caption of the axis. */
  readonly left: number;
  /** Room for the names of the columns above, with the caption of the axis. */
  readonly top: number;
  /** Room on the right, for slanted names, for what is beside the rows and to keep clear of the edge. */
  readonly right: number;
  /** The part of it that is for a dendrogram; 0 where there is none. */
  readonly dendrogram: number;
  /** Room beneath, for the scale of the dendrogram. */
  readonly bottom: number;
  /** The part of `left` and of `top` that is for the captions of the axes; 0 where there are none. */
  readonly caption: number;
  readonly width: number;
  readonly height: number;
  readonly labels: LabelLayout;
}

export interface LabelLayout {
  /** Pixels. */
  readonly size: number;
  /** Every how many tasks have their name written: 1 where all fit. */
  readonly every: number;
  /** How column names are turned: degrees against the clock. */
  readonly turn: 0 | 45 | 90;
}

const largestCell = 92;
/** With at most so many tasks every name is written and the matrix scrolls where the panel is too narrow. */
const allNamed = 64;
const smallestNamedCell = 11;
const smallestCell = 4;
const longestLabel = 150;
/** Higher than wide, as with many tasks and few columns, a matrix has at most so many pixels where its names allow. */
const tallest = 640;
/** Room between a name and the cells. */
const gap = 10;

/** What a layout has to find room for. */
export interface MatrixNeeds {
  readonly rows: number;
  readonly columns: number;
  /** Width of the longest name at `fontSize`, in pixels; longer ones than fit are shortened. */
  readonly longest: number;
  readonly fontSize: number;
  /** Whether the axes have captions. */
  readonly captions?: boolean;
  /** Whether a dendrogram is beside the rows. */
  readonly dendrogram?: boolean;
  /** Pixels beside the rows for other things. */
  readonly beside?: number;
}

/**
 * Fits a matrix of square cells into a width.
 * @param width Pixels that there are.
 */
export function matrixLayout(width: number, needs: MatrixNeeds): MatrixLayout {
  const { rows, columns, longest, fontSize, captions = false, beside = 0 } = needs;
  const dendrogram = needs.dendrogram === true ? dendrogramWidth(width) : 0;
  const caption = captions ? fontSize + 6 : 0;
  const label = Math.ceil(Math.min(longest, longestLabel, Math.max(60, width * 0.28)));
  const left = label + gap + caption;
  const least = Math.max(rows, columns) <= allNamed ? smallestNamedCell : smallestCell;
  const most = rows > columns ? Math.max(least, Math.min(largestCell, wholePixels(tallest / rows))) : largestCell;
  const cellFor = (right: number) =>
    Math.max(least, Math.min(most, wholePixels((width - left - right) / Math.max(1, columns))));
  const margin = gap + beside + dendrogram;
  const straight = cellFor(margin);
  const labels = labelLayout(straight, label, fontSize);
  const right = labels.turn === 45 ? Math.max(margin, Math.ceil(label * 0.71 + 12 - straight / 2)) : margin;
  const cell = labels.turn === 45 ? cellFor(right) : straight;
  const final = labelLayout(cell, label, fontSize, labels.turn);
  const high = { 0: fontSize, 45: label * 0.71 + fontSize, 90: label }[final.turn];
  const top = Math.ceil(high) + gap + caption;
  const bottom = dendrogram > 0 ? fontSize + 14 : 2;
  return {
    cell,
    left,
    top,
    right,
    dendrogram,
    bottom,
    caption,
    width: left + cell * columns + right,
    height: top + cell * rows + bottom,
    labels: final,
  };
}

function dendrogramWidth(width: number): number {
  return Math.round(Math.min(150, Math.max(56, width * 0.16)));
}

/** Whole pixels, for sharp edges; small cells would lose too much by it. */
function wholePixels(side: number): number {
  return side >= 8 ? Math.floor(side) : Math.floor(side * 10) / 10;
}

/** How names are written beside cells of this size. */
export function labelLayout(cell: number, label: number, fontSize: number, turn?: LabelLayout['turn']): LabelLayout {
  const size = Math.max(9, Math.min(fontSize, cell - 1));
  const chosen = turn ?? (label <= cell - 6 ? 0 : cell >= 20 ? 45 : 90);
  return { size, every: Math.max(1, Math.ceil((size + 1) / cell)), turn: chosen };
}

/** Whether a value such as −0.12, or one with more decimals, fits into a cell. */
export function valuesFit(cell: number, decimals = 2): boolean {
  return cell >= 38 + 8 * (decimals - 2);
}

/** More pixels than this a matrix has no use for. */
export function widestMatrix(columns: number, dendrogram = false): number {
  return longestLabel + largestCell * columns + 120 + (dendrogram ? 150 : 0);
}

/** Font size of the values in cells; pixels. */
export function valueSize(cell: number): number {
  return Math.max(10, Math.min(14, Math.round(cell / 4)));
}

/** How many rows and columns there are. */
export interface MatrixSize {
  readonly rows: number;
  readonly columns: number;
}

/** The cell in which a point lies, or undefined outside of the matrix. */
export function cellAt(x: number, y: number, { rows, columns }: MatrixSize): Cell | undefined {
  const column = Math.round(x);
  const row = Math.round(y);
  return row >= 0 && row < rows && column >= 0 && column < columns ? { row, column } : undefined;
}

/** The cell that an arrow key, Home or End goes to; undefined for other keys. */
export function nextCell(key: string, { row, column }: Cell, { rows, columns }: MatrixSize): Cell | undefined {
  const last = columns - 1;
  switch (key) {
    case 'ArrowLeft':
      return { row, column: Math.max(0, column - 1) };
    case 'ArrowRight':
      return { row, column: Math.min(last, column + 1) };
    case 'ArrowUp':
      return { row: Math.max(0, row - 1), column };
    case 'ArrowDown':
      return { row: Math.min(rows - 1, row + 1), column };
    case 'Home':
      return { row, column: 0 };
    case 'End':
      return { row, column: last };
    default:
      return undefined;
  }
}
