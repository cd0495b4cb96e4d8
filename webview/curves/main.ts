import '../shared/style.css';
import './style.css';
import { toCsv } from '../shared/csv';
import { element, setText } from '../shared/dom';
import { composePicture, pngMessage } from '../shared/exporting';
import { createHeader } from '../shared/header';
import { fileName } from '../../src/figures/labels';
import { emptyStateOf } from '../shared/emptyState';
import { startPanel } from '../shared/panel';
import { plural } from '../../src/figures/numbers';
import { runLabel } from '../shared/runStore';
import { createBanners, createEmptyState, createOverlay } from '../shared/states';
import { comparisonsOf } from './comparison';
import { createComparisonView } from './comparisonView';
import { createChartGrid } from './chartGrid';
import { metricTitles } from './chartSpec';
import { curvesHeader, curvesRows } from './csvRows';
import type { Drawing } from './drawing';
import { drawingOf } from './drawing';
import { createLegend, drawSample } from './legend';
import { resultsOf } from './results';
import { createResultsView } from './resultsView';
import type { CurvesSettings } from './settings';
import { restoreSettings } from './settings';
import { createSplitKey } from './splitKey';
import { createToolbar } from './toolbar';
import { hiddenNote } from './tasks';

const panel = startPanel(render);
let settings = restoreSettings(panel.kept);
let drawing: Drawing | undefined;
let beforePick: CurvesSettings['tasks'];

const header = createHeader('curves', panel.post);
const banners = createBanners(panel.post);
const empty = createEmptyState(panel.post);
const toolbar = createToolbar({ change, resetZoom: () => grid.reset(), exportPng, exportCsv });
const grid = createChartGrid(() => panel.renderSoon());
const overlay = createOverlay();
const legend = createLegend({ emphasise: grid.emphasise, pick });
const splitKey = createSplitKey((splits) => change({ splits }));
const note = element('p', { class: 'note', attributes: { role: 'status' } });
const comparison = createComparisonView();
const results = createResultsView();
const legends = element('div', { class: 'legend' }, [splitKey.node, legend.node]);
const content = element('div', { class: 'content' }, [
  toolbar.node,
  legends,
  note,
  element('div', { class: 'stage' }, [grid.node, overlay.node]),
  comparison.node,
  results.node,
]);
panel.root.append(header.node, banners.node, empty.node, content);
panel.start();

function change(next: Partial<CurvesSettings>): void {
  settings = { ...settings, ...next };
  panel.keep(settings);
  panel.renderSoon();
}

/** Draws one task alone, or what was drawn before when it is alone already. */
function pick(key: string): void {
  if (drawing?.toolbar.subjects.some((subject) => subject.key === key) !== true) return;
  const alone = drawing.toolbar.shown.length === 1;
  if (!alone) beforePick = settings.tasks;
  change({ tasks: alone ? beforePick : [key] });
}

function render(): void {
  const { view, theme } = panel;
  header.update(view);
  banners.update(view);
  const words = emptyStateOf(view, 'loss curves');
  empty.update(words);
  content.hidden = words !== undefined;
  if (words !== undefined) return;
  drawing = drawingOf(view, settings, theme);
  grid.draw(drawing.specs, theme);
  overlay.update(drawing.waiting);
  const known = drawing.toolbar.subjects.length > 0;
  toolbar.node.hidden = !known;
  legends.hidden = !known;
  toolbar.update({ ...drawing.toolbar, zoomed: grid.zoomed() });
  legend.update(drawing.legend);
  splitKey.node.hidden = drawing.settings.view === 'weights' || drawing.settings.view === 'rate';
  splitKey.update(
    settings.splits,
    drawing.specs.some(({ lines }) => lines.some(({ best }) => best !== undefined)),
    drawing.specs.flatMap(({ lines }) => lines).find(({ reference }) => reference === true)?.detail,
  );
  const { subjects, shown } = drawing.toolbar;
  setText(
    note,
    [drawing.settings.view === 'rate' ? '' : hiddenNote(subjects, shown), drawing.note]
      .filter((part) => part !== '')
      .join(' '),
  );
  note.hidden = note.textContent === '';
  comparison.update(comparisonsOf(view.runs, view.listings));
  results.update(resultsOf(view.runs, view.listings, settings.replicates === 'band'));
}

function nameOf(): string {
  const { runs, listings } = panel.view;
  return runs.length === 1 ? runLabel(runs[0].id, listings) : plural(runs.length, 'run');
}

function exportPng(): void {
  if (drawing === undefined) return;
  const charts = grid.pictures();
  if (charts.length === 0) return;
  const subject = drawing.specs[0]?.y.label ?? '';
  const canvas = composePicture(
    {
      title: nameOf(),
      subtitle: `${subject}. Solid: training, dashed: validation.`,
      charts,
      columns: 3,
      legend: drawing.legend.map((item) => ({ label: item.label, sample: (context) => drawSample(context, item) })),
    },
    panel.theme,
  );
  panel.post(pngMessage(fileName([nameOf(), metricTitles[drawing.settings.metric]], 'png'), canvas));
}

function exportCsv(): void {
  const { runs, listings } = panel.view;
  const content = toCsv(curvesHeader, curvesRows(runs, listings));
  panel.post({ type: 'export', name: fileName([nameOf(), 'curves'], 'csv'), format: 'csv', content });
}
