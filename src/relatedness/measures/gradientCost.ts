import type { MeasureCost } from '../measure';
import { pairCount } from './matrix';

/**
 * The gradients of all tasks and their inner products. A backward pass takes about two multiplications per parameter
 * and row; a training step makes one for all tasks together.
 */
export const gramianCost: MeasureCost = {
  formula: '$2 (T - 1) n P$ for a gradient per task, $\\frac{1}{2} T (T + 1) P$ for their inner products',
  multiplications: ({ tasks, rows, parameters }) =>
    2 * (tasks - 1) * rows * parameters + (pairCount(tasks) + tasks) * parameters,
};
