import { element, setAttribute, setText } from '../shared/dom';
import { count } from '../shared/numbers';
import type { Choice } from '../shared/toolkit';
import { button, checkbox, dropdown } from '../shared/toolkit';
import type { Moment } from './matrixModel';
import type { RelatednessSettings } from './settings';

export interface ToolbarState {
  readonly measures: readonly Choice[];
  readonly measure: string;
  readonly moments: readonly Moment[];
  readonly position: number;
  readonly settings: RelatednessSettings;
  readonly zoomed: boolean;
}

export interface ToolbarActions {
  readonly change: (settings: Partial<RelatednessSettings>) => void;
  readonly resetZoom: () => void;
  readonly exportPng: () => void;
  readonly exportCsv: () => void;
}

/** Which measure, which epoch, how it is shown. */
export function createToolbar(actions: ToolbarActions) {
  const { change } = actions;
  const measure = dropdown({ label: 'Measure', choose: (value) => change({ measure: value }) });
  const colours = dropdown({ label: 'Colours', choose: (value) => change({ fitted: value === 'fitted' }) });
  const epochs = createEpochSlider(change);
  const table = checkbox({
    label: 'Table',
    title: 'Show the numbers as a table',
    change: (checked) => change({ table: checked }),
  });
  const resetZoom = button({
    label: 'Reset zoom',
    icon: 'screen-normal',
    title: 'Show the whole matrix again',
    press: actions.resetZoom,
  });
  const png = button({
    label: 'PNG',
    title: 'Save the matrix as a PNG picture',
    press: actions.exportPng,
  });
  const csv = button({
    label: 'CSV',
    title: 'Save the matrices of all epochs as CSV',
    press: actions.exportCsv,
  });
  const node = element('div', { class: 'toolbar', attributes: { role: 'toolbar', 'aria-label': 'Matrix' } }, [
    measure.node,
    epochs.node,
    colours.node,
    element('div', { class: 'checks' }, [table.node]),
    element('div', { class: 'toolbar-end' }, [resetZoom.node, png.node, csv.node]),
  ]);
  return {
    node,
    update(state: ToolbarState) {
      measure.update(state.measures, state.measure);
      colours.update(
        [
          { value: 'range', label: 'Full range' },
          { value: 'fitted', label: 'Fitted to values' },
        ],
        state.settings.fitted ? 'fitted' : 'range',
      );
      epochs.update(state);
      table.update({ checked: state.settings.table });
      resetZoom.update({ hidden: !state.zoomed });
    },
  };
}

/** Its right end is the latest epoch; left there, it goes along with a run. */
function createEpochSlider(change: ToolbarActions['change']) {
  let moments: readonly Moment[] = [];
  const text = element('output', { class: 'range-value epoch-value' });
  const range = element('input', {
    attributes: { type: 'range', min: 0, step: 1, 'aria-label': 'Epoch' },
    on: { input: () => show(Number(range.value)) },
  });
  const follow = checkbox({
    label: 'Follow latest',
    title: 'Always show the latest epoch',
    change: (checked) => (checked ? show(moments.length - 1) : change({ epoch: moments.at(-1)?.epoch })),
  });
  const show = (position: number) =>
    change({ epoch: position >= moments.length - 1 ? undefined : moments[position]?.epoch });
  const node = element('div', { class: 'epoch-slider' }, [
    element('label', { class: 'field' }, [
      element('span', { class: 'field-label', text: 'Epoch' }),
      element('span', { class: 'range' }, [range, text]),
    ]),
    element('div', { class: 'checks' }, [follow.node]),
  ]);
  return {
    node,
    update({ moments: next, position, settings }: ToolbarState) {
      moments = next;
      setAttribute(range, 'max', Math.max(0, next.length - 1));
      if (Number(range.value) !== position) range.value = String(position);
      range.disabled = next.length < 2;
      const moment = next.at(position);
      const words = moment === undefined ? '' : `epoch ${count(moment.epoch)}, step ${count(moment.step)}`;
      setText(text, words);
      setAttribute(range, 'aria-valuetext', words);
      follow.update({ checked: settings.epoch === undefined });
    },
  };
}
