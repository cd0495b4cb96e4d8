import type { UsageMeasure } from '../measure';
import { pairCount, sameLength, symmetricMatrix } from './matrix';
import { percent } from './words';

/** `sum over e of min(p_ie, p_je)` with `p_i` the sizes of row i, summing to 1. */
export const usageSimilarity: UsageMeasure<'usage-similarity'> = {
  name: 'usage-similarity',
  title: 'Usage similarity',
  summary: 'How far two tasks use the same experts, branches or stitches: 1 all the same, 0 none in common.',
  details:
    '$\\sum_e \\min(p_{ie}, p_{je})$ with $p_i$ the mean gate values of task $i$ (or the sizes of its stitches), divided by their sum; in $[0, 1]$, symmetric: the share of their use that two tasks have in common, which is 1 less the total variation distance. ' +
    'It needs a sharing architecture in which tasks choose what to share. Experts that do the same count as different ones. A task that uses nothing, or whose use is not known, has no value.',
  source:
    'Ma et al., Modeling Task Relationships in Multi-task Learning with Multi-gate Mixture-of-Experts, 2018; Misra et al., Cross-stitch Networks for Multi-task Learning, 2016',
  moment: 'training',
  needs: 'use',
  range: [0, 1],
  directed: false,
  higherIsCloser: true,
  ends: { low: 'nothing in common', high: 'use the same' },
  say: (value, from, to) => `${from} and ${to} have ${percent(value)} of their use in common`,
  cost: {
    formula: '$\\frac{1}{2} T (T - 1) d$ comparisons of values that the network has anyway',
    multiplications: ({ tasks, features }) => pairCount(tasks) * features,
  },
  measure({ usage }) {
    sameLength(usage, 'uses');
    const shares = usage.map(sharesOf);
    return symmetricMatrix(shares.length, (one, other) => {
      const [first, second] = [shares[one], shares[other]];
      if (first === undefined || second === undefined) return null;
      return one === other ? 1 : first.reduce((sum, share, column) => sum + Math.min(share, second[column]), 0);
    });
  },
};

function sharesOf(row: readonly (number | null)[]): readonly number[] | undefined {
  const sizes = row.map((value) => (value === null ? NaN : Math.abs(value)));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  return total > 0 && total < Infinity ? sizes.map((size) => size / total) : undefined;
}
