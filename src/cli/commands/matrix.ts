import { writeFile } from 'node:fs/promises';
import { intervalAt } from '../../figures/intervals';
import type { MatrixFigure } from '../../figures/matrixFigure';
import { matricesLatex } from '../../figures/matrixLatex';
import { matricesSvg } from '../../figures/matrixSvg';
import { csvLine } from '../../outputs/predictedColumns';
import { measuredRunPositional, runsOption, type Command, type RunPositional, type RunsOption } from '../command';
import { exitCodes, UsageError } from '../errors';
import { methodsText } from '../foundGroups';
import { hasMatrices } from '../foundMatrices';
import { figuresFor, matrixOrders } from '../matrixFigures';
import { hasMatrix, openMeasuredRun } from '../measuredRun';
import { renderMatrix } from '../relatednessTable';
import { clean, note } from '../terminal';

interface MatrixOptions extends RunPositional, RunsOption {
  readonly measure: readonly string[] | undefined;
  readonly format: string;
  readonly epoch: string | undefined;
  readonly 'over-seeds': boolean;
  readonly order: string | undefined;
  readonly groups: string | undefined;
  readonly method: string;
  readonly disjoint: boolean;
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
    [
      'mtl matrix latest --order clusters --groups 3 --format svg',
      'Close tasks side by side, their tree, and three groups',
    ],
    ['mtl matrix latest --over-seeds --format latex', 'The mean over the seeds of the run, with 95 % intervals'],
    ['mtl matrix latest --measure usage/gates --format csv', 'What the gates let through, at the last epoch'],
  ],
  positionals: measuredRunPositional,
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
    'over-seeds': {
      type: 'boolean',
      default: false,
      describe: 'The mean over all seeds that have finished, with 95 % intervals. Else the matrix of this run alone',
    },
    order: {
      type: 'string',
      requiresArg: true,
      describe: `${matrixOrders.join(', ')}: as tasks stand in the file, close ones side by side (with their tree in svg), or those of a group together, which is so with --groups if not told otherwise`,
    },
    groups: {
      type: 'string',
      requiresArg: true,
      describe: 'Outline so many groups, in svg: those of mtl group by the first measure',
    },
    method: { type: 'string', requiresArg: true, default: 'tag', describe: methodsText },
    disjoint: { type: 'boolean', default: false, describe: 'For tag: no task in two groups' },
    out: { type: 'string', requiresArg: true, describe: 'The file to write. Without it: standard output' },
    ...runsOption,
  },
  async run({ run: name, runs, format, out, ...asked }) {
    const make = Object.hasOwn(formats, format) ? formats[format as keyof typeof formats] : undefined;
    if (make === undefined) throw new UsageError(`Unknown format "${format}". Use ${Object.keys(formats).join(', ')}.`);
    const matrices = { ...asked, overSeeds: asked['over-seeds'] };
    const run = await openMeasuredRun({ run: name, runs }, [hasMatrices(matrices), hasMatrix]);
    const { title, figures } = await figuresFor(run, matrices);
    const text = make(title, figures);
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

/**
 * One matrix as CSV: a header with the columns, a line for each row, empty where there is no value. With intervals a line
 * for each cell.
 */
function csvOf({ rows, columns, values, intervals }: MatrixFigure): string {
  const value = (row: number, column: number) => values[row]?.[column] ?? null;
  if (intervals === undefined) {
    const lines = rows.map((name, row) => csvLine([name, ...columns.map((_, column) => value(row, column))]));
    return [csvLine([null, ...columns]), ...lines].join('');
  }
  const cells = rows.flatMap((name, row) =>
    columns.map((to, column) => {
      const ends = intervalAt(intervals, { row, column }) ?? [null, null];
      return csvLine([name, to, value(row, column), ...ends]);
    }),
  );
  return [csvLine(['row', 'column', 'value', 'lower', 'upper']), ...cells].join('');
}

function textOf({ words, moment, rows, columns, values, intervals }: MatrixFigure): string {
  const heading = `${words.title}, ${moment}${intervals === undefined ? '' : ' ± half of its 95 % interval'}`;
  return `${heading}\n${renderMatrix(rows, columns, { values, ...intervals })}\n`;
}
