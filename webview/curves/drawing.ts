import type { ChartLine, ChartSpec } from '../shared/lineSpec';
import { hiddenByLog } from '../shared/lineSpec';
import { lineStyle } from '../../src/figures/palette';
import { plural } from '../../src/figures/numbers';
import type { RunsView } from '../shared/runStore';
import { phaseOf, runLabel, startName } from '../shared/runStore';
import type { Theme } from '../shared/theme';
import { metricLabel, specOf } from './chartSpec';
import type { LegendItem } from './legend';
import type { LinesContext } from './lines';
import { linesOf, subjectStyle, weightLines } from './lines';
import { referenceLines } from './references';
import type { Curve } from './series';
import { collectCurves, collectRates, collectWeights, ratesVary, weightsVary } from './series';
import type { CurvesSettings } from './settings';
import type { Subject } from './tasks';
import { chosenSubjects, metricsOf, subjectsOf } from './tasks';
import type { ToolbarState } from './toolbar';

/** Everything the panel shows of its runs. */
export interface Drawing {
  /** As they apply: a metric or a view that these runs do not have is replaced. */
  readonly settings: CurvesSettings;
  readonly specs: readonly ChartSpec[];
  readonly legend: readonly LegendItem[];
  readonly toolbar: Omit<ToolbarState, 'zoomed'>;
  readonly note: string;
  /** What to say while there is no point to draw. */
  readonly waiting?: { readonly icon: string; readonly title: string; readonly text: string };
}

export function drawingOf(view: RunsView, wished: CurvesSettings, theme: Theme): Drawing {
  const { runs, listings } = view;
  const metrics = metricsOf(runs);
  const subjects = subjectsOf(runs);
  const shown = chosenSubjects(subjects, wished.tasks);
  const weights = weightsVary(runs);
  const rates = ratesVary(runs);
  const missing = (wished.view === 'weights' && !weights) || (wished.view === 'rate' && !rates);
  const settings: CurvesSettings = {
    ...wished,
    metric: metrics.includes(wished.metric) ? wished.metric : 'loss',
    view: missing ? 'overlay' : wished.view,
  };
  const context: LinesContext = { listings, settings, theme, runs: runs.map(({ id }) => id) };
  const specs = specsOf(view, shown, context);
  const lines = specs.flatMap((spec) => spec.lines);
  const hidden = hiddenByLog(lines, settings.logX, settings.logY);
  const waiting = lines.length === 0 ? waitingWords(view, shown) : undefined;
  return {
    settings,
    specs,
    legend: legendOf(view, shown, context),
    toolbar: { settings, metrics, subjects, shown, replicates: hasReplicates(view), weights, rates },
    note:
      hidden === 0
        ? ''
        : `${plural(hidden, 'point')} at or below zero ${hidden === 1 ? 'has' : 'have'} no place on a logarithmic axis.`,
    ...(waiting === undefined ? {} : { waiting }),
  };
}

function specsOf({ runs }: RunsView, shown: readonly Subject[], context: LinesContext): ChartSpec[] {
  const { settings } = context;
  const { axis, logX, logY, metric, view } = settings;
  const options = { axis, logX, logY };
  switch (view) {
    case 'weights':
      return [specOf(weightLines(collectWeights(runs, shown, axis), context), { ...options, yLabel: 'Task weight' })];
    case 'rate':
      return [specOf(weightLines(collectRates(runs, axis), context), { ...options, yLabel: 'Learning rate' })];
    case 'overlay':
      return [
        specOf(curveLines(collectCurves(runs, shown, settings), context), { ...options, yLabel: metricLabel(metric) }),
      ];
    case 'tasks': {
      const curves = collectCurves(runs, shown, settings);
      return shown.map((subject) => {
        const own = curves.filter((curve) => curve.subject.key === subject.key);
        return specOf(curveLines(own, context), { ...options, yLabel: metricLabel(metric), title: subject.label });
      });
    }
  }
}

/** The lines of one chart: curves, and what they are to be compared with. */
function curveLines(curves: readonly Curve[], context: LinesContext): ChartLine[] {
  const lines = linesOf(curves, context);
  return [...lines, ...referenceLines(curves, lines, context)];
}

function hasReplicates({ runs, listings }: RunsView): boolean {
  const experiments = runs.map(({ id }) => {
    const listing = listings.find((candidate) => candidate.id === id);
    return listing && startName(listing);
  });
  return new Set(experiments).size < experiments.length;
}

/** Tasks with their styles; or the runs, where runs are what differs in colour. */
function legendOf(
  { runs, listings }: RunsView,
  shown: readonly Subject[],
  { settings, theme }: LinesContext,
): LegendItem[] {
  const alone = shown.length === 1 || settings.view === 'tasks';
  const banded = settings.replicates === 'band' && hasReplicates({ received: true, listings, runs });
  if (settings.view === 'rate' || (alone && runs.length > 1 && !banded && settings.view !== 'weights')) {
    return runs.map(({ id }, place) => ({
      key: id,
      label: runLabel(id, listings),
      ...lineStyle(place, theme.kind),
    }));
  }
  return shown.map((subject) => ({ key: subject.key, label: subject.label, ...subjectStyle(subject, theme) }));
}

function waitingWords(view: RunsView, shown: readonly Subject[]): Drawing['waiting'] {
  const phases = view.runs.map((run) => phaseOf(run, view.listings));
  if (phases.includes('starting')) {
    return {
      icon: 'loading',
      title: 'Starting',
      text: 'Data is being read and the model compiled. The first points come in a moment.',
    };
  }
  const anything = view.runs.some(({ state }) => state.steps.length > 0 || state.epochs.length > 0);
  if (phases.includes('running') && !anything) {
    return { icon: 'loading', title: 'Training has begun', text: 'The first points come in a moment.' };
  }
  if (anything && shown.length === 0) {
    return { icon: 'list-selection', title: 'No task is chosen', text: 'Choose some in the list of tasks above.' };
  }
  if (anything) {
    return {
      icon: 'graph-line',
      title: 'No value yet',
      text: 'This metric is measured at the end of each epoch, on the validation split.',
    };
  }
  return { icon: 'graph-line', title: 'No curves', text: 'The run ended before its first step was recorded.' };
}
