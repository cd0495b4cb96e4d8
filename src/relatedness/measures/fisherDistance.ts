import { dot, gramianOf } from '../../common/linear/matrix';
import type { MeasureEnds, MeasureSentence, TrainedMeasureOf } from '../measure';
import { cosines } from './cosine';
import { pairCount, sameLength, symmetricMatrix } from './matrix';
import { plain } from './words';

export interface Fisher {
  /** T rows of P: the diagonal of each task's Fisher information at the shared parameters, nowhere negative. */
  readonly fisher: readonly ArrayLike<number>[];
}

const far: MeasureEnds = { low: 'alike', middle: 'unrelated', high: 'unrelated' };

const distance: MeasureSentence = (value, from, to) =>
  `${from} and ${to} are at a distance of ${plain(value)} in the parameters that they depend on: 0 the same, 1 entirely different ones`;

/** `1 - cos(F_i, F_j)`. */
export const fisherDistance: TrainedMeasureOf<'fisher-distance', Fisher, 'fisher'> = {
  name: 'fisher-distance',
  title: 'Fisher distance',
  summary: 'How differently two tasks depend on the shared parameters: 0 alike, 1 on entirely different ones.',
  details:
    '$1 - \\cos(F_i, F_j)$ of the diagonals of the Fisher information, $F_{ik} = \\mathbb{E}_{x, y \\sim p(y|x)} (\\partial_k \\log p_i(y | x))^2$, at the shared parameters; in $[0, 1]$, symmetric, lower is closer. ' +
    'Parameters with large information rule it: Task2Vec weighs them by their share. A task whose information is zero or not finite has no value.',
  source: 'Achille et al., Task2Vec: Task Embedding for Meta-Learning, 2019',
  moment: 'trained',
  needs: 'fisher',
  range: [0, 1],
  directed: false,
  higherIsCloser: false,
  neutral: 1,
  ends: far,
  say: distance,
  cost: {
    formula: '$2 T n P$ for the gradients of single rows, $\\frac{1}{2} T (T + 1) P$ to compare',
    multiplications: ({ tasks, rows, parameters }) =>
      2 * tasks * rows * parameters + (pairCount(tasks) + tasks) * parameters,
  },
  measure({ fisher }) {
    sameLength(fisher, 'parameters');
    return cosines(gramianOf(fisher), fisher.length).map((row) =>
      row.map((cosine) => (cosine === null ? null : Math.min(1, 1 - cosine))),
    );
  },
};

/** `1 - cos(F_i / (F_i + F_j), F_j / (F_i + F_j))`. */
export const task2vecDistance: TrainedMeasureOf<'task2vec-distance', Fisher, 'fisher'> = {
  name: 'task2vec-distance',
  title: 'Task2Vec distance',
  summary: 'The Fisher distance with every parameter taken by its share, so that no layer rules the others.',
  details:
    '$1 - \\cos\\left(\\frac{F_i}{F_i + F_j}, \\frac{F_j}{F_i + F_j}\\right)$ of the diagonals of the Fisher information at the shared parameters, entry by entry; in $[0, 1]$, symmetric, lower is closer. ' +
    'Proportional information has the distance 0. Parameters that neither task uses do not count; a task whose information is zero or not finite has no value.',
  source: 'Achille et al., Task2Vec: Task Embedding for Meta-Learning, 2019',
  moment: 'trained',
  needs: 'fisher',
  range: [0, 1],
  directed: false,
  higherIsCloser: false,
  neutral: 1,
  ends: far,
  say: distance,
  cost: {
    formula: '$2 T n P$ for the gradients of single rows, $3 \\cdot \\frac{1}{2} T (T - 1) P$ to compare',
    multiplications: ({ tasks, rows, parameters }) => 2 * tasks * rows * parameters + 3 * pairCount(tasks) * parameters,
  },
  measure({ fisher }) {
    sameLength(fisher, 'parameters');
    const usable = fisher.map((row) => {
      const squares = dot(row, row);
      return squares > 0 && squares < Infinity;
    });
    return symmetricMatrix(fisher.length, (one, other) => {
      if (!usable[one] || !usable[other]) return null;
      return one === other ? 0 : distanceOfShares(fisher[one], fisher[other]);
    });
  },
};

function distanceOfShares(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let [product, squareOne, squareOther] = [0, 0, 0];
  for (let k = 0; k < one.length; k++) {
    const total = one[k] + other[k];
    if (total === 0) continue;
    const share = one[k] / total;
    product += share * (1 - share);
    squareOne += share * share;
    squareOther += (1 - share) * (1 - share);
  }
  return Math.min(1, Math.max(0, 1 - product / Math.sqrt(squareOne) / Math.sqrt(squareOther)));
}
