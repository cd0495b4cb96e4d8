import { clustered } from '../../src/figures/clustering';
import { groupsInRows } from '../../src/figures/groups';
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

/** The same in the order of clusters, with their dendrogram, three groups and intervals that grow from column to column. */
export function completeFigure(measure: string, names: readonly string[]): MatrixFigure {
  const figure = figureOf(measure, names);
  const { order, dendrogram } = clustered(figure.values, figure.words.higherIsCloser);
  const named = order.map((task) => names[task]);
  const values = order.map((row) => order.map((column) => figure.values[row][column]));
  const moved = (sign: number) =>
    values.map((row) => row.map((value, at) => (value === null ? null : value + sign * 0.3 * at * Math.abs(value))));
  const third = (at: number) => order.flatMap((task, place) => (place % 3 === at ? [task] : []));
  const groups = [0, 1, 2].map((at) => ({ serves: third(at), helpers: at === 1 ? order.slice(0, 1) : [] }));
  return {
    ...figure,
    moment: 'mean over 5 seeds',
    rows: named,
    columns: named,
    values,
    intervals: { lower: moved(-1), upper: moved(1), seeds: 5 },
    ...(dendrogram && { dendrogram }),
    groups: groupsInRows(groups, order),
  };
}
