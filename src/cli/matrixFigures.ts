import { clustered } from '../figures/clustering';
import type { Dendrogram } from '../figures/dendrogram';
import { extremePairs } from '../figures/extremePairs';
import { groupedOrder, groupsInRows } from '../figures/groups';
import type { Intervals } from '../figures/intervals';
import type { MatrixFigure } from '../figures/matrixFigure';
import { measureWords, usageWords } from '../figures/measureWords';
import { hasBounds, scaleOf } from '../figures/scale';
import { momentWords } from '../figures/moments';
import type { RelatednessValues } from '../relatedness';
import type { TaskGroup } from '../relatedness/grouping';
import type { RelatednessMatrix, UsageMatrix } from '../runs/events';
import type { ReadRun } from '../runs/read';
import type { RunState } from '../runs/state';
import { UsageError } from './errors';
import { checkMethod, findGroups } from './foundGroups';
import { foundIn, namesIn, usageName, type AskedMoment, type Found } from './foundMatrices';

/** In which order tasks can stand. */
export const matrixOrders = ['file', 'clusters', 'groups'] as const;
type MatrixOrder = (typeof matrixOrders)[number];

/** Which matrices of a run, one or two, and how; as it is written. */
export interface AskedMatrices extends AskedMoment {
  readonly order: string | undefined;
  readonly groups: string | undefined;
  readonly method: string;
  readonly disjoint: boolean;
}

/**
 * The figures of a run's matrices, and what they are of.
 * @throws UsageError where the run does not have them, or what is asked for makes no sense
 */
export async function figuresFor(
  run: ReadRun,
  asked: AskedMatrices,
): Promise<{ readonly title: string; readonly figures: readonly MatrixFigure[] }> {
  const { record, state } = run;
  const order = checkOrder(asked);
  if ((asked.measure ?? []).length > 2) {
    throw new UsageError('Side by side there is room for two measures. Name one or two.');
  }
  const figures = figuresNamed(state, asked.measure, foundIn(run, asked));
  const title = asked.overSeeds ? record.experiment : `${record.experiment}, seed ${record.seed}`;
  if (order === 'file' && asked.groups === undefined) return { title, figures };
  if (figures.some(({ words }) => words.every)) {
    throw new UsageError('Only tasks with tasks have an order or groups, not what they use. Name a measure.');
  }
  const groups = asked.groups === undefined ? undefined : await groupsOf(run, asked, figures[0].words.name);
  return { title, figures: arranged(figures, order, groups) };
}

function checkOrder({ order: name, groups }: AskedMatrices): MatrixOrder {
  const order = name === undefined ? (groups === undefined ? 'file' : 'groups') : nameOf(name);
  if (order === 'groups' && groups === undefined) {
    throw new UsageError('For the order of groups, say how many with --groups.');
  }
  return order;
}

function nameOf(name: string): MatrixOrder {
  const order = matrixOrders.find((known) => known === name);
  if (order === undefined) throw new UsageError(`Unknown order "${name}". Use ${matrixOrders.join(', ')}.`);
  return order;
}

async function groupsOf(
  run: ReadRun,
  { groups, method, disjoint }: AskedMatrices,
  measure: string,
): Promise<readonly TaskGroup[]> {
  const asked = { groups, budget: undefined, measure, method: checkMethod(method), disjoint };
  return (await findGroups(run, asked)).grouping.groups;
}

/** The figures with their tasks in another order: clusters are those of the first. */
function arranged(
  figures: readonly MatrixFigure[],
  order: MatrixOrder,
  groups: readonly TaskGroup[] | undefined,
): readonly MatrixFigure[] {
  const [{ rows, values, words }] = figures;
  const tasks = rows.map((_, task) => task);
  const clustering = order === 'clusters' ? clustered(values, words.higherIsCloser) : undefined;
  const places = clustering?.order ?? (order === 'groups' && groups ? groupedOrder(groups, tasks) : tasks);
  const shown = groups && groupsInRows(groups, places);
  return figures.map((figure, at) => {
    const tree = at === 0 ? clustering?.dendrogram : undefined;
    return { ...inOrder(figure, places, tree), ...(shown && { groups: shown }) };
  });
}

function inOrder(figure: MatrixFigure, order: readonly number[], dendrogram: Dendrogram | undefined): MatrixFigure {
  const named = (names: readonly string[]) => order.map((task) => names[task]);
  const moved = (values: RelatednessValues) => order.map((row) => order.map((column) => values[row]?.[column] ?? null));
  const { intervals } = figure;
  return {
    ...figure,
    rows: named(figure.rows),
    columns: named(figure.columns),
    values: moved(figure.values),
    ...(intervals && { intervals: { ...intervals, lower: moved(intervals.lower), upper: moved(intervals.upper) } }),
    ...(dendrogram && { dendrogram }),
  };
}

function figuresNamed(state: RunState, measures: readonly string[] | undefined, found: Found): readonly MatrixFigure[] {
  const names = measures ?? namesIn(found).slice(0, 1);
  const tasks = state.tasks.map(({ name }) => name);
  return names.flatMap((name) => {
    const matrix = found.matrices.find(({ measure }) => measure === name);
    if (matrix) return measureFigure(matrix, tasks, found);
    const usage = found.usage.find((one) => usageName(one.name) === name);
    return usage ? usageFigure(usage, found.usageEpoch) : [];
  });
}

function measureFigure(matrix: RelatednessMatrix, tasks: readonly string[], { moment, seeds }: Found): MatrixFigure {
  const { measure, values, lower, upper } = matrix;
  const intervals: Intervals | undefined =
    lower === undefined || upper === undefined || seeds === undefined ? undefined : { lower, upper, seeds };
  return figureOf({
    words: measureWords(measure, matrix),
    moment: momentWords(moment(measure)),
    rows: tasks,
    columns: tasks,
    values,
    ...(intervals && { intervals }),
  });
}

function usageFigure(usage: UsageMatrix, epoch: number): MatrixFigure {
  const { rows, columns, values } = usage;
  const moment = momentWords({ of: 'epoch', epoch });
  return figureOf({ words: usageWords(usageName(usage.name), usage), moment, rows, columns, values });
}

/** With the colours that the panel shows at first: over all values that are possible, or else those that there are. */
function figureOf(figure: Omit<MatrixFigure, 'scale'>): MatrixFigure {
  const { words, values } = figure;
  const pairs = hasBounds(words) ? undefined : extremePairs(values, words.every);
  return { ...figure, scale: scaleOf(words, pairs && [pairs.lowest.value, pairs.highest.value], 'light') };
}
