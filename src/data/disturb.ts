import type { Random } from '../common/random';
import type { CategoricalPreprocessing, NumericPreprocessing, Preprocessing } from './preprocessing';
import type { SplitRows } from './taskSet';

/**
 * What is done to the inputs of rows. `noise`: Gaussian noise is added to the numbers, of `strength` deviations of each
 * column's training rows. `missing`: each value is taken out with the probability `strength`, and stood in for as the
 * preprocessing does.
 */
export interface Disturbance {
  readonly kind: 'noise' | 'missing';
  /** 0 for nothing. */
  readonly strength: number;
}

/**
 * Encoded rows as they would be had their inputs been disturbed before the encoding. From the same random source a
 * stronger disturbance is the weaker one, stronger: noise goes in the same directions, and what is missing stays so.
 */
export function disturb(
  rows: SplitRows,
  { numeric, categorical }: Preprocessing,
  { kind, strength }: Disturbance,
  random: Random,
): SplitRows {
  const changed = { ...rows, numeric: rows.numeric.slice(), codes: rows.codes.slice() };
  const width = rows.rows === 0 ? 0 : rows.numeric.length / rows.rows;
  for (let row = 0; row < rows.rows; row++) {
    for (const [column, fit] of numeric.entries()) {
      if (kind === 'noise') addNoise(changed.numeric, row * width + column, fit, strength * random.normal());
      else if (random.uniform() < strength) takeOut(changed.numeric, row * width, column, fit);
    }
    if (kind === 'noise') continue;
    for (const [block, fit] of categorical.entries()) {
      if (random.uniform() < strength) changed.codes[row * categorical.length + block] = missingPlace(fit);
    }
  }
  return changed;
}

/** @param deviations How many deviations are added. */
function addNoise(numbers: Float32Array, place: number, fit: NumericPreprocessing, deviations: number): void {
  const { divisor, training } = fit;
  // What stands for a missing value is no measurement, so no noise comes to it.
  if (training.missing > 0 && numbers[place] === filled(fit)) return;
  numbers[place] += (deviations * training.deviation) / divisor;
}

function takeOut(numbers: Float32Array, row: number, column: number, fit: NumericPreprocessing): void {
  numbers[row + column] = filled(fit);
  if (fit.flag !== undefined) numbers[row + fit.flag] = 1;
}

/** What stands for a missing number, scaled. */
function filled({ fill, shift, divisor }: NumericPreprocessing): number {
  return Math.fround((fill - shift) / divisor);
}

function missingPlace({ levels }: CategoricalPreprocessing): number {
  const place = levels.indexOf(null);
  return place < 0 ? levels.length : place;
}
