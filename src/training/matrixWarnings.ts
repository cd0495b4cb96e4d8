import {
  measureByName,
  stepMeasuresOf,
  trainedMeasuresOf,
  viewMeasuresOf,
  whyEmpty,
  type RelatednessValues,
} from '../relatedness';
import type { RelatednessMatrix } from '../runs/events';

/** What a person should know of the matrices that a run ends with: which say nothing, and why. */
export function matrixWarnings(matrices: readonly RelatednessMatrix[]): readonly string[] {
  return matrices.flatMap(({ measure, values }) => {
    const pairs = valuesOfPairs(values);
    return pairs.length === 0 ? emptyWarnings(measure) : roundingWarnings(measure, pairs);
  });
}

/** Of a measure by more training there is none: what came to no result is told with its networks. */
function emptyWarnings(name: string): readonly string[] {
  const names = [name];
  return [...stepMeasuresOf(names), ...viewMeasuresOf(names), ...trainedMeasuresOf(names)].map(
    (measure) => `${measure.title} has no value of any two tasks: ${whyEmpty(measure)}.`,
  );
}

function roundingWarnings(name: string, pairs: readonly number[]): readonly string[] {
  const { title, rounding } = measureByName(name) ?? {};
  if (rounding === undefined || pairs.some((value) => Math.abs(value) >= rounding.below)) return [];
  return [`${title} is below ${rounding.below} for all tasks, which is what rounding leaves. ${rounding.remedy}`];
}

/** The values of two different tasks, where there are any. */
function valuesOfPairs(values: RelatednessValues): readonly number[] {
  return values.flatMap((row, from) => row.filter((value, to): value is number => value !== null && from !== to));
}
