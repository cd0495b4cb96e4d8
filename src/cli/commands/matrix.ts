import { writeFile } from 'node:fs/promises';
import type { MatrixFigure } from '../../figures/matrixFigure';
import { matricesLatex } from '../../figures/matrixLatex';
import { matricesSvg } from '../../figures/matrixSvg';
import { measureWords, usageWords } from '../../figures/measureWords';
import { extremePairs } from '../../figures/extremePairs';
import { hasBounds, scaleOf } from '../../figures/scale';
import { csvLine } from '../../outputs/predictedColumns';
import { measureByName } from '../../relatedness';
import type { RelatednessMatrix, UsageMatrix } from '../../runs/events';
import { readRun, type ReadRun } from '../../runs/read';
import { figuresOf } from '../../runs/report';
import type { RunState } from '../../runs/state';
import { findRun } from '../../runs/store';
import { runPositional, runsOption, runsRoot, type Command, type RunPositional, type RunsOption } from '../command';
import { exitCodes, UsageError } from '../errors';
import { nearest } from '../nearest';
import { renderMatrix } from '../relatednessTable';
import { clean, note } from '../terminal';

interface MatrixOptions extends RunPositional, RunsOption {
  readonly measure: readonly string[] | undefined;
  readonly format: string;
  readonly epoch: string | undefined;
  readonly out: string | undefined;
}

/** How matrices are written, by the name of the format. */
const formats = {
  text: (_: string, figures: readonly MatrixFigure[]) => figures.map(textOf).join('\n'),
  csv: (_: string, figures: readonly MatrixFigure[]) => figures.map(csvOf).join('\n'),
  latex: matricesLatex,
  svg: matricesSvg,
} as const;

export const matrixCommand: Command<MatrixOptions> = {
  name: 'matrix',
  takes: '<run>',
  summary: 'Write a relatedness matrix of a run as text, CSV, a LaTeX table or an SVG figure',
  examples: [
    ['mtl matrix latest', 'The first measure of the run, whole, whatever the number of tasks'],
    ['mtl matrix latest --measure tag-affinity --format latex', 'A table for a paper'],
    ['mtl matrix latest --measure gradient-cosine --measure leep --format svg --out figure.svg', 'Two side by side'],
    ['mtl matrix latest --measure usage/gates --format csv', 'What the gates let through, at the last epoch'],
  ],
  positionals: runPositional,
  options: {
    measure: {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Which measure, or two; the first that the run has, if not given',
    },
    format: { type: 'string', requiresArg: true, default: 'text', describe: Object.keys(formats).join(', ') },
    epoch: {
      type: 'string',
      requiresArg: true,
      describe: 'As it was in that epoch. Without it: what the run has in the end',
    },
    out: { type: 'string', requiresArg: true, describe: 'The file to write. Without it: standard output' },
    ...runsOption,
  },
  async run({ run: name, runs, measure, format, epoch, out }) {
    const make = Object.hasOwn(formats, format) ? formats[format as keyof typeof formats] : undefined;
    if (make === undefined) throw new UsageError(`Unknown format "${format}". Use ${Object.keys(formats).join(', ')}.`);
    const run = await readRun(await findRun(name, await runsRoot(runs)));
    if (run.problem !== undefined) note(`warning: ${clean(run.problem.message)}`);
    const text = make(titleOf(run), figuresFor(run.state, measure, epochOf(epoch)));
    if (out === undefined) {
      process.stdout.write(text);
    } else {
      await writeFile(out, text).catch((error: unknown) => {
        throw new UsageError(`${out} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
      });
      note(`Wrote ${clean(out)}`);
    }
    return exitCodes.success;
  },
};

function titleOf({ record }: ReadRun): string {
  return `${record.experiment}, seed ${record.seed}`;
}

function epochOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new UsageError(`"${text}" is no epoch. Use a whole number from 1.`);
}

function figuresFor(
  state: RunState,
  measures: readonly string[] | undefined,
  epoch: number | undefined,
): readonly MatrixFigure[] {
  const found = epoch === undefined ? atTheEnd(state) : atEpoch(state, epoch);
  const available = [
    ...found.matrices.map(({ measure }) => measure),
    ...found.usage.map(({ name }) => usageName(name)),
  ];
  if (available.length === 0) {
    throw new UsageError(
      epoch === undefined
        ? 'The run has no relatedness matrix yet. Wait for its first epoch, or start one with `relatedness: { measures: [gradient-cosine] }`.'
        : `The run has recorded no matrix in epoch ${epoch}. Leave --epoch away for what it has in the end.`,
    );
  }
  const names = measures ?? available.slice(0, 1);
  if (names.length > 2) throw new UsageError('Side by side there is room for two measures. Name one or two.');
  const tasks = state.tasks.map(({ name }) => name);
  return names.map((name) => {
    const matrix = found.matrices.find(({ measure }) => measure === name);
    if (matrix) return measureFigure(matrix, tasks, found.moment(matrix.measure));
    const usage = found.usage.find((one) => usageName(one.name) === name);
    if (usage) return usageFigure(usage, found.usageMoment);
    const meant = nearest(name, available);
    throw new UsageError(
      `The run has no matrix of "${name}". ${meant === undefined ? `It has ${available.join(', ')}.` : `Did you mean "${meant}"?`}`,
    );
  });
}

function usageName(name: string): string {
  return `usage/${name}`;
}

interface Found {
  readonly matrices: readonly RelatednessMatrix[];
  /** Of what in training the matrix of a measure is. */
  readonly moment: (measure: string) => string;
  readonly usage: readonly UsageMatrix[];
  readonly usageMoment: string;
}

function atTheEnd(state: RunState): Found {
  const last = state.usage.at(-1);
  return {
    matrices: figuresOf(state).relatedness,
    moment: (measure) => {
      if (state.ending === undefined) return `epoch ${state.relatedness.at(-1)?.epoch ?? state.epoch}`;
      return measureByName(measure)?.moment === 'training' ? 'the whole run' : 'the trained model';
    },
    usage: last?.matrices ?? [],
    usageMoment: `epoch ${last?.epoch ?? state.epoch}`,
  };
}

function atEpoch({ relatedness, usage }: RunState, epoch: number): Found {
  const moment = `epoch ${epoch}`;
  const at = <Event extends { readonly epoch: number }>(events: readonly Event[]) =>
    events.find((event) => event.epoch === epoch);
  return {
    matrices: at(relatedness)?.matrices ?? [],
    moment: () => moment,
    usage: at(usage)?.matrices ?? [],
    usageMoment: moment,
  };
}

function measureFigure(matrix: RelatednessMatrix, tasks: readonly string[], moment: string): MatrixFigure {
  return figureOf({
    words: measureWords(matrix.measure, matrix),
    moment,
    rows: tasks,
    columns: tasks,
    values: matrix.values,
  });
}

function usageFigure(usage: UsageMatrix, moment: string): MatrixFigure {
  const { rows, columns, values } = usage;
  return figureOf({ words: usageWords(usageName(usage.name), usage), moment, rows, columns, values });
}

/** With the colours that the panel shows at first: over all values that are possible, or else those that there are. */
function figureOf(figure: Omit<MatrixFigure, 'scale'>): MatrixFigure {
  const { words, values } = figure;
  const pairs = hasBounds(words) ? undefined : extremePairs(values, words.every);
  return { ...figure, scale: scaleOf(words, pairs && [pairs.lowest.value, pairs.highest.value], 'light') };
}

/** One matrix as CSV: a header with the columns, a line for each row, empty where there is no value. */
function csvOf({ rows, columns, values }: MatrixFigure): string {
  const lines = rows.map((name, row) => csvLine([name, ...columns.map((_, column) => values[row]?.[column] ?? null)]));
  return [csvLine([null, ...columns]), ...lines].join('');
}

function textOf({ words, moment, rows, columns, values }: MatrixFigure): string {
  return `${words.title}, ${moment}\n${renderMatrix(rows, columns, { values })}\n`;
}
