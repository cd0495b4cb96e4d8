import type { RelatednessValues } from '../../src/relatedness';
import { element } from '../shared/dom';
import { oneLine } from '../shared/labels';
import { cellValue } from '../shared/numbers';

/** The numbers of the matrix as a table, made only while it is shown. */
export function createMatrixTable() {
  const node = element('div', {
    class: 'matrix-table table-scroll',
    attributes: { tabindex: 0, role: 'region', 'aria-label': 'The matrix as a table' },
  });
  let labels: readonly unknown[] = [];
  let values: RelatednessValues | undefined;
  return {
    node,
    update(shown: boolean, rows: readonly string[], columns: readonly string[], nextValues: RelatednessValues) {
      node.hidden = !shown;
      if (!shown || (labels[0] === rows && labels[1] === columns && values === nextValues)) return;
      labels = [rows, columns];
      values = nextValues;
      node.replaceChildren(tableOf(rows, columns, nextValues));
    },
  };
}

function tableOf(rows: readonly string[], columns: readonly string[], values: RelatednessValues): HTMLElement {
  const name = (text: string) => element('span', { class: 'task-name', text: oneLine(text) });
  const header = columns.map((label) => element('th', { attributes: { scope: 'col', title: label } }, [name(label)]));
  const body = rows.map((label, row) =>
    element('tr', {}, [
      element('th', { attributes: { scope: 'row', title: label } }, [name(label)]),
      ...columns.map((_, column) => {
        const value = values[row]?.[column] ?? null;
        return element('td', {
          text: value === null ? 'none' : cellValue(value),
          class: value === null ? 'is-unknown' : '',
        });
      }),
    ]),
  );
  return element('table', {}, [
    element('thead', {}, [element('tr', {}, [element('td'), ...header])]),
    element('tbody', {}, body),
  ]);
}
