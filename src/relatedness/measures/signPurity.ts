import type { GradientMeasure } from '../measure';
import { gramianCost } from './gradientCost';
import { pairCount, sameLength, symmetricMatrix } from './matrix';
import { percent } from './words';

/** Mean over parameters of `|u_i + u_j| / (|u_i| + |u_j|)` with the unit gradients `u`. */
export const signPurity: GradientMeasure<'sign-purity'> = {
  name: 'sign-purity',
  title: 'Gradient sign purity',
  summary: 'Over how many parameters two tasks agree on the direction: 1 everywhere, 0 in full conflict.',
  details:
    '$\\frac{1}{P} \\sum_k \\frac{|u_{ik} + u_{jk}|}{|u_{ik}| + |u_{jk}|}$ with the unit gradients $u = g / \\lVert g \\rVert$ at the shared parameters, in $[0, 1]$, symmetric. ' +
    'A parameter counts 1 where both tasks want to move it the same way and 0 where equal wishes cancel: it is $|2 \\mathcal{P} - 1|$ of the positive sign purity $\\mathcal{P}$ of GradDrop. Parameters that neither moves do not count. Gradients are taken at unit length, so that the scale of a loss does not matter. ' +
    'Unrelated tasks have about $0.7$: at half of the parameters they agree by chance, and elsewhere the larger wish wins. Without a gradient, or with one that is not finite, a task has no value.',
  source: 'Chen et al., Just Pick a Sign: Optimizing Deep Multitask Models with Gradient Sign Dropout, 2020',
  moment: 'training',
  needs: 'gradients',
  range: [0, 1],
  directed: false,
  higherIsCloser: true,
  ends: { low: 'signs opposed', high: 'signs agree' },
  say: (value, from, to) =>
    `of what ${from} and ${to} ask of a parameter ${percent(value)} remains when both are followed, on average`,
  cost: {
    formula: '$2 (T - 1) n P$ for a gradient per task, $\\frac{1}{2} T (T - 1) P$ divisions to compare them',
    multiplications: ({ tasks, rows, parameters }) =>
      gramianCost.multiplications({ tasks, rows, parameters, features: 0 }) + pairCount(tasks) * parameters,
  },
  measure({ gradients }) {
    sameLength(gradients, 'parameters');
    const units = gradients.map(unitOf);
    return symmetricMatrix(units.length, (one, other) => {
      const [first, second] = [units[one], units[other]];
      if (first === undefined || second === undefined) return null;
      return one === other ? 1 : meanPurity(first, second);
    });
  },
};

/** Undefined for a vector that is zero or not finite. */
function unitOf(vector: ArrayLike<number>): Float64Array | undefined {
  let largest = 0;
  for (let k = 0; k < vector.length; k++) {
    if (!Number.isFinite(vector[k])) return undefined;
    largest = Math.max(largest, Math.abs(vector[k]));
  }
  if (largest === 0) return undefined;
  const result = new Float64Array(vector.length);
  let squares = 0;
  for (let k = 0; k < result.length; k++) {
    result[k] = vector[k] / largest;
    squares += result[k] * result[k];
  }
  const length = Math.sqrt(squares);
  for (let k = 0; k < result.length; k++) result[k] /= length;
  return result;
}

function meanPurity(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  let moved = 0;
  for (let k = 0; k < one.length; k++) {
    const size = Math.abs(one[k]) + Math.abs(other[k]);
    if (size === 0) continue;
    sum += Math.abs(one[k] + other[k]) / size;
    moved++;
  }
  return Math.min(1, sum / moved);
}
