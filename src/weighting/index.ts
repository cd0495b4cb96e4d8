import type { z } from 'zod';
import { alignedMtl } from './alignedMtl';
import { autoLambda } from './autoLambda';
import { cagrad } from './cagrad';
import { config } from './config';
import { dbMtl } from './dbMtl';
import { dualproj } from './dualproj';
import { dwa } from './dwa';
import { equal } from './equal';
import { excessMtl } from './excessMtl';
import { fairgrad } from './fairgrad';
import { famo } from './famo';
import { fixed } from './fixed';
import { gls } from './gls';
import { graddrop } from './graddrop';
import { gradnorm } from './gradnorm';
import { gradvac } from './gradvac';
import { imtlG } from './imtlG';
import { imtlL } from './imtlL';
import type { NeededInputs, Need, Observation, Weighing, WeightingContext, WeightingMethod } from './method';
import { mgda } from './mgda';
import { moco } from './moco';
import { modo } from './modo';
import { nashMtl } from './nashMtl';
import { pcgrad } from './pcgrad';
import { rlw } from './rlw';
import { scaleInvariant } from './scaleInvariant';
import { sdmgrad } from './sdmgrad';
import { stch } from './stch';
import { uncertainty } from './uncertainty';
import { upgrad } from './upgrad';

export type { Need, Observation, Weighing, WeightingContext, WeightingMethod } from './method';
export { combine } from './vectors';

/** Every method. A new one is a file beside its neighbours and a word here. */
export const weightings = [
  equal,
  fixed,
  uncertainty,
  dwa,
  gls,
  rlw,
  scaleInvariant,
  stch,
  imtlL,
  famo,
  excessMtl,
  gradnorm,
  mgda,
  pcgrad,
  gradvac,
  cagrad,
  graddrop,
  imtlG,
  nashMtl,
  alignedMtl,
  upgrad,
  dualproj,
  config,
  fairgrad,
  sdmgrad,
  moco,
  modo,
  dbMtl,
  autoLambda,
] as const;

/** Everything a method of any need may see. */
export type AnyInputs = WeightingContext<Record<string, unknown>, unknown> & NeededInputs['gradients'];

/** Any method of the table. It is given what it `needs`; the rest of the inputs can be empty. */
export type AnyWeighting = Omit<WeightingMethod<string, z.ZodObject, unknown, Need>, 'weigh' | 'observe'> & {
  weigh(inputs: AnyInputs): Weighing<unknown>;
  observe?(observation: Observation<Record<string, unknown>, unknown>): unknown;
};

/** The method of a name; undefined where there is none. */
export function weightingByName(name: string): AnyWeighting | undefined {
  return (weightings as readonly AnyWeighting[]).find((method) => method.name === name);
}

/**
 * The weights of a step by a method whose weights never change.
 * @param weighting The method's name with its options.
 */
export function taskWeights(weighting: { readonly name: string }, tasks: readonly string[]): readonly number[] {
  const { name, ...options } = weighting;
  if (name === equal.name) return tasks.map(() => 1);
  if (name !== fixed.name) throw new RangeError(`The weights of "${name}" are not known before the step.`);
  const { weights } = fixed.options.parse(options);
  return tasks.map((task) => (Object.hasOwn(weights, task) ? weights[task] : 1));
}

/** Whether the weights never change. */
export function isConstant({ name }: AnyWeighting): boolean {
  return name === 'equal' || name === 'fixed';
}
