import type { MeasuredStep, RelatednessValues, StepMeasure, UsageView, ViewMeasure } from './measure';

/** The matrix of a measure for one step of training; runs record its mean over steps. */
export function valuesOfStep(measure: StepMeasure, step: MeasuredStep): RelatednessValues {
  const { present, losses, gramian, gradients, lookahead } = step;
  switch (measure.needs) {
    case 'gramian':
      return measure.fromGramian(gramian, present);
    case 'gradients':
      return measure.measure({ gradients });
    case 'lookahead': {
      // A step for a task that the batch does not have goes nowhere, and says nothing.
      const values = measure.measure({ before: losses, after: lookahead });
      return values.map((row, from) => row.map((value, to) => (present[from] && present[to] ? value : null)));
    }
  }
}

/**
 * The matrix of a measure of how tasks use what they share; undefined where the network does not show it.
 * @param tasks Their names, in the order of the matrix.
 */
export function valuesOfViews(
  measure: ViewMeasure,
  views: readonly UsageView[],
  tasks: readonly string[],
): RelatednessValues | undefined {
  const wanted = views.filter(({ shows }) => shows === measure.needs);
  if (wanted.length === 0) return undefined;
  const rows = tasks.map((task) => wanted.flatMap(({ rows: labels, values }) => values[labels.indexOf(task)]));
  if (measure.needs === 'use') return measure.measure({ usage: rows });
  return measure.measure({ embeddings: rows.map((row) => row.map((value) => value ?? 0)) });
}
