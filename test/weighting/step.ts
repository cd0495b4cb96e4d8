import { createRandom, type Random } from '../../src/common/random';
import { gramianOf } from '../../src/common/linear/matrix';
import { combine, weightingByName, type AnyInputs, type AnyWeighting } from '../../src/weighting';

/** What a test says of a step; the rest is plain. */
export interface Step {
  readonly gradients: readonly (readonly number[])[];
  /** a, b, c … if not given. */
  readonly tasks?: readonly string[];
  readonly losses?: readonly number[];
  readonly present?: readonly boolean[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly state?: unknown;
  readonly memory?: readonly Float64Array[];
  readonly history?: readonly (readonly (number | null)[])[];
  readonly step?: number;
  readonly epoch?: number;
  readonly random?: Random;
  readonly taskOrder?: readonly number[];
}

export function methodNamed(name: string): AnyWeighting {
  const method = weightingByName(name);
  if (!method) throw new Error(`no method ${name}`);
  return method;
}

/** The options of a method in which everything that must be written is written. */
export function optionsOf(method: AnyWeighting, options: Readonly<Record<string, unknown>> = {}) {
  return method.options.parse(method.name === 'fixed' ? { weights: { b: 0.25 }, ...options } : options);
}

export function inputsOf(method: AnyWeighting, step: Step): AnyInputs {
  const tasks = step.tasks ?? step.gradients.map((_, task) => String.fromCodePoint(97 + task));
  const options = optionsOf(method, step.options);
  return {
    tasks,
    losses: step.losses ?? tasks.map(() => 1),
    present: step.present ?? tasks.map(() => true),
    history: step.history ?? [],
    options,
    state: step.state === undefined ? method.initialise(tasks, options) : step.state,
    step: step.step ?? 0,
    epoch: step.epoch ?? 0,
    random: step.random ?? createRandom(1, method.name),
    gramian: gramianOf(step.gradients),
    gradients: step.gradients,
    memory: step.memory,
    taskOrder: step.taskOrder,
  };
}

/** One step of a method, with the gradient that it follows. */
export function weighStep(method: AnyWeighting, step: Step) {
  const weighing = method.weigh(inputsOf(method, step));
  return { ...weighing, followed: weighing.gradient ?? combine(step.gradients, weighing.weights) };
}

export function norm(vector: ArrayLike<number>): number {
  return Math.hypot(...Array.from(vector));
}

export function product(one: ArrayLike<number>, other: ArrayLike<number>): number {
  return Array.from(one).reduce((total, value, k) => total + value * other[k], 0);
}

/** The distance of two vectors over the length of the second. */
export function relativeDistance(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const distance = norm(Array.from(one, (value, k) => value - other[k]));
  return distance === 0 ? 0 : distance / norm(other);
}
