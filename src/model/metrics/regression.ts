/** Labelled rows of a regression task, in the units of the data. */
export interface Regression {
  readonly predicted: ArrayLike<number>;
  readonly actual: ArrayLike<number>;
}

export interface RegressionMetrics {
  /** Mean squared error. */
  readonly mse: number;
  /** Mean absolute error. */
  readonly mae: number;
  /** Square root of the mean squared error. */
  readonly rmse: number;
  /** 1 - squared error / squared deviation from the mean; absent for a constant target. */
  readonly r2?: number;
  /** 1 - variance of the error / variance of the target; absent for a constant target. */
  readonly explainedVariance?: number;
}

/** Metrics of a regression; nothing where there is no row. */
export function regressionMetrics({ predicted, actual }: Regression): RegressionMetrics | undefined {
  const count = actual.length;
  if (count === 0) return undefined;
  let errors = 0;
  let absolute = 0;
  let squares = 0;
  let targets = 0;
  for (let row = 0; row < count; row++) {
    const error = actual[row] - predicted[row];
    errors += error;
    absolute += Math.abs(error);
    squares += error * error;
    targets += actual[row];
  }
  const meanError = errors / count;
  const meanTarget = targets / count;
  let errorSpread = 0;
  let targetSpread = 0;
  for (let row = 0; row < count; row++) {
    errorSpread += (actual[row] - predicted[row] - meanError) ** 2;
    targetSpread += (actual[row] - meanTarget) ** 2;
  }
  const mse = squares / count;
  const basic = { mse, mae: absolute / count, rmse: Math.sqrt(mse) };
  if (isConstant(actual)) return basic;
  return { ...basic, r2: 1 - squares / targetSpread, explainedVariance: 1 - errorSpread / targetSpread };
}

function isConstant(values: ArrayLike<number>): boolean {
  for (let row = 1; row < values.length; row++) if (values[row] !== values[0]) return false;
  return true;
}
