import { optimize, traceProgram } from '../program';
import type { StepNeed } from '../relatedness';
import { runSteps, type StepOptions } from '../training/compile';
import type { Step } from '../training/steps';
import { callOf, type Work } from './work';

/**
 * One call of a program of a run, by its name.
 * @param needs What a measured step shows; empty for programs that show nothing of the kind.
 */
export type ProgramWork = (name: string, needs: readonly StepNeed[]) => Work;

/** Programs are traced and optimised as a run does it, each when it is first asked for; none is run. */
export function programWork(options: Omit<StepOptions, 'needs'>): ProgramWork {
  const steps = new Map<string, readonly Step[]>();
  const calls = new Map<Step, Work>();
  return (name, needs) => {
    const key = needs.join(' ');
    const own = steps.get(key) ?? runSteps({ ...options, needs }).steps;
    steps.set(key, own);
    const step = own.find((one) => one.name === name);
    if (step === undefined) throw new RangeError(`No step of a run is called "${name}".`);
    const work = calls.get(step) ?? callOf(optimize(traceProgram(step), 'wasm'));
    calls.set(step, work);
    return work;
  };
}
