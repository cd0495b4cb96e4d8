import { expect, test } from 'vitest';
import { alignments, probeRadius } from '../../src/weighting/autoLambda';
import { methodNamed } from './step';

/** Two tasks that want one parameter at 1 and at -1, of which the first is what counts. */
const trainingLosses = (theta: number) => [(theta - 1) ** 2 / 2, (theta + 1) ** 2 / 2];
const tasks = ['wanted', 'harmful'];
const present = [true, true];

function aligned(theta: number, validationGradient: number): number[] {
  const radius = probeRadius(Math.abs(validationGradient));
  return alignments(
    trainingLosses(theta + radius * validationGradient),
    trainingLosses(theta - radius * validationGradient),
    radius,
  );
}

test('central differences are the inner products with the validation gradient', () => {
  // Gradients at 0 are -1 and 1; the validation loss falls by 3 a unit.
  const [wanted, harmful] = aligned(0, -3);
  expect(wanted).toBeCloseTo(3, 10);
  expect(harmful).toBeCloseTo(-3, 10);
});

test('a validation gradient of zero changes nothing', () => {
  expect(aligned(0, 0)).toEqual([0, 0]);
});

test('the weight of a task that helps grows, that of one that harms falls to 0 and no further', () => {
  const method = methodNamed('auto-lambda');
  const options = method.options.parse({ learningRate: 0.05 });
  let state = method.initialise(tasks, options);
  for (let step = 0; step < 20; step++) {
    state = method.observe!({ tasks, present, options, state, values: aligned(0, -3) });
  }
  const [wanted, harmful] = (state as { readonly values: readonly number[] }).values;
  expect(wanted).toBeGreaterThan(0.5);
  expect(harmful).toBe(0);
});
