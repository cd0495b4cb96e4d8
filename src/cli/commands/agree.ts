import { hasPairs } from '../../relatedness/pairs';
import { agreementMatrix } from '../../relatedness/statistics/agreement';
import type { RelatednessMatrix } from '../../runs/events';
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
import { renderTable } from '../tables';
import { print, printJson } from '../terminal';

interface AgreeOptions extends RunPositional, RunsOption {
  readonly json: boolean;
}

/** Whether a run has two matrices to compare. */
const comparable: Wanted = ({ state }) =>
  figuresOf(state).relatedness.filter(({ values }) => hasPairs(values)).length > 1;

type Agreement = ReturnType<typeof agreementMatrix>;

export const agreeCommand: Command<AgreeOptions> = {
  name: 'agree',
  takes: '<run>',
  summary: 'Show how far the relatedness measures of a run agree with each other',
  examples: [
    ['mtl agree latest', 'A table of every measure with every other'],
    ['mtl agree latest --json', 'One JSON object'],
  ],
  positionals: measuredRunPositional,
  options: { ...runsOption, ...jsonOption },
  async run(options) {
    const { record, state } = await openMeasuredRun(options, [comparable, hasMatrix]);
    if (state.tasks.length < 3) {
      throw new UsageError('The run has fewer than three tasks, so there are no pairs of tasks to put in an order.');
    }
    const { relatedness } = figuresOf(state);
    const known = relatedness.filter(({ values }) => hasPairs(values));
    if (known.length < 2) throw new UsageError(tooFew(known));
    const empty = relatedness.filter((matrix) => !known.includes(matrix)).map(({ measure }) => measure);
    const agreement = agreementMatrix(known);
    const measures = known.map(({ measure }) => measure);
    if (options.json) printJson({ run: record.id, measures, agreement, withoutValues: empty });
    else print(render(measures, agreement, empty));
    return exitCodes.success;
  },
};

function tooFew(known: readonly RelatednessMatrix[]): string {
  const has = known.length === 0 ? 'no relatedness matrix with a value yet' : `a matrix of ${known[0].measure} alone`;
  return `The run has ${has}, and two are compared. Name more measures under \`relatedness\` in its experiment.`;
}

/** Columns have the numbers of their rows, so that twenty measures fit a terminal. */
function render(measures: readonly string[], agreement: Agreement, empty: readonly string[]): string {
  const rows = measures.map((measure, row) => [
    String(row + 1),
    measure,
    ...agreement[row].map((value) => (value === null ? '-' : value.toFixed(2).replace('-0.00', '0.00'))),
  ]);
  return [
    renderTable(['', 'measure', ...measures.map((_, column) => String(column + 1))], rows, 2),
    "Spearman's rank correlation over pairs of tasks, of how close two measures find them: 1 where they put them in the same order.",
    ...(empty.length > 0 ? [`Without a value for any two tasks: ${empty.join(', ')}.`] : []),
  ].join('\n');
}
