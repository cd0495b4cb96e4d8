import { describe, expect, test } from 'vitest';
import { latexText, matricesLatex } from '../../src/figures/matrixLatex';
import { nastyNames } from '../webview/fixtures/journal';
import { completeFigure, figureOf } from './figures';

/** Everything that LaTeX takes for more than a letter, and things that only end or begin something in a table. */
const hostile = [
  'a & b \\\\ c',
  '100 % of $5 #1_2^3~4',
  '\\input{/etc/passwd}',
  '}\\end{tabular}{',
  '[1em] after a row',
  '* after a row',
  '"quoted" `back` <a|b>',
  'dash -- dash',
  ...nastyNames,
];

/** The orders that the tables may give, with how many arguments in braces each has. */
const orders: Readonly<Record<string, number>> = {
  begin: 1,
  end: 1,
  centering: 0,
  caption: 1,
  label: 1,
  toprule: 0,
  midrule: 0,
  bottomrule: 0,
  rightarrow: 0,
  scriptsize: 0,
  rotatebox: 1,
  cellcolor: 0,
  color: 1,
  times: 0,
  infty: 0,
  symbol: 1,
  textbackslash: 0,
  textasciitilde: 0,
  textasciicircum: 0,
  textasciigrave: 0,
  textless: 0,
  textgreater: 0,
  textbar: 0,
};

/**
 * Reads LaTeX as strictly as TeX would, as far as tables go: known orders only, braces and dollar signs in pairs,
 * environments that end where they began, as many cells in each row as columns, nothing special outside of orders.
 * @returns For each tabular its rows of cells, without the rules.
 */
function readTables(source: string): readonly (readonly (readonly string[])[])[] {
  const text = source
    .split('\n')
    .filter((line) => !line.startsWith('%'))
    .join('\n');
  const tables: string[][][] = [];
  const open: string[] = [];
  let [depth, mathematics, cell] = [0, false, ''];
  let row: string[] = [];
  const inTable = () => open.at(-1) === 'tabular';
  for (let at = 0; at < text.length;) {
    const rest = text.slice(at);
    const order = /^\\([A-Za-z]+)/.exec(rest)?.[1];
    if (order !== undefined) {
      if (!Object.hasOwn(orders, order)) throw new Error(`The order \\${order} is unknown.`);
      const argument = /^\\[A-Za-z]+\{([^{}]*)\}/.exec(rest);
      if (order === 'begin' || order === 'end') {
        const name = argument?.[1] ?? '';
        if (order === 'begin') open.push(name);
        else if (open.pop() !== name) throw new Error(`\\end{${name}} has no beginning.`);
        if (depth !== 0) throw new Error(`\\${order}{${name}} within braces.`);
        if (order === 'begin' && name === 'tabular') tables.push([]);
        at += argument?.[0].length ?? 0;
        continue;
      }
      if (order.endsWith('rule')) cell = '';
      else cell += `\\${order}`;
      at += order.length + 1;
      if (orders[order] > 0 && text[at] !== '{') throw new Error(`\\${order} has no argument.`);
      continue;
    }
    if (rest.startsWith('\\\\')) {
      if (!inTable() || depth > 0) throw new Error('The end of a row outside of a table.');
      if (/^\\\\\s*[[*]/.test(rest)) throw new Error('A row that begins with options.');
      tables.at(-1)?.push([...row, cell.trim()]);
      row = [];
      cell = '';
      at += 2;
      continue;
    }
    const character = rest.startsWith('\\') ? rest.slice(0, 2) : rest[0];
    at += character.length;
    if (character === '{') depth++;
    else if (character === '}' && --depth < 0) throw new Error('A brace too many.');
    else if (character === '$') mathematics = !mathematics;
    else if (character === '&' && inTable() && depth === 0) {
      row.push(cell.trim());
      cell = '';
      continue;
    } else if (/^[&#%~]$/.test(character) || (/^[_^]$/.test(character) && !mathematics)) {
      throw new Error(`A bare ${character}.`);
    }
    cell += character;
  }
  if (depth !== 0 || mathematics || open.length > 0) throw new Error('Something is left open.');
  return tables;
}

describe('a LaTeX table', () => {
  test('has the rows, columns and digits of the matrix, and says what it needs', () => {
    const text = matricesLatex('Compass, seed 1', [figureOf('gradient-cosine', ['north', 'east', 'south'], true)]);
    expect(text).toContain('%   \\usepackage{booktabs}\n%   \\usepackage[table]{xcolor}\n');
    expect(text).not.toContain('graphicx');
    expect(text).toContain('\\caption{Compass, seed 1: Gradient cosine, epoch 20.}');
    const [[head, ...rows]] = readTables(text);
    expect(head.slice(1)).toEqual(['north', 'east', 'south']);
    expect(rows.map(([name]) => name)).toEqual(['north', 'east', 'south']);
    expect(rows[0][1]).toBe('\\cellcolor[HTML]{0068A8}\\color{white}$1.00$');
    expect(rows.flat().filter((cell) => cell === '--')).toHaveLength(2);
    expect(rows[0][2]).toMatch(/^\\cellcolor\[HTML\]\{[0-9A-F]{6}\}(\\color\{white\})?\$-?0\.\d\d\$$/);
  });

  test('of a directed measure says the direction; two measures are two tables', () => {
    const names = ['north', 'east', 'a longer name'];
    const text = matricesLatex('Run', [figureOf('tag-affinity', names), figureOf('conflict-rate', names)]);
    const tables = readTables(text);
    expect(tables.map(([head]) => head[0])).toEqual(['row $\\rightarrow$ column', '']);
    expect(text).toContain("TAG inter{-}task affinity, epoch 20; from the row's task to the column's.}");
    expect(text).toContain('Conflict rate, epoch 20; lower is closer.}');
    expect(text).toContain('\\usepackage{graphicx}');
    expect(tables[0][0].at(-1)).toBe('\\rotatebox{90}{a longer name}');
    expect(tables[0][1][2]).toMatch(/\$-?0\.\d{4}\$$/);
  });

  test('of means over seeds has the intervals beneath the values, and says so', () => {
    const figure = completeFigure('gradient-cosine', [...hostile, 'another']);
    const text = matricesLatex('Run', [figure]);
    const [[head, ...lines]] = readTables(text);
    expect(lines).toHaveLength(2 * figure.rows.length);
    for (const cells of lines) expect(cells).toHaveLength(head.length);
    expect(text).toContain(
      'mean over 5 seeds; beneath each value its 95 \\% bootstrap interval over 5 seeds, {[}lower, upper{]}.}',
    );
    const inks = (cells: readonly string[]) => cells.map((cell) => /\[HTML\]\{\w+\}/.exec(cell)?.[0]);
    expect(inks(lines[1])).toEqual(inks(lines[0]));
    const { lower, upper } = figure.intervals!;
    const ends = [lower[1][2]!, upper[1][2]!].map((end) => `$${end.toFixed(2)}$`);
    expect(lines[3][3]).toMatch(/\\scriptsize \[\$/);
    expect(lines[3][3].split('\\scriptsize ')[1]).toBe(`[${ends.join(', ')}]`);
    // A task with itself has none.
    expect(lines[3][2]).toMatch(/^\\cellcolor\[HTML\]\{\w+\}$/);
  });

  test('is whole whatever tasks and runs are called', () => {
    const text = matricesLatex(`${hostile.join(' ')}\n\\end{document}`, [figureOf('pair-gain', hostile, true)]);
    const [table] = readTables(text);
    expect(table).toHaveLength(hostile.length + 1);
    for (const cells of table) expect(cells).toHaveLength(hostile.length + 1);
    expect(text).toContain('LuaLaTeX');
    expect(text).not.toMatch(/^[^%]*\\input/m);
  });

  test.each([
    ['a_b & c%', 'a\\_b \\& c\\%'],
    ['\\x{1}', '\\textbackslash{}x\\{1\\}'],
    ['[a]*', '{[}a{]}{*}'],
    ['one\ntwo', 'one two'],
  ])('writes %j as %s', (name, expected) => expect(latexText(name)).toBe(expected));

  test('the reader of this test refuses what TeX would', () => {
    const table = (row: string) => `\\begin{tabular}\n${row} \\\\\n\\end{tabular}`;
    expect(readTables(table('a & b'))).toEqual([[['a', 'b']]]);
    for (const row of ['a_b', '#', 'a } b', '\\evil', '$1', '{a', 'a \\\\ [b', '50 ~']) {
      expect(() => readTables(table(row)), row).toThrow();
    }
  });
});
