import { gramianOf } from '../../common/linear/matrix';
import type { EmbeddingMeasure } from '../measure';
import { cosines } from './cosine';
import { pairCount, sameLength } from './matrix';
import { angle, correlated } from './words';

/** Cosine of the learned vectors of two tasks. */
export const embeddingCosine: EmbeddingMeasure<'embedding-cosine'> = {
  name: 'embedding-cosine',
  title: 'Task embedding cosine',
  summary: 'How alike the vectors are that the network has learned for two tasks: 1 the same direction, −1 opposite.',
  details:
    '$\\frac{e_i^\\top e_j}{\\lVert e_i \\rVert \\lVert e_j \\rVert}$ of the learned task vectors $e$, in $[-1, 1]$, symmetric. ' +
    'It needs a sharing architecture that has a vector for each task. What a direction means is learned, so vectors of networks trained apart do not compare. A zero vector has no value.',
  source: 'Sun et al., Task Switching Network for Multi-task Learning, 2021',
  moment: 'training',
  needs: 'vectors',
  range: [-1, 1],
  directed: false,
  higherIsCloser: true,
  neutral: 0,
  ends: correlated,
  say: (value, from, to) =>
    `the vectors of ${from} and ${to} stand at an angle of ${angle(value)}: 0° the same, 90° unrelated, 180° opposite`,
  cost: {
    formula: '$\\frac{1}{2} T (T + 1) d$',
    multiplications: ({ tasks, features }) => (pairCount(tasks) + tasks) * features,
  },
  measure({ embeddings }) {
    sameLength(embeddings, 'entries');
    return cosines(gramianOf(embeddings), embeddings.length);
  },
};
