import '../shared/style.css';
import './style.css';
import { toCsv } from '../shared/csv';
import { element, setText } from '../shared/dom';
import { composePicture, pngMessage } from '../shared/exporting';
import { createHeader } from '../shared/header';
import { fileName } from '../shared/labels';
import { emptyStateOf } from '../shared/emptyState';
import { startPanel } from '../shared/panel';
import { runLabel } from '../shared/runStore';
import { createBanners, createEmptyState, createOverlay } from '../shared/states';
import { relatednessHeader, relatednessRows } from './csvRows';
import type { Drawing } from './drawing';
import { drawingOf, waitingWords } from './drawing';
import { createHeatmap } from './heatmap';
import type { Cell } from './heatmapDrawing';
import { createMatrixLegend } from './legend';
import { createMatrixTable } from './matrixTable';
import { createPairPane } from './pairPane';
import type { RelatednessSettings } from './settings';
import { restoreSettings } from './settings';
import { createToolbar } from './toolbar';

const panel = startPanel(render);
let settings = restoreSettings(panel.kept);
let drawing: Drawing | undefined;

const header = createHeader('relatedness', panel.post);
const banners = createBanners(panel.post);
const empty = createEmptyState(panel.post);
const toolbar = createToolbar({ change, resetZoom: () => heatmap.reset(), exportPng, exportCsv });
const announcement = element('div', { class: 'visually-hidden', attributes: { role: 'status' } });
const heatmap = createHeatmap({
  choose,
  announce: (text) => setText(announcement, text),
  zoomChanged: () => panel.renderSoon(),
});
const legend = createMatrixLegend(choose);
const pane = createPairPane(() => {
  change({ pair: undefined });
  heatmap.canvas.focus();
});
const table = createMatrixTable();
const overlay = createOverlay();
const matrix = element('div', { class: 'matrix' }, [
  heatmap.node,
  element('div', { class: 'matrix-side' }, [legend.node, pane.node]),
]);
const content = element('div', { class: 'content' }, [
  toolbar.node,
  element('div', { class: 'stage' }, [matrix, overlay.node]),
  table.node,
  announcement,
]);
panel.root.append(header.node, banners.node, empty.node, content);
panel.start();

function change(next: Partial<RelatednessSettings>): void {
  settings = { ...settings, ...next };
  panel.keep(settings);
  panel.renderSoon();
}

function choose({ row, column }: Cell): void {
  if (drawing === undefined) return;
  change({ pair: [drawing.rows[row], drawing.columns[column]] });
}

function render(): void {
  const { theme } = panel;
  // One run has one matrix: of several that the host chose together, the foremost is shown.
  const view = { ...panel.view, runs: panel.view.runs.slice(0, 1) };
  header.update(view);
  banners.update(view);
  const nothing = emptyStateOf(view, 'task relatedness');
  empty.update(nothing);
  content.hidden = nothing !== undefined;
  const [run] = view.runs;
  if (run === undefined) return;
  drawing = drawingOf(run, settings, theme);
  overlay.update(drawing === undefined ? waitingWords(run, view.listings) : undefined);
  matrix.classList.toggle('is-empty', drawing === undefined);
  toolbar.node.hidden = drawing === undefined;
  if (drawing === undefined) {
    table.node.hidden = true;
    return;
  }
  const { rows, columns, moment, words, scale, legendState, pairState, description, toolbarState } = drawing;
  const { values } = moment.matrix;
  toolbar.update({ ...toolbarState, zoomed: heatmap.zoomed() });
  legend.update(legendState);
  pane.update(pairState);
  table.update(settings.table, rows, columns, values);
  heatmap.draw({
    rows,
    columns,
    unknown: words.unknown,
    values,
    scale,
    theme,
    description,
    ...(pairState === undefined ? {} : { chosen: pairState.pair }),
  });
}

function exportPng(): void {
  const [run] = panel.view.runs;
  if (drawing === undefined || run === undefined) return;
  const { words, moment } = drawing;
  const name = runLabel(run.id, panel.view.listings);
  const { low, high } = drawing.scale;
  const canvas = composePicture(
    {
      title: name,
      subtitle: `${words.title}, epoch ${moment.epoch}. Orange: ${words.low} (${low}), blue: ${words.high} (${high}).`,
      charts: [{ canvas: heatmap.canvas }],
      columns: 1,
      legend: [],
    },
    panel.theme,
  );
  panel.post(pngMessage(fileName([name, words.name, `epoch-${moment.epoch}`], 'png'), canvas));
}

function exportCsv(): void {
  const [run] = panel.view.runs;
  if (run === undefined) return;
  const content = toCsv(relatednessHeader, relatednessRows(run.id, run.state));
  const name = fileName([runLabel(run.id, panel.view.listings), 'relatedness'], 'csv');
  panel.post({ type: 'export', name, format: 'csv', content });
}
