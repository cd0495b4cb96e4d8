import { clustered } from '../figures/clustering';
import type { Dendrogram } from '../figures/dendrogram';
import { extremePairs } from '../figures/extremePairs';
import { groupedOrder, groupsInRows } from '../figures/groups';
import type { Intervals } from '../figures/intervals';
import type { MatrixFigure } from '../figures/matrixFigure';
import { measureWords, usageWords } from '../figures/measureWords';
import { hasBounds, scaleOf } from '../figures/scale';
import type { TrainingMoment } from '../figures/moments';
import { momentAtEnd, momentWords } from '../figures/moments';
import type { RelatednessValues } from '../relatedness';
import type { TaskGroup } from '../relatedness/grouping';
import type { RelatednessMatrix, UsageMatrix } from '../runs/events';
import type { ReadRun } from '../runs/read';
import { figuresOf } from '../runs/report';
import type { RunState } from '../runs/state';
import { UsageError } from './errors';
import { checkMethod, findGroups } from './foundGroups';
import { nearest } from './nearest';

/** In which order tasks can stand. */
export const matrixOrders = ['file', 'clusters', 'groups'] as const;
type MatrixOrder = (typeof matrixOrders)[number];

/** Which matrices of a run, and how; as it is written. */
export interface AskedMatrices {
  /** One or two; the first that the run has, if not given. */
  readonly measure: readonly string[] | undefined;
  readonly epoch: string | undefined;
  readonly overSeeds: boolean;
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
  const figures = figuresNamed(state, asked.measure, foundIn(state, asked));
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

/** The matrices that there are to choose from. */
interface Found {
  readonly matrices: readonly RelatednessMatrix[];
  /** Of what in training the matrix of a measure is. */
  readonly moment: (measure: string) => TrainingMoment;
  readonly usage: readonly UsageMatrix[];
  /** The epoch that they are of. */
  readonly usageEpoch: number;
  /** Over how many seeds the matrices are the means. */
  readonly seeds?: number;
}

function foundIn(state: RunState, { epoch: text, overSeeds }: AskedMatrices): Found {
  const epoch = epochOf(text);
  if (overSeeds && epoch !== undefined) {
    throw new UsageError('Means over seeds are of whole runs. Leave --epoch or --over-seeds away.');
  }
  const found = overSeeds ? overAllSeeds(state) : epoch === undefined ? atTheEnd(state) : atEpoch(state, epoch);
  if (found.matrices.length > 0 || found.usage.length > 0) return found;
  throw new UsageError(
    epoch === undefined
      ? 'The run has no relatedness matrix yet. Wait for its first epoch, or start one with `relatedness: { measures: [gradient-cosine] }`.'
      : `The run has recorded no matrix in epoch ${epoch}. Leave --epoch away for what it has in the end.`,
  );
}

function epochOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new UsageError(`"${text}" is no epoch. Use a whole number from 1.`);
}

function overAllSeeds({ replicated }: RunState): Found {
  if (replicated === undefined) {
    throw new UsageError(
      'The run knows of no other seed that had finished before it. Name the last run of several `seeds`, or leave --over-seeds away.',
    );
  }
  const { seeds, matrices } = replicated;
  return {
    matrices,
    moment: () => ({ of: 'seeds', seeds: seeds.length }),
    usage: [],
    usageEpoch: 0,
    seeds: seeds.length,
  };
}

function atTheEnd(state: RunState): Found {
  const last = state.usage.at(-1);
  return {
    matrices: figuresOf(state).relatedness,
    moment: (measure) =>
      state.ending === undefined
        ? { of: 'epoch', epoch: state.relatedness.at(-1)?.epoch ?? state.epoch }
        : momentAtEnd(measure),
    usage: last?.matrices ?? [],
    usageEpoch: last?.epoch ?? state.epoch,
  };
}

function atEpoch({ relatedness, usage }: RunState, epoch: number): Found {
  const at = <Event extends { readonly epoch: number }>(events: readonly Event[]) =>
    events.find((event) => event.epoch === epoch);
  return {
    matrices: at(relatedness)?.matrices ?? [],
    moment: () => ({ of: 'epoch', epoch }),
    usage: at(usage)?.matrices ?? [],
    usageEpoch: epoch,
  };
}

function figuresNamed(state: RunState, measures: readonly string[] | undefined, found: Found): readonly MatrixFigure[] {
  const available = [
    ...found.matrices.map(({ measure }) => measure),
    ...found.usage.map(({ name }) => usageName(name)),
  ];
  const names = measures ?? available.slice(0, 1);
  if (names.length > 2) throw new UsageError('Side by side there is room for two measures. Name one or two.');
  const tasks = state.tasks.map(({ name }) => name);
  return names.map((name) => {
    const matrix = found.matrices.find(({ measure }) => measure === name);
    if (matrix) return measureFigure(matrix, tasks, found);
    const usage = found.usage.find((one) => usageName(one.name) === name);
    if (usage) return usageFigure(usage, found.usageEpoch);
    const meant = nearest(name, available);
    throw new UsageError(
      `The run has no matrix of "${name}". ${meant === undefined ? `It has ${available.join(', ')}.` : `Did you mean "${meant}"?`}`,
    );
  });
}

function usageName(name: string): string {
  return `usage/${name}`;
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
