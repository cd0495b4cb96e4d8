import type { Intervals } from '../../src/figures/intervals';
import { intervalAt } from '../../src/figures/intervals';
import { intervalWords } from './cellMarks';
import type { Cell } from './cellWords';
import type { RelatednessValues } from '../../src/relatedness';
import { element } from '../shared/dom';
import { oneLine } from '../../src/figures/labels';
import { cellValue } from '../../src/figures/numbers';

/** One matrix as a table shows it. */
export interface TabledMatrix {
  readonly title: string;
  /** Of what in training it is. */
  readonly moment: string;
  readonly intervals?: Intervals;
  readonly directed: boolean;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly values: RelatednessValues;
  readonly decimals: number;
}

/** The numbers of the matrices that are shown as tables, made only while they are shown. */
export function createMatrixTable() {
  const node = element('div', { class: 'matrix-tables' });
  let key = '';
  let shownValues: readonly RelatednessValues[] = [];
  return {
    node,
    update(shown: boolean, matrices: readonly TabledMatrix[]) {
      node.hidden = !shown;
      if (!shown) return;
      const nextKey = JSON.stringify(
        matrices.map(({ title, moment, rows, columns }) => [title, moment, rows, columns]),
      );
      const same = matrices.length === shownValues.length && matrices.every((m, at) => m.values === shownValues[at]);
      if (key === nextKey && same) return;
      key = nextKey;
      shownValues = matrices.map(({ values }) => values);
      node.replaceChildren(...matrices.map((matrix) => scrolled(matrix)));
    },
  };
}

/** What stands over a table: which numbers they are and which way they go. */
export function tableCaption({ title, moment, directed }: Pick<TabledMatrix, 'title' | 'moment' | 'directed'>): string {
  return `${title}, ${moment}${directed ? ', from the task of the row to that of the column' : ''}`;
}

function scrolled(matrix: TabledMatrix): HTMLElement {
  return element(
    'div',
    {
      class: 'matrix-table table-scroll',
      attributes: { tabindex: 0, role: 'region', 'aria-label': `${matrix.title} as a table` },
    },
    [tableOf(matrix)],
  );
}

function tableOf(matrix: TabledMatrix): HTMLElement {
  const { rows, columns, values, decimals, intervals } = matrix;
  const name = (text: string) => element('span', { class: 'task-name', text: oneLine(text) });
  const header = columns.map((task) => element('th', { attributes: { scope: 'col', title: task } }, [name(task)]));
  const body = rows.map((task, row) =>
    element('tr', {}, [
      element('th', { attributes: { scope: 'row', title: task } }, [name(task)]),
      ...columns.map((_, column) => {
        const value = values[row]?.[column] ?? null;
        const interval = intervalWords(intervals, { row, column });
        return element('td', {
          ...(interval !== '' && { attributes: { title: interval } }),
          text:
            value === null
              ? 'none'
              : [cellValue(value, decimals), ...rangeOf(intervals, { row, column }, decimals)].join(' '),
          class: value === null ? 'is-unknown' : '',
        });
      }),
    ]),
  );
  return element('table', {}, [
    element('caption', { text: tableCaption(matrix) }),
    element('thead', {}, [element('tr', {}, [element('td'), ...header])]),
    element('tbody', {}, body),
  ]);
}

/** The interval after a value, in as many decimals. */
function rangeOf(intervals: Intervals | undefined, cell: Cell, decimals: number): readonly string[] {
  const ends = intervals && intervalAt(intervals, cell);
  return ends === undefined ? [] : [`(${ends.map((end) => cellValue(end, decimals)).join(' to ')})`];
}
