import { nearest } from '../experiment/nearest';
import { createRandom } from '../common/random';
import { gramianOf } from '../common/linear/matrix';
import { combine, weightingByName, weightings, type AnyWeighting } from '../weighting';
import {
  checkGramian,
  checkGradients,
  checkHistory,
  checkLosses,
  checkOptions,
  checkOrder,
  checkPresent,
} from './check';
import { InputError } from './errors';

export {
  gainOf,
  type Gain,
  type MetricPair,
  type TaskGain,
  type TaskPair,
  type Verdict,
} from '../relatedness/statistics/gain';
export { InputError, type InputErrorCode } from './errors';
export {
  groupTasks,
  relatedness,
  relatednessMeasures,
  type MeasuredRelatedness,
  type MeasureInput,
  type MeasureName,
  type NamedGrouping,
  type RelatednessInput,
} from './relatedness';
export type {
  MeasureCost,
  MeasureDescription,
  MeasureEnds,
  MeasureSentence,
  MeasureSize,
  RelatednessValues,
} from '../relatedness/measure';
export type { GroupingMethod, GroupingOptions } from '../relatedness/grouping';
export { selectNetworks, type BudgetSelection, type MeasuredNetwork } from '../relatedness/grouping/budget';
export {
  meanRegularised,
  taskRelationships,
  type LinearTask,
  type TaskRelationships,
} from '../relatedness/linearTasks';
export {
  agreementIntervals,
  agreementMatrix,
  agreementOf,
  type Agreement,
  type DirectedValues,
} from '../relatedness/statistics/agreement';
export { matrixIntervals, type MatrixIntervals } from '../relatedness/statistics/replicates';

/** The name of a weighting method, as an experiment file has it. */
export type WeightingName = (typeof weightings)[number]['name'];

/** Every method's name, in the order of the documentation. */
export const weightingNames: readonly WeightingName[] = weightings.map(({ name }) => name);

/** What a step is weighed by. T is the number of tasks, P of parameters. */
export interface WeighInputs {
  /** T losses on this batch. */
  readonly losses: readonly number[];
  /** T rows of P: the gradient of each task's loss. */
  readonly gradients?: readonly ArrayLike<number>[];
  /** T rows of T: the inner products of the gradients, in their place where the method needs no more. */
  readonly gramian?: readonly ArrayLike<number>[];
  /** T names; `0`, `1`, … if not given. */
  readonly tasks?: readonly string[];
  /** Whether each task has a label in this batch; all have, if not given. */
  readonly present?: readonly boolean[];
  /** Mean training losses of the finished epochs, each T numbers; null where a task had no label. */
  readonly history?: readonly (readonly (number | null)[])[];
  /** Options of the method, as an experiment file has them. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** For methods that draw; the same seed draws the same, so give another at every step. 0 if not given. */
  readonly seed?: number;
  /** The order in which pcgrad and gradvac take the tasks, as positions; by chance if not given. */
  readonly taskOrder?: readonly number[];
  /** Finished steps and epochs; 0 and the length of `history` if not given. */
  readonly step?: number;
  readonly epoch?: number;
  /** `state` and `memory` of the result of the step before, for methods that remember. */
  readonly state?: unknown;
  readonly memory?: readonly Float64Array[];
}

/** A step, weighed. */
export interface Weighed {
  /** T weights. */
  readonly weights: readonly number[];
  /** P numbers, where gradients were given: what the step follows. */
  readonly gradient?: Float64Array;
  /** What the method wants to be given at the next step; JSON can hold it. */
  readonly state: unknown;
  /** T rows of P that the method wants to be given at the next step, if it remembers gradients. */
  readonly memory?: readonly Float64Array[];
}

/**
 * Weighs the tasks of one step by a method of the workbench.
 * @throws InputError where the inputs do not fit, with a code and a remedy
 */
export function weigh(method: WeightingName, inputs: WeighInputs): Weighed {
  const weighting = methodNamed(method);
  const count = checkLosses(inputs);
  const tasks = inputs.tasks ?? inputs.losses.map((_, task) => String(task));
  if (tasks.length !== count) {
    throw new InputError('shape', `There are ${tasks.length} task names for ${count} losses. Give one for each.`);
  }
  const present = checkPresent(inputs.present, count);
  const gradients = inputs.gradients && checkGradients(inputs.gradients, count);
  if (weighting.needs === 'gradients' && !gradients) {
    throw new InputError('gradients-missing', `"${method}" needs the gradients, one row per task: give \`gradients\`.`);
  }
  const gramian = gradients ? gramianOf(gradients) : inputs.gramian && checkGramian(inputs.gramian, count);
  if (weighting.needs === 'gramian' && !gramian) {
    throw new InputError('gradients-missing', `"${method}" needs the gradients: give \`gradients\` or \`gramian\`.`);
  }
  const options = checkOptions(weighting, inputs.options ?? {});
  const history = checkHistory(inputs.history ?? [], count);
  const { state = weighting.initialise(tasks, options), memory, step = 0, epoch = history.length } = inputs;
  const random = createRandom(inputs.seed ?? 0, method);
  const taskOrder = inputs.taskOrder && checkOrder(inputs.taskOrder, count);
  const own = { tasks, losses: inputs.losses, present, history, options, state, step, epoch, random, taskOrder };
  const found = weighting.weigh({
    ...own,
    // A method that does not need them does not look.
    gramian: gramian ?? new Float64Array(count * count),
    gradients: gradients ?? [],
    memory,
  });
  const gradient = found.gradient ?? (gradients && combine(gradients, found.weights));
  return { weights: found.weights, state: found.state, ...(gradient && { gradient }), ...remembered(found.memory) };
}

function remembered(memory: readonly Float64Array[] | undefined) {
  return memory && { memory };
}

function methodNamed(name: string): AnyWeighting {
  const weighting = weightingByName(name);
  if (weighting) return weighting;
  const near = nearest(String(name), weightingNames);
  const remedy = near === undefined ? `There are ${weightingNames.join(', ')}.` : `Did you mean "${near}"?`;
  throw new InputError('unknown-method', `There is no weighting "${String(name)}". ${remedy}`);
}
