import type { MetricName } from '../../src/experiment/metric';
import type { Checklist } from '../shared/checklist';
import { createChecklist } from '../shared/checklist';
import { element, setText } from '../shared/dom';
import { button, checkbox, dropdown } from '../shared/toolkit';
import { axisTitles, metricTitles } from './chartSpec';
import type { Axis, CurvesSettings, View } from './settings';
import { axes, views } from './settings';
import type { Subject } from './tasks';
import { chosenSubjects, tasksAtFirst, tasksSummary } from './tasks';

export interface ToolbarState {
  readonly settings: CurvesSettings;
  readonly metrics: readonly MetricName[];
  readonly subjects: readonly Subject[];
  readonly shown: readonly Subject[];
  readonly replicates: boolean;
  readonly weights: boolean;
  readonly rates: boolean;
  readonly zoomed: boolean;
}

export interface ToolbarActions {
  readonly change: (settings: Partial<CurvesSettings>) => void;
  readonly resetZoom: () => void;
  readonly exportPng: () => void;
  readonly exportCsv: () => void;
}

const viewTitles: Readonly<Record<View, string>> = {
  overlay: 'One chart',
  tasks: 'A chart per task',
  weights: 'Task weights',
  rate: 'Learning rate',
};

/** What is drawn and how, in one row that wraps. */
export function createToolbar(actions: ToolbarActions) {
  const { change } = actions;
  const metric = dropdown({ label: 'Metric', choose: (value) => change({ metric: value as MetricName }) });
  const view = dropdown({ label: 'View', choose: (value) => change({ view: value as View }) });
  const axis = dropdown({ label: 'X axis', choose: (value) => change({ axis: value as Axis }) });
  const replicates = dropdown({
    label: 'Replicates',
    choose: (value) => change({ replicates: value === 'lines' ? 'lines' : 'band' }),
  });
  const logX = checkbox({
    label: 'Log x',
    title: 'Logarithmic x axis',
    change: (checked) => change({ logX: checked }),
  });
  const logY = checkbox({
    label: 'Log y',
    title: 'Logarithmic y axis',
    change: (checked) => change({ logY: checked }),
  });
  const smoothing = createSmoothing((value) => change({ smoothing: value }));
  const tasks = createTaskList(change);
  const resetZoom = button({
    label: 'Reset zoom',
    icon: 'screen-normal',
    title: 'Show everything again',
    press: actions.resetZoom,
  });
  const png = button({
    label: 'PNG',
    title: 'Save the charts as a PNG picture',
    press: actions.exportPng,
  });
  const csv = button({
    label: 'CSV',
    title: 'Save all figures of the runs as CSV',
    press: actions.exportCsv,
  });
  const node = element('div', { class: 'toolbar', attributes: { role: 'toolbar', 'aria-label': 'Charts' } }, [
    metric.node,
    tasks.node,
    view.node,
    axis.node,
    replicates.node,
    element('div', { class: 'checks' }, [logX.node, logY.node]),
    smoothing.node,
    element('div', { class: 'toolbar-end' }, [resetZoom.node, png.node, csv.node]),
  ]);
  return {
    node,
    update(state: ToolbarState) {
      const { settings } = state;
      metric.update(
        state.metrics.map((value) => ({ value, label: metricTitles[value] })),
        settings.metric,
      );
      metric.node.hidden = settings.view === 'weights' || settings.view === 'rate';
      view.update(
        views
          .filter((value) => (value === 'weights' ? state.weights : value === 'rate' ? state.rates : true))
          .map((value) => ({ value, label: viewTitles[value] })),
        settings.view,
      );
      axis.update(
        axes.map((value) => ({ value, label: axisTitles[value] })),
        settings.axis,
      );
      replicates.node.hidden = !state.replicates;
      replicates.update(
        [
          { value: 'band', label: 'Mean and band' },
          { value: 'lines', label: 'Each run' },
        ],
        settings.replicates,
      );
      logX.update({ checked: settings.logX });
      logY.update({ checked: settings.logY });
      smoothing.update(settings.smoothing);
      smoothing.node.hidden = settings.view === 'weights' || settings.view === 'rate';
      tasks.update(state.subjects, state.shown);
      resetZoom.update({ hidden: !state.zoomed });
    },
  };
}

function createSmoothing(change: (value: number) => void) {
  const value = element('output', { class: 'range-value' });
  const range = element('input', {
    attributes: {
      type: 'range',
      min: 0,
      max: 0.99,
      step: 0.01,
      'aria-label': 'Smoothing',
      title: 'Weight of the exponential moving average of the training curves; 0 is none',
    },
    on: { input: () => change(Number(range.value)) },
  });
  const node = element('label', { class: 'field' }, [
    element('span', { class: 'field-label', text: 'Smoothing' }),
    element('span', { class: 'range' }, [range, value]),
  ]);
  return {
    node,
    update(next: number) {
      if (Number(range.value) !== next) range.value = String(next);
      setText(value, next.toFixed(2));
    },
  };
}

function createTaskList(change: ToolbarActions['change']) {
  let subjects: readonly Subject[] = [];
  const choose = (keys: readonly string[]) => change({ tasks: keys });
  const every = () => subjects.filter(({ kind }) => kind === 'task').map(({ key }) => key);
  const list: Checklist = createChecklist({
    label: 'Tasks',
    multiple: true,
    change: choose,
    actions: [
      { label: 'All', press: () => choose(every()) },
      { label: 'None', press: () => choose([]) },
      {
        label: `First ${tasksAtFirst}`,
        press: () => choose(chosenSubjects(subjects, undefined).map(({ key }) => key)),
      },
    ],
  });
  return {
    node: list.node,
    update(next: readonly Subject[], shown: readonly Subject[]) {
      subjects = next;
      list.update({
        items: next.map(({ key, label }) => ({ key, label })),
        chosen: new Set(shown.map(({ key }) => key)),
        summary: tasksSummary(next, shown),
      });
    },
  };
}
