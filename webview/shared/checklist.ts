import { element, icon, setAttribute, setText } from './dom';
import { oneLine } from '../../src/figures/labels';
import { button, searchField } from './toolkit';

export interface ChecklistItem {
  readonly key: string;
  readonly label: string;
  readonly detail?: string;
}

export interface ChecklistState {
  readonly items: readonly ChecklistItem[];
  readonly chosen: ReadonlySet<string>;
  /** What the closed list says. */
  readonly summary: string;
}

export interface Checklist {
  readonly node: HTMLElement;
  readonly update: (state: ChecklistState) => void;
}

interface Options {
  readonly label: string;
  /** Whether more than one can be chosen. */
  readonly multiple: boolean;
  readonly change: (chosen: readonly string[]) => void;
  /** Further buttons over the list, such as "All". */
  readonly actions?: readonly { readonly label: string; readonly press: () => void }[];
}

/** More rows than this are not drawn; searching reaches the others. */
const rowLimit = 400;

/** A button that opens a list with check marks (or one choice) and a search field. */
export function createChecklist(options: Options): Checklist {
  let state: ChecklistState = { items: [], chosen: new Set(), summary: '' };
  let wanted = '';
  const summary = element('span', { class: 'checklist-summary' });
  const opener = element(
    'button',
    {
      class: 'checklist-opener',
      attributes: { type: 'button', 'aria-expanded': 'false', 'aria-haspopup': 'dialog' },
      on: { click: () => setOpen(panel.hidden === true) },
    },
    [summary, icon('chevron-down')],
  );
  const list = element('div', {
    class: 'checklist-rows',
    attributes: { role: 'group', 'aria-label': options.label },
  });
  const search = searchField({
    label: `Search ${options.label.toLowerCase()}`,
    change: (text) => {
      wanted = text.trim().toLowerCase();
      drawRows();
    },
  });
  const actions = (options.actions ?? []).map(({ label, press }) => button({ label, title: label, press }).node);
  const panel = element(
    'div',
    { class: 'checklist-panel', attributes: { role: 'dialog', 'aria-label': options.label } },
    [search, ...(actions.length > 0 ? [element('div', { class: 'checklist-actions' }, actions)] : []), list],
  );
  panel.hidden = true;
  const node = element('div', { class: 'checklist field' }, [
    element('span', { class: 'field-label', text: options.label }),
    opener,
    panel,
  ]);
  closeOnLeaving(
    node,
    opener,
    () => panel.hidden !== true,
    () => setOpen(false),
  );

  function setOpen(open: boolean): void {
    panel.hidden = !open;
    setAttribute(opener, 'aria-expanded', open ? 'true' : 'false');
    search.hidden = state.items.length <= 8;
    if (!open) return;
    drawRows();
    panel.classList.toggle('to-left', node.getBoundingClientRect().left + 320 > window.innerWidth);
    (search.hidden ? list.querySelector('input') : search)?.focus();
  }

  function drawRows(): void {
    const found = state.items.filter(({ label }) => label.toLowerCase().includes(wanted));
    const name = `${options.label}-choice`;
    const rows = found.slice(0, rowLimit).map((item) => {
      const chosen = state.chosen.has(item.key);
      return rowOf(item, { chosen, name, multiple: options.multiple }, () => choose(item.key));
    });
    const rest = found.length - rows.length;
    const note = found.length === 0 ? 'Nothing found.' : rest > 0 ? `${rest} more. Search to see them.` : '';
    const focused = list.contains(document.activeElement);
    list.replaceChildren(...rows, ...(note === '' ? [] : [element('p', { class: 'checklist-note', text: note })]));
    if (focused) list.querySelector('input')?.focus();
  }

  function choose(key: string): void {
    if (!options.multiple) {
      setOpen(false);
      opener.focus();
      options.change([key]);
      return;
    }
    const chosen = state.items.map((item) => item.key).filter((other) => (other === key) !== state.chosen.has(other));
    options.change(chosen);
  }

  return {
    node,
    update(next) {
      const redraw = !panel.hidden && differs(state, next);
      state = next;
      search.hidden = state.items.length <= 8;
      setText(summary, next.summary);
      setAttribute(opener, 'title', next.summary);
      setAttribute(opener, 'aria-label', `${options.label}: ${next.summary}`);
      if (redraw) syncRows(list, state, drawRows);
    },
  };
}

function rowOf(
  { key, label, detail }: ChecklistItem,
  { chosen, name, multiple }: { chosen: boolean; name: string; multiple: boolean },
  change: () => void,
): HTMLElement {
  const input = element('input', {
    attributes: { type: multiple ? 'checkbox' : 'radio', name, value: key },
    on: { change },
  });
  input.checked = chosen;
  const text = oneLine(label);
  return element('label', { class: 'checklist-row', attributes: { title: label } }, [
    input,
    element('span', { class: 'checklist-label', text }),
    ...(detail === undefined ? [] : [element('span', { class: 'checklist-detail', text: detail })]),
  ]);
}

/** Sets check marks in place where the rows are the same, so that the focus stays. */
function syncRows(list: HTMLElement, state: ChecklistState, draw: () => void): void {
  const inputs = [...list.querySelectorAll('input')];
  const known = new Set(state.items.map(({ key }) => key));
  if (
    inputs.length === 0 ||
    inputs.some(({ value }) => !known.has(value)) ||
    inputs.length < Math.min(state.items.length, 8)
  ) {
    draw();
    return;
  }
  for (const input of inputs) input.checked = state.chosen.has(input.value);
}

function differs(one: ChecklistState, other: ChecklistState): boolean {
  if (one.items.length !== other.items.length || one.chosen.size !== other.chosen.size) return true;
  return other.items.some(
    ({ key }, place) => one.items[place].key !== key || one.chosen.has(key) !== other.chosen.has(key),
  );
}

function closeOnLeaving(node: HTMLElement, opener: HTMLElement, isOpen: () => boolean, close: () => void): void {
  // On the document: the focused row may be drawn anew, and with it the focus is gone.
  document.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || !isOpen()) return;
    close();
    opener.focus();
  });
  document.addEventListener('pointerdown', ({ target }) => {
    if (target instanceof Node && !node.contains(target)) close();
  });
  node.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !node.contains(relatedTarget)) close();
  });
}
