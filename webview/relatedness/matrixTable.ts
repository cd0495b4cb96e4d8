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
  let tasks: readonly string[] | undefined;
  let values: RelatednessValues | undefined;
  return {
    node,
    update(shown: boolean, nextTasks: readonly string[], nextValues: RelatednessValues) {
      node.hidden = !shown;
      if (!shown || (tasks === nextTasks && values === nextValues)) return;
      tasks = nextTasks;
      values = nextValues;
      node.replaceChildren(tableOf(nextTasks, nextValues));
    },
  };
}

function tableOf(tasks: readonly string[], values: RelatednessValues): HTMLElement {
  const name = (text: string) => element('span', { class: 'task-name', text: oneLine(text) });
  const header = tasks.map((task) => element('th', { attributes: { scope: 'col', title: task } }, [name(task)]));
  const rows = tasks.map((task, row) =>
    element('tr', {}, [
      element('th', { attributes: { scope: 'row', title: task } }, [name(task)]),
      ...tasks.map((_, column) => {
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
    element('tbody', {}, rows),
  ]);
}
