/**
 * The only file that knows @vscode/webview-ui-toolkit, which upstream archived in January 2025: a successor is a change
 * of this file alone.
 *
 * Its elements style themselves through adoptedStyleSheets, so the page's policy needs no `style-src 'unsafe-inline'`,
 * and nothing in it evaluates text. Its progress ring is the exception (inline style attributes) and is not used.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { element, icon, setAttribute, setText } from './dom';

provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeCheckbox(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodeTextField(),
);

/** A control of the toolkit: an ordinary element with a value. */
type Control = HTMLElement & { value: string; checked: boolean; disabled: boolean };

function control(tag: `vscode-${string}`, attributes: Readonly<Record<string, string>>): Control {
  const node = document.createElement(tag) as Control;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

export interface Button {
  readonly node: HTMLElement;
  readonly update: (state: {
    label?: string;
    icon?: string;
    title?: string;
    disabled?: boolean;
    hidden?: boolean;
  }) => void;
}

/** A button with an icon, a label, or both. Without a visible label the title is its name. */
export function button(options: {
  readonly label?: string;
  readonly icon?: string;
  readonly title: string;
  readonly appearance?: 'primary' | 'secondary' | 'icon';
  readonly press: () => void;
}): Button {
  const node = control('vscode-button', {
    appearance: options.appearance ?? 'secondary',
    title: options.title,
    'aria-label': options.label ?? options.title,
  });
  // Text and no span: the toolkit makes every span in a button as wide as an icon.
  const label = document.createTextNode(options.label ?? '');
  let sign = options.icon === undefined ? undefined : icon(options.icon);
  if (sign !== undefined && options.appearance !== 'icon') sign.slot = 'start';
  node.append(...(sign === undefined ? [] : [sign]), ...(options.label === undefined ? [] : [label]));
  node.addEventListener('click', () => {
    if (!node.disabled) options.press();
  });
  return {
    node,
    update(state) {
      if (state.label !== undefined) setText(label, state.label);
      if (state.icon !== undefined && sign !== undefined && !sign.classList.contains(`codicon-${state.icon}`)) {
        const next = icon(state.icon);
        next.slot = sign.slot;
        sign.replaceWith(next);
        sign = next;
      }
      if (state.title !== undefined) setAttribute(node, 'title', state.title);
      setAttribute(node, 'aria-label', state.label ?? state.title ?? node.getAttribute('aria-label') ?? undefined);
      if (state.disabled !== undefined && node.disabled !== state.disabled) node.disabled = state.disabled;
      if (state.hidden !== undefined) node.hidden = state.hidden;
    },
  };
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface Dropdown {
  readonly node: HTMLElement;
  readonly update: (choices: readonly Choice[], value: string) => void;
}

/** A list of which one is chosen, its label before it. */
export function dropdown(options: { readonly label: string; readonly choose: (value: string) => void }): Dropdown {
  const list = control('vscode-dropdown', { 'aria-label': options.label });
  const node = element('label', { class: 'field' }, [
    element('span', { class: 'field-label', text: options.label }),
    list,
  ]);
  let shown = '';
  let current = '';
  list.addEventListener('change', () => {
    if (list.value === current) return;
    current = list.value;
    options.choose(current);
  });
  return {
    node,
    update(choices, value) {
      const key = JSON.stringify(choices);
      if (key !== shown) {
        shown = key;
        list.replaceChildren(...choices.map((choice) => optionOf(choice, choice.value === value)));
      }
      current = value;
      if (list.value !== value) list.value = value;
    },
  };
}

function optionOf({ value, label }: Choice, selected: boolean): HTMLElement {
  const node = control('vscode-option', { value });
  if (selected) node.setAttribute('selected', '');
  node.textContent = label;
  return node;
}

export interface Checkbox {
  readonly node: HTMLElement;
  readonly update: (state: { checked?: boolean; disabled?: boolean; title?: string; hidden?: boolean }) => void;
}

export function checkbox(options: {
  readonly label: string;
  readonly title?: string;
  readonly change: (checked: boolean) => void;
}): Checkbox {
  const node = control('vscode-checkbox', options.title === undefined ? {} : { title: options.title });
  node.textContent = options.label;
  let current = false;
  node.addEventListener('change', () => {
    if (node.checked === current) return;
    current = node.checked;
    options.change(current);
  });
  return {
    node,
    update(state) {
      if (state.checked !== undefined) {
        current = state.checked;
        if (node.checked !== current) node.checked = current;
      }
      if (state.disabled !== undefined && node.disabled !== state.disabled) node.disabled = state.disabled;
      if (state.title !== undefined) setAttribute(node, 'title', state.title);
      if (state.hidden !== undefined) node.hidden = state.hidden;
    },
  };
}

/** A field to search in, told of every change. */
export function searchField(options: {
  readonly label: string;
  /** What it holds at first. */
  readonly value?: string;
  readonly change: (text: string) => void;
}): HTMLElement {
  const node = control('vscode-text-field', { placeholder: options.label });
  const sign = icon('search');
  sign.slot = 'start';
  // The toolkit takes its accessible name from the text inside, which the style sheet hides.
  node.append(sign, options.label);
  if (options.value !== undefined) node.value = options.value;
  node.addEventListener('input', () => options.change(node.value));
  return node;
}
