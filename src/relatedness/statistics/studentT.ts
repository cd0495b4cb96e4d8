/**
 * Probability that a Student t variable lies farther from 0 than `t`, on either side.
 * @param degrees Degrees of freedom, above 0.
 */
export function twoSidedTail(t: number, degrees: number): number {
  if (!Number.isFinite(t)) return 0;
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5);
}

/** Regularised incomplete beta function by its continued fraction (Lentz; Numerical Recipes, section 6.4). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b;
}

const tiny = 1e-300;
const rounds = 500;

function fraction(x: number, a: number, b: number): number {
  const safe = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let above = 1;
  let below = 1 / safe(1 - ((a + b) * x) / (a + 1));
  let result = below;
  const turn = (coefficient: number): number => {
    below = 1 / safe(1 + coefficient * below);
    above = safe(1 + coefficient / above);
    return above * below;
  };
  for (let round = 1; round <= rounds; round++) {
    const twice = a + 2 * round;
    const even = turn((round * (b - round) * x) / ((twice - 1) * twice));
    const odd = turn((-(a + round) * (a + b + round) * x) / (twice * (twice + 1)));
    result *= even * odd;
    if (Math.abs(even * odd - 1) < 1e-15) break;
  }
  return result;
}

/** Coefficients of Lanczos' approximation with g = 7. */
const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Natural logarithm of the gamma function of a number of at least 0.5. */
function logGamma(value: number): number {
  const x = value - 1;
  const base = x + 7.5;
  const series = lanczos.slice(1).reduce((sum, coefficient, index) => sum + coefficient / (x + index + 1), lanczos[0]);
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(base) - base + Math.log(series);
}
