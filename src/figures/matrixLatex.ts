import type { Colour } from './colour';
import { intervalAt } from './intervals';
import { oneLine } from './labels';
import type { MatrixFigure } from './matrixFigure';
import { figureCaption, paperScale } from './matrixFigure';
import { cellValue } from './numbers';
import { decimalsOf, textOn } from './palette';

/** Longer column names stand upright. */
const levelName = 8;

/**
 * One or two matrices as LaTeX tables, with the digits and colours that the panel shows; what has to be loaded for them
 * is said in a comment.
 * @param title What they are of, such as the run.
 */
export function matricesLatex(title: string, figures: readonly MatrixFigure[]): string {
  const names = figures.flatMap(({ rows, columns, words, moment }) => [...rows, ...columns, words.title, moment]);
  const turned = figures.some(isTurned);
  const comment = [
    `% ${oneLine(title)}`,
    '% In the preamble:',
    '%   \\usepackage{booktabs}',
    '%   \\usepackage[table]{xcolor}',
    ...(turned ? ['%   \\usepackage{graphicx} % turns the names of columns'] : []),
    ...([title, ...names].every(isLatin)
      ? []
      : ['% Names have letters beyond the Latin ones: use LuaLaTeX or XeLaTeX and a font that has them.']),
    '% Without colours: delete \\cellcolor[HTML]{...} and \\color{white}; wide tables: put tabular into \\resizebox.',
  ];
  return `${[comment.join('\n'), ...figures.map((figure) => tableOf(title, figure))].join('\n\n')}\n`;
}

function tableOf(title: string, figure: MatrixFigure): string {
  const { rows, columns, words, moment } = figure;
  const corner = words.directed ? 'row $\\rightarrow$ column' : '';
  const turned = isTurned(figure);
  const heads = columns.map((name) => (turned ? `\\rotatebox{90}{${latexText(name)}}` : latexText(name)));
  const line = (cells: readonly string[]) => `    ${cells.join(' & ')} \\\\`;
  const body = rows.flatMap((name, row) => [
    line([latexText(name), ...valuesOf(figure, row)]),
    ...(figure.intervals === undefined ? [] : [line(['', ...intervalsOf(figure, row)])]),
  ]);
  return [
    '\\begin{table}',
    '  \\centering',
    `  \\caption{${latexText(`${title}: ${figureCaption(figure)}${intervalCaption(figure)}`)}.}`,
    `  \\label{tab:${[words.name, moment].join('-').replace(/[^A-Za-z0-9]+/g, '-')}}`,
    `  \\begin{tabular}{l*{${columns.length}}{r}}`,
    '    \\toprule',
    `    ${[corner, ...heads].join(' & ')} \\\\`,
    '    \\midrule',
    ...body,
    '    \\bottomrule',
    '  \\end{tabular}',
    '\\end{table}',
  ].join('\n');
}

function isTurned({ columns }: MatrixFigure): boolean {
  return columns.some((name) => oneLine(name).length > levelName);
}

/** What the second line of a row holds. */
function intervalCaption({ intervals }: MatrixFigure): string {
  return intervals === undefined
    ? ''
    : `; beneath each value its 95 % bootstrap interval over ${intervals.seeds} seeds, [lower, upper]`;
}

function valuesOf(figure: MatrixFigure, row: number): readonly string[] {
  const decimals = decimalsOf(figure.scale);
  return figure.columns.map((_, column) => {
    const value = figure.values[row]?.[column] ?? null;
    return value === null ? '--' : `${inkOf(figure, value)}${number(cellValue(value, decimals))}`;
  });
}

/** The intervals of a row's cells, on the colours of their values; none for a task with itself. */
function intervalsOf(figure: MatrixFigure, row: number): readonly string[] {
  const decimals = decimalsOf(figure.scale);
  return figure.columns.map((_, column) => {
    const value = figure.values[row]?.[column] ?? null;
    if (value === null) return '';
    const interval = figure.intervals && row !== column ? intervalAt(figure.intervals, { row, column }) : undefined;
    if (interval === undefined) return inkOf(figure, value).replace('\\color{white}', '');
    const [lower, upper] = interval.map((end) => number(cellValue(end, decimals)));
    return `${inkOf(figure, value)}\\scriptsize [${lower}, ${upper}]`;
  });
}

/** The colour of a cell, and that of the text on it where it is not black. */
function inkOf(figure: MatrixFigure, value: number): string {
  const colour = paperScale(figure.scale).at(value);
  return `\\cellcolor[HTML]{${hex(colour)}}${textOn(colour)[0] > 0 ? '\\color{white}' : ''}`;
}

/** What `cellValue` writes, in mathematics. */
function number(text: string): string {
  const plain = text.replaceAll('−', '-').replace('∞', '\\infty');
  const [mantissa, exponent] = plain.split('e');
  return exponent === undefined ? `$${mantissa}$` : `$${mantissa} \\times 10^{${exponent}}$`;
}

function hex([red, green, blue]: Colour): string {
  return [red, green, blue]
    .map((part) =>
      Math.round(Math.min(255, Math.max(0, part)))
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')
    .toUpperCase();
}

/** What means something to LaTeX, and how it is written instead. */
const special: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  _: '\\_',
  '%': '\\%',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  // Active in some languages of babel.
  '"': '\\symbol{34}',
  '`': '\\textasciigrave{}',
  // After \\ at the end of a row these would begin its options.
  '[': '{[}',
  ']': '{]}',
  '*': '{*}',
  // Two hyphens would become a dash.
  '-': '{-}',
  '−': '$-$',
};

/** A text for LaTeX, in one line, with nothing left that LaTeX would take for an order. */
export function latexText(text: string): string {
  return oneLine(text).replace(/[\\{}$&#_%~^<>|"`[\]*−-]/g, (character) => special[character]);
}

/** Whether pdfLaTeX can print it without more packages. */
function isLatin(text: string): boolean {
  return /^[\u0020-\u017F−\s]*$/.test(text);
}
