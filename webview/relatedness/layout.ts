/** Where a matrix's parts lie; pixels. */
export interface MatrixLayout {
  /** Side of a cell. */
  readonly cell: number;
  /** Room for the names of the rows on the left. */
  readonly left: number;
  /** Room for the names of the columns above. */
  readonly top: number;
  /** Room on the right, for slanted names and to keep clear of the edge. */
  readonly right: number;
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
/** Room between a name and the cells. */
const gap = 10;

/**
 * Fits a matrix of square cells into a width.
 * @param columns How many there are; as many rows, where nothing else is said.
 * @param width Pixels that there are.
 * @param longest Width of the longest name at `fontSize`, in pixels; longer ones than fit are shortened.
 */
export function matrixLayout(
  columns: number,
  width: number,
  longest: number,
  fontSize: number,
  rows = columns,
): MatrixLayout {
  const label = Math.min(longest, longestLabel, Math.max(60, width * 0.28));
  const left = label + gap;
  const least = Math.max(columns, rows) <= allNamed ? smallestNamedCell : smallestCell;
  const cellFor = (right: number) =>
    Math.max(least, Math.min(largestCell, wholePixels((width - left - right) / Math.max(1, columns))));
  const straight = cellFor(gap);
  const labels = labelLayout(straight, label, fontSize);
  const right = labels.turn === 45 ? Math.max(gap, label * 0.71 + 12 - straight / 2) : gap;
  const cell = labels.turn === 45 ? cellFor(right) : straight;
  const final = labelLayout(cell, label, fontSize, labels.turn);
  const top = { 0: fontSize + gap, 45: label * 0.71 + fontSize + gap, 90: label + gap }[final.turn];
  return {
    cell,
    left,
    top,
    right,
    width: left + cell * columns + right,
    height: top + cell * rows + 2,
    labels: final,
  };
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

/** Whether a value such as −0.12 fits into a cell. */
export function valuesFit(cell: number): boolean {
  return cell >= 38;
}

/** Font size of the values in cells; pixels. */
export function valueSize(cell: number): number {
  return Math.max(10, Math.min(14, Math.round(cell / 4)));
}

/** The cell in which a point lies, or undefined outside of the matrix. */
export function cellAt(
  x: number,
  y: number,
  columns: number,
  rows = columns,
): { readonly row: number; readonly column: number } | undefined {
  const column = Math.round(x);
  const row = Math.round(y);
  const inside = (place: number, count: number) => place >= 0 && place < count;
  return inside(row, rows) && inside(column, columns) ? { row, column } : undefined;
}

/** The cell that an arrow key, Home or End goes to; undefined for other keys. */
export function nextCell(
  key: string,
  { row, column }: { readonly row: number; readonly column: number },
  columns: number,
  rows = columns,
): { readonly row: number; readonly column: number } | undefined {
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
