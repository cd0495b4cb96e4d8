import { gramianOf } from '../common/linear/matrix';
import { nearest } from '../experiment/nearest';
import {
  measures,
  measureByName,
  type Measure,
  type MeasureDescription,
  type RelatednessMeasure,
  type RelatednessValues,
} from '../relatedness';
import { groupTasks as groupPositions, groupingMethods, type GroupingOptions } from '../relatedness/grouping';
import { checkGradients } from './check';
import { InputError } from './errors';

type AnyMeasure = (typeof measures)[number];

/** The name of a relatedness measure. */
export type MeasureName = AnyMeasure['name'];

/** What every measure says of itself, in the order of the documentation. */
export const relatednessMeasures: readonly MeasureDescription<MeasureName>[] = measures;

/** What a measure is computed from; each says in its type what that is. */
export type MeasureInput<Name extends MeasureName> =
  Extract<AnyMeasure, { readonly name: Name }> extends Measure<Name, infer Input>
    ? Input
    : {
        /** T rows of P: the gradient of each task's loss at the shared parameters. */
        readonly gradients: readonly ArrayLike<number>[];
      };

/** T rows of T: from the row's task to the column's; null where nothing can be said. */
export interface MeasuredRelatedness {
  readonly measure: MeasureName;
  readonly values: RelatednessValues;
  readonly directed: boolean;
  readonly higherIsCloser: boolean;
  readonly range: readonly [number, number];
}

/**
 * How related tasks are, by a measure.
 * @throws InputError where the input does not fit, with a code and a remedy
 */
export function relatedness<Name extends MeasureName>(name: Name, input: MeasureInput<Name>): MeasuredRelatedness {
  const measure = measureNamed(name);
  const { directed, higherIsCloser, range } = measure;
  const values = withInputErrors(`the input of "${name}"`, () => valuesOf(measure, input));
  return { measure: name, values, directed, higherIsCloser, range };
}

type Computed = MeasureDescription &
  Partial<Pick<RelatednessMeasure<string>, 'fromGramian'> & Measure<string, unknown>>;

function valuesOf(measure: Computed, input: unknown): RelatednessValues {
  if (measure.measure) return measure.measure(input);
  const { gradients } = input as { readonly gradients?: readonly ArrayLike<number>[] };
  if (!Array.isArray(gradients)) {
    throw new InputError('gradients-missing', `"${measure.name}" needs \`gradients\`: one row for each task.`);
  }
  if (gradients.length > 0) checkGradients(gradients, gradients.length);
  return measure.fromGramian!(
    gramianOf(gradients),
    gradients.map(() => true),
  );
}

function measureNamed(name: string): MeasureDescription {
  const measure = measureByName(name);
  if (measure) return measure;
  const names = measures.map((known) => known.name);
  const near = nearest(String(name), names);
  const remedy = near === undefined ? `There are ${names.join(', ')}.` : `Did you mean "${near}"?`;
  throw new InputError('unknown-measure', `There is no measure "${String(name)}". ${remedy}`);
}

/** A matrix to group tasks by. */
export interface RelatednessInput {
  /** T rows of T: from the row's task to the column's; null where it is not known. */
  readonly values: RelatednessValues;
  /** T names; `0`, `1`, … if not given. */
  readonly tasks?: readonly string[];
  /** True if not given. */
  readonly higherIsCloser?: boolean;
}

/** Groups by the names of their tasks. */
export interface NamedGrouping {
  readonly groups: readonly {
    /** What the network of the group is for. */
    readonly serves: readonly string[];
    /** Tasks that are trained beside them for the help that they are; another group serves them. */
    readonly helpers: readonly string[];
  }[];
  /** The mean over tasks of the relatedness in their groups; null where a task is alone and that has no value. */
  readonly score: number | null;
  /** Whether no grouping of this kind has a better score. */
  readonly exact: boolean;
  /** How many ordered pairs had no value and were filled in with the mean of what is known of the task. */
  readonly filled: number;
}

/**
 * Groups tasks by a matrix of how related they are: which to train together.
 * @throws InputError where the matrix or the number of groups does not fit, with a code and a remedy
 */
export function groupTasks(input: RelatednessInput, options: GroupingOptions): NamedGrouping {
  const { values, higherIsCloser = true } = checkInput(input);
  const tasks = input.tasks ?? values.map((_, task) => String(task));
  checkMatrix(values, tasks);
  const { groups, method = 'tag' } = checkOptions(options);
  if (!Number.isInteger(groups) || groups < 1 || groups > values.length) {
    throw new InputError('groups', `${groups} is no number of groups. Give a whole number from 1 to ${values.length}.`);
  }
  const methods: readonly string[] = groupingMethods.map(({ name }) => name);
  if (!methods.includes(method)) {
    throw new InputError('unknown-method', `There is no grouping "${method}". There are ${methods.join(', ')}.`);
  }
  const found = withInputErrors('the matrix or the options', () => groupPositions(values, higherIsCloser, options));
  const names = (positions: readonly number[]) => positions.map((position) => tasks[position]);
  return {
    ...found,
    groups: found.groups.map(({ serves, helpers }) => ({ serves: names(serves), helpers: names(helpers) })),
  };
}

/** Callers without types may give anything. */
function checkInput(input: Partial<RelatednessInput> | null | undefined): RelatednessInput {
  const values = input?.values;
  const isRow = (row: unknown): boolean => Array.isArray(row) || ArrayBuffer.isView(row);
  if (values !== undefined && Array.isArray(values) && values.every(isRow)) return { ...input, values };
  throw new InputError(
    'shape',
    'There is no matrix. Give it as `{ values: [[1, 0.5], [0.5, 1]] }`, a row for each task.',
  );
}

function checkOptions(options: GroupingOptions | null | undefined): GroupingOptions {
  if (options?.groups !== undefined) return options;
  throw new InputError('groups', 'There is no number of groups. Give it as `{ groups: 3 }`.');
}

function checkMatrix(values: RelatednessValues, tasks: readonly string[]): void {
  const count = values.length;
  if (count === 0) throw new InputError('shape', 'The matrix is empty. Give a row for each task.');
  const uneven = values.findIndex((row) => row.length !== count);
  if (uneven !== -1) {
    throw new InputError('shape', `Row ${uneven} of the matrix has ${values[uneven].length} values, not ${count}.`);
  }
  if (tasks.length !== count) {
    throw new InputError('shape', `There are ${tasks.length} task names for ${count} rows. Give one for each.`);
  }
  values.forEach((row, from) =>
    row.forEach((value, to) => {
      if (value === null || Number.isFinite(value)) return;
      throw new InputError('not-finite', `Entry (${from}, ${to}) is ${value}. Give a finite number, or null.`);
    }),
  );
}

/**
 * The pure functions say what does not fit by a RangeError. They are typed: what is missing, or of another kind than its
 * type says, meets them unawares.
 */
function withInputErrors<Result>(what: string, compute: () => Result): Result {
  try {
    return compute();
  } catch (error) {
    if (error instanceof RangeError) throw new InputError('shape', error.message);
    if (!(error instanceof TypeError)) throw error;
    throw new InputError(
      'shape',
      `A part of ${what} is missing or of another kind than its type says: ${error.message}.`,
    );
  }
}
