import type { TrainingMoment } from '../../src/figures/moments';
import { momentWords } from '../../src/figures/moments';
import { element, setText } from '../shared/dom';
import type { Choice } from '../shared/toolkit';
import { button, checkbox, dropdown, searchField } from '../shared/toolkit';
import type { EpochState } from './epochSlider';
import { createEpochSlider } from './epochSlider';
import type { MatrixSavers } from './saveButtons';
import { matrixSaveButtons } from './saveButtons';
import type { RelatednessSettings } from './settings';

export interface ToolbarState {
  readonly measures: readonly Choice[];
  readonly measure: string;
  /** What can stand beside it. */
  readonly beside: readonly Choice[];
  /** Undefined where one measure is shown alone. */
  readonly second: string | undefined;
  /** Whether the colours can run over all values that are possible. */
  readonly hasRange: boolean;
  /** Whether the rows can be put in another order than that of the file. */
  readonly ordered: boolean;
  /** Undefined where nothing that is shown is of an epoch. */
  readonly epochs: EpochState | undefined;
  /** Of what in training the measure is. */
  readonly moment: TrainingMoment;
  /** Over how many seeds there is a mean of the measure; undefined where there is none. */
  readonly seeds: number | undefined;
  readonly settings: RelatednessSettings;
  readonly zoomed: boolean;
}

export interface ToolbarActions extends MatrixSavers {
  readonly change: (settings: Partial<RelatednessSettings>) => void;
  /** The text of the filter when the panel opens. */
  readonly filter: string;
  readonly resetZoom: () => void;
}

const alone: Choice = { value: '', label: 'None' };
const reaches: readonly Choice[] = [
  { value: 'range', label: 'Full range' },
  { value: 'epochs', label: 'Values of all epochs' },
  { value: 'epoch', label: 'Values of this epoch' },
];

/** Of a matrix that is of no epoch. */
const ownReaches: readonly Choice[] = [reaches[0], { value: 'epochs', label: 'Values of the matrix' }];

const orders: readonly Choice[] = [
  { value: 'file', label: 'As in the file' },
  { value: 'clusters', label: 'By clusters' },
];
const byGroups: Choice = { value: 'groups', label: 'By groups' };

/** Which measures, which epoch, how they are shown. */
export function createToolbar(actions: ToolbarActions) {
  const { change } = actions;
  const measure = dropdown({ label: 'Measure', choose: (value) => change({ measure: value }) });
  const second = dropdown({
    label: 'Beside it',
    choose: (value) => change({ second: value === alone.value ? undefined : value }),
  });
  const colours = dropdown({
    label: 'Colours',
    choose: (value) => change({ colours: value === 'epochs' || value === 'epoch' ? value : 'range' }),
  });
  const order = dropdown({
    label: 'Order',
    choose: (value) => change({ order: value === 'clusters' || value === 'groups' ? value : 'file' }),
  });
  const over = dropdown({ label: 'Values', choose: (value) => change({ overSeeds: value === 'seeds' }) });
  const epochs = createEpochSlider(change);
  const momentValue = element('span', { class: 'range-value' });
  const moment = element('div', { class: 'field' }, [
    element('span', { class: 'field-label', text: 'Moment' }),
    element('span', { class: 'range' }, [momentValue]),
  ]);
  const filter = searchField({
    label: 'Filter tasks',
    value: actions.filter,
    change: (text) => change({ filter: text }),
  });
  const table = checkbox({
    label: 'Table',
    title: 'Show the numbers as a table',
    change: (checked) => change({ table: checked }),
  });
  const exports = createExports(actions);
  const node = element('div', { class: 'toolbar', attributes: { role: 'toolbar', 'aria-label': 'Matrix' } }, [
    measure.node,
    second.node,
    over.node,
    epochs.node,
    moment,
    colours.node,
    order.node,
    filter,
    element('div', { class: 'checks' }, [table.node]),
    exports.node,
  ]);
  return {
    node,
    update(state: ToolbarState) {
      const { measures, settings } = state;
      measure.update(measures, state.measure);
      second.node.hidden = state.beside.length === 0;
      second.update([alone, ...state.beside], state.second ?? alone.value);
      const offered = (state.epochs === undefined ? ownReaches : reaches).slice(state.hasRange ? 0 : 1);
      colours.update(offered, offered.some(({ value }) => value === settings.colours) ? settings.colours : 'epochs');
      order.node.hidden = !state.ordered;
      order.update(
        settings.grouping === undefined ? orders : [...orders, byGroups],
        settings.grouping === undefined && settings.order === 'groups' ? 'file' : settings.order,
      );
      over.node.hidden = state.seeds === undefined;
      over.update(
        [
          { value: 'run', label: 'This run' },
          { value: 'seeds', label: `Mean over ${state.seeds ?? 0} seeds` },
        ],
        settings.overSeeds === true ? 'seeds' : 'run',
      );
      epochs.node.hidden = state.epochs === undefined;
      if (state.epochs !== undefined) epochs.update(state.epochs);
      // Of means over seeds the list of values tells.
      moment.hidden = state.epochs !== undefined || state.moment.of === 'seeds';
      setText(momentValue, momentWords(state.moment));
      table.update({ checked: settings.table });
      exports.update(state.zoomed);
    },
  };
}

function createExports({ resetZoom, ...savers }: ToolbarActions) {
  const whole = button({
    label: 'Reset zoom',
    icon: 'screen-normal',
    title: 'Show the whole matrix again',
    press: resetZoom,
  });
  return {
    node: element('div', { class: 'toolbar-end' }, [
      whole.node,
      matrixSaveButtons(savers, 'Save the matrices of all epochs as CSV'),
    ]),
    update: (zoomed: boolean) => whole.update({ hidden: !zoomed }),
  };
}
