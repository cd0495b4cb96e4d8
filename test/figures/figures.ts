import type { MatrixFigure } from '../../src/figures/matrixFigure';
import { measureWords } from '../../src/figures/measureWords';
import { scaleOf } from '../../src/figures/scale';

/** A figure of a matrix in which every third pair apart from the diagonal may be unknown. */
export function figureOf(measure: string, names: readonly string[], holes = false): MatrixFigure {
  const words = measureWords(measure, undefined);
  const values = names.map((_, row) =>
    names.map((__, column) => {
      if (holes && row !== column && (row + column) % 3 === 0) return null;
      if (row === column) return 1;
      return (words.directed ? 0.04 : 0.9) * Math.sin(1 + row * 1.7 + column * (words.directed ? 0.9 : 1.7));
    }),
  );
  const bounded = words.range.every(Number.isFinite);
  return {
    words,
    moment: 'epoch 20',
    rows: names,
    columns: names,
    values,
    scale: scaleOf(words, bounded ? undefined : [-0.04, 0.04], 'dark'),
  };
}
