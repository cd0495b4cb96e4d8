import { hasPairs } from '../../relatedness/pairs';
import { agreementIntervals } from '../../relatedness/statistics/agreement';
import type { MatrixIntervals } from '../../relatedness/statistics/replicates';
import { readReplicates } from '../../runs/group';
import type { ReadRun } from '../../runs/read';
import { measuredByEach, type MeasuredRun } from '../../runs/replicated';
import { figuresOf } from '../../runs/report';
import {
  jsonOption,
  measuredRunPositional,
  runsOption,
  type Command,
  type RunPositional,
  type RunsOption,
} from '../command';
import { exitCodes, UsageError } from '../errors';
import { hasMatrix, openMeasuredRun, type Wanted } from '../measuredRun';
import { whyNoMatrix } from '../nothingMeasured';
import { renderTable } from '../tables';
import { print, printJson } from '../terminal';

interface AgreeOptions extends RunPositional, RunsOption {
  readonly json: boolean;
}

/** Whether a run has two matrices to compare. */
const comparable: Wanted = ({ state }) =>
  figuresOf(state).relatedness.filter(({ values }) => hasPairs(values)).length > 1;

export const agreeCommand: Command<AgreeOptions> = {
  name: 'agree',
  takes: '<run>',
  summary: 'Show how far the relatedness measures of a run agree with each other, over its seeds',
  examples: [
    ['mtl agree latest', 'A table of every measure with every other'],
    ['mtl agree latest --json', 'One JSON object'],
  ],
  positionals: measuredRunPositional,
  options: { ...runsOption, ...jsonOption },
  async run(options) {
    const run = await openMeasuredRun(options, [comparable, hasMatrix]);
    if (!(await hasMatrix(run))) throw new UsageError(whyNoMatrix(run));
    if (run.state.tasks.length < 3) {
      throw new UsageError('The run has fewer than three tasks, so there are no pairs of tasks to put in an order.');
    }
    const found = agreementsOf(run, await readReplicates(run));
    if (options.json) printJson({ run: run.record.id, ...found });
    else print(render(found));
    return exitCodes.success;
  },
};

/** How far the measures of a run agree: the mean over its replicates, with intervals where there are several. */
interface FoundAgreement extends Partial<Pick<MatrixIntervals, 'lower' | 'upper'>> {
  readonly seeds: readonly number[];
  readonly measures: readonly string[];
  readonly agreement: MatrixIntervals['mean'];
  /** Those that say nothing of any two tasks. */
  readonly withoutValues: readonly string[];
}

function agreementsOf(run: ReadRun, replicates: readonly ReadRun[]): FoundAgreement {
  const measured = replicates.map(measuredRun).filter(({ relatedness }) => relatedness.length > 0);
  const own = measuredRun(run);
  const each = measuredByEach(own, measured);
  const isKnown = (place: number) => each.some((matrices) => hasPairs(matrices[place].values));
  const known = own.relatedness.filter((_, place) => isKnown(place)).map(({ measure }) => measure);
  if (known.length < 2) throw new UsageError(tooFew(known));
  const { mean, lower, upper } = agreementIntervals(
    each.map((matrices) => matrices.filter(({ measure }) => known.includes(measure))),
  );
  return {
    seeds: measured.map(({ seed }) => seed),
    measures: known,
    agreement: mean,
    ...(measured.length > 1 && { lower, upper }),
    withoutValues: own.relatedness.map(({ measure }) => measure).filter((measure) => !known.includes(measure)),
  };
}

/** With what it has measured so far, where it has not finished. */
function measuredRun({ record: { seed }, state }: ReadRun): MeasuredRun {
  return { seed, tasks: state.tasks.map(({ name }) => name), relatedness: figuresOf(state).relatedness };
}

function tooFew([only]: readonly string[]): string {
  const has = only === undefined ? 'no relatedness matrix with a value' : `a matrix of ${only} alone`;
  return `The run has ${has}, and two are compared. Name more measures under \`relatedness\` in its experiment.`;
}

/** Columns have the numbers of their rows, so that twenty measures fit a terminal. */
function render({ seeds, measures, agreement, lower, upper, withoutValues }: FoundAgreement): string {
  const two = (value: number) => value.toFixed(2).replace('-0.00', '0.00');
  const cell = (row: number, column: number) => {
    const [value, low, high] = [agreement, lower, upper].map((matrix) => matrix?.[row][column] ?? null);
    if (value === null) return '-';
    return low === null || high === null || row === column ? two(value) : `${two(value)} ±${two((high - low) / 2)}`;
  };
  const rows = measures.map((measure, row) => [
    String(row + 1),
    measure,
    ...measures.map((_, column) => cell(row, column)),
  ]);
  const over = lower === undefined ? '' : `Mean over the seeds ${seeds.join(', ')} ± half of its 95 % interval. `;
  return [
    renderTable(['', 'measure', ...measures.map((_, column) => String(column + 1))], rows, 2),
    `${over}Spearman's rank correlation over pairs of tasks, of how close two measures find them: 1 where they put them in the same order.`,
    ...(withoutValues.length > 0 ? [`Without a value for any two tasks: ${withoutValues.join(', ')}.`] : []),
  ].join('\n');
}
