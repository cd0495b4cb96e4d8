import { element, icon } from '../shared/dom';
import { oneLine } from '../../src/figures/labels';
import { verdictColumn, type ComparisonRow, type ComparisonTable } from './comparison';

/** The tables of what sharing brought. They are drawn again only when a figure changed. */
export function createComparisonView() {
  const node = element('section', { class: 'results', attributes: { 'aria-label': 'Comparison' } });
  let shown = '';
  return {
    node,
    update(tables: readonly ComparisonTable[]) {
      node.hidden = tables.length === 0;
      const key = JSON.stringify(tables);
      if (key === shown) return;
      shown = key;
      node.replaceChildren(...tables.map(tableNode));
    },
  };
}

function tableNode({ title, columns, rows, notes }: ComparisonTable): HTMLElement {
  const head = element('thead', {}, [
    element(
      'tr',
      {},
      columns.map((text, place) =>
        element('th', { text, class: isText(columns, place) ? 'is-text' : '', attributes: { scope: 'col' } }),
      ),
    ),
  ]);
  const rowNodes = (kind: ComparisonRow['kind']) =>
    rows.filter((row) => row.kind === kind).map((row) => rowNode(row, columns));
  return element('div', { class: 'results-table comparison' }, [
    element('h2', { text: title }),
    element('div', { class: 'table-scroll', attributes: { tabindex: 0, role: 'region', 'aria-label': title } }, [
      element('table', {}, [head, element('tbody', {}, rowNodes('task')), element('tfoot', {}, rowNodes('all'))]),
    ]),
    ...notes.map((text) => element('p', { class: 'note', text })),
  ]);
}

function rowNode({ name, cells, verdict }: ComparisonRow, columns: readonly string[]): HTMLElement {
  return element('tr', {}, [
    element('th', { attributes: { scope: 'row', title: name } }, [
      element('span', { class: 'task-name', text: oneLine(name) }),
    ]),
    ...cells.map((text, place) =>
      verdict !== undefined && columns[place + 1] === verdictColumn
        ? verdictNode(verdict)
        : element('td', { text, class: isText(columns, place + 1) ? 'is-text' : '' }),
    ),
  ]);
}

const signs = { helped: 'arrow-up', hurt: 'arrow-down', 'cannot be told': 'dash' } as const;

/** The sign says what the colour says, too. */
function verdictNode(verdict: NonNullable<ComparisonRow['verdict']>): HTMLElement {
  return element('td', { class: `is-text verdict verdict-${verdict.replaceAll(' ', '-')}` }, [
    icon(signs[verdict]),
    verdict,
  ]);
}

/** Columns of words are aligned to the left. */
function isText(columns: readonly string[], place: number): boolean {
  return place < 2 || columns[place] === verdictColumn;
}
