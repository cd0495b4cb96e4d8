import { element } from '../shared/dom';
import { oneLine } from '../../src/figures/labels';
import type { ResultsTable } from './results';

/** The tables of figures below the charts. They are drawn again only when a figure changed. */
export function createResultsView() {
  const node = element('section', { class: 'results', attributes: { 'aria-label': 'Figures' } });
  let shown = '';
  return {
    node,
    update(tables: readonly ResultsTable[]) {
      const key = JSON.stringify(tables);
      if (key === shown) return;
      shown = key;
      node.replaceChildren(...tables.map(tableNode));
    },
  };
}

function tableNode({ title, columns, rows }: ResultsTable): HTMLElement {
  const metrics: { readonly metric: string; readonly span: number }[] = [];
  for (const { metric } of columns) {
    const last = metrics.at(-1);
    if (last?.metric === metric) metrics[metrics.length - 1] = { metric, span: last.span + 1 };
    else metrics.push({ metric, span: 1 });
  }
  const head = element('thead', {}, [
    element('tr', {}, [
      element('th', { text: 'Task', attributes: { rowspan: 2, scope: 'col' } }),
      ...metrics.map(({ metric, span }) =>
        element('th', { text: metric, class: 'starts-group', attributes: { colspan: span, scope: 'colgroup' } }),
      ),
    ]),
    element(
      'tr',
      {},
      columns.map(({ metric, split }, place) =>
        element('th', {
          text: split === 'train' ? 'training' : split,
          class: columns[place - 1]?.metric === metric ? '' : 'starts-group',
          attributes: { scope: 'col' },
        }),
      ),
    ),
  ]);
  const rowNodes = (kinds: readonly string[]) =>
    rows.filter(({ kind }) => kinds.includes(kind)).map((row) => rowNode(row, columns));
  const body = element('tbody', {}, rowNodes(['task']));
  const foot = element('tfoot', {}, rowNodes(['mean', 'pooled']));
  return element('div', { class: 'results-table' }, [
    element('h2', { text: title }),
    element('div', { class: 'table-scroll', attributes: { tabindex: 0, role: 'region', 'aria-label': title } }, [
      element('table', {}, [head, body, foot]),
    ]),
  ]);
}

function rowNode({ name, cells }: ResultsTable['rows'][number], columns: ResultsTable['columns']): HTMLElement {
  const starts = (place: number) => columns[place - 1]?.metric !== columns[place].metric;
  return element('tr', {}, [
    element('th', { attributes: { scope: 'row', title: name } }, [
      element('span', { class: 'task-name', text: oneLine(name) }),
    ]),
    ...cells.map((text, place) => element('td', { text, class: starts(place) ? 'starts-group' : '' })),
  ]);
}
