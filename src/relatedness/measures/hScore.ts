import type { TrainedMeasureOf } from '../measure';
import { leastRows } from '../statistics/correlation';
import { classCount, classKinds } from './labels';
import { representationMatrix, spectrumCost, type RepresentationsAndLabels } from './representationLabels';
import { centre } from './representation';
import { coordinates, spectrumOf } from './spectrum';
import { plain } from './words';

/** `tr(cov(F)⁺ cov(E[F | y]))`. */
export const hScore: TrainedMeasureOf<'h-score', RepresentationsAndLabels, 'representations and labels'> = {
  name: 'h-score',
  title: 'H-score',
  summary: "How far a row's representation keeps the classes of a column apart, against how much it varies at all.",
  details:
    "$\\mathrm{tr}(\\mathrm{cov}(F)^{+} \\, \\mathrm{cov}(\\mathbb{E}[F | y]))$, with $F$ what the row's task makes of the rows and $y$ the column's classes: the variance between classes in units of the variance at all. In $[0, \\infty)$, never above the number of classes less 1 (or the width of $F$), directed from the row to the column. " +
    'With few rows for its width a representation separates any classes. Columns that predict numbers have no values; nor have fewer than three labelled rows, labels that are all the same, or a representation that is the same for all rows or not finite.',
  source: 'Bao et al., An Information-Theoretic Approach to Transferability in Task Transfer Learning, 2019',
  moment: 'trained',
  needs: 'representations and labels',
  takes: { to: classKinds, rows: leastRows },
  range: [0, Infinity],
  directed: true,
  higherIsCloser: true,
  ends: { low: 'not kept apart', high: 'kept apart' },
  say: (value, from, to) =>
    `what ${from} makes of the rows keeps the classes of ${to} apart by ${plain(value)}: 0 not at all, at most their number less 1`,
  cost: spectrumCost,
  measure: (input) =>
    representationMatrix(
      input,
      (columns) => {
        const moved = columns.map(centre);
        return { moved, spectrum: spectrumOf(moved) };
      },
      ({ kind, labels }, { moved, spectrum }) => {
        if (kind === 'regression' || spectrum.rank === 0) return null;
        let score = 0;
        const { counts, means } = classMeans(moved, labels);
        counts.forEach((count, one) => {
          if (count === 0) return;
          coordinates(spectrum, means.subarray(one * moved.length, (one + 1) * moved.length)).forEach((value, k) => {
            score += (count * value ** 2) / spectrum.values[k];
          });
        });
        return score;
      },
    ),
};

/** How many rows each class has, and by class and column the mean over them. */
function classMeans(columns: readonly Float64Array[], labels: Float64Array) {
  const counts = new Float64Array(classCount(labels));
  for (const label of labels) counts[label]++;
  const means = new Float64Array(counts.length * columns.length);
  columns.forEach((column, position) => {
    for (let row = 0; row < labels.length; row++) means[labels[row] * columns.length + position] += column[row];
  });
  return { counts, means: means.map((sum, cell) => sum / (counts[Math.floor(cell / columns.length)] || 1)) };
}
