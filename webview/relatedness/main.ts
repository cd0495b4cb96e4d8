import '../shared/style.css';
import './style.css';
import { element, setText } from '../shared/dom';
import { emptyStateOf } from '../shared/emptyState';
import { createHeader } from '../shared/header';
import { startPanel } from '../shared/panel';
import type { Run } from '../shared/runStore';
import { decimalsOf } from '../../src/figures/palette';
import { createBanners, createEmptyState, createOverlay } from '../shared/states';
import { measureWords } from '../../src/figures/measureWords';
import { momentWords } from '../../src/figures/moments';
import type { Cell } from './cellWords';
import type { Drawing } from './drawing';
import { drawingOf, headingOf } from './drawing';
import { createExports, drawingOnScreen } from './exports';
import { createGroupFinder } from './groupFinder';
import type { ShownGroups } from './grouping';
import { groupingMatrix, groupingRequest, shownGroups } from './grouping';
import { createGroupPane } from './groupPane';
import { widestMatrix } from './layout';
import { createAgreementPane } from './agreementPane';
import { agreementsOf } from './agreements';
import { createMapExports } from './mapExports';
import { createMapPane } from './mapPane';
import { createMatrixTable } from './matrixTable';
import { chosenIn, measuresIn } from './matrixModel';
import { createMatrixView } from './matrixView';
import { createPairPane } from './pairPane';
import type { RelatednessSettings } from './settings';
import { restoreSettings } from './settings';
import { mapFigureOf } from './shownMap';
import { createToolbar } from './toolbar';
import { filteredWords, waitingWords } from './waiting';

const panel = startPanel(render);
let settings = restoreSettings(panel.kept);
let drawing: Drawing | undefined;
let groups: ShownGroups | undefined;

const header = createHeader('relatedness', panel.post);
const banners = createBanners(panel.post);
const empty = createEmptyState(panel.post);
const announcement = element('div', { class: 'visually-hidden', attributes: { role: 'status' } });
const [first, second] = [0, 1].map(() =>
  createMatrixView({
    choose,
    announce: (text) => setText(announcement, text),
    zoomChanged: () => panel.renderSoon(),
  }),
);
const views = [first, second];
const exports = createExports(
  panel,
  () =>
    drawing &&
    drawingOnScreen(
      drawing,
      views.map(({ heatmap }) => heatmap.canvas),
    ),
);
const toolbar = createToolbar({
  change,
  filter: settings.filter,
  resetZoom: () => views.forEach(({ heatmap }) => heatmap.reset()),
  ...exports,
});
const pane = createPairPane(() => {
  change({ pair: undefined });
  first.heatmap.canvas.focus();
});
const table = createMatrixTable();
const finder = createGroupFinder(panel.renderSoon);
const mapPane = createMapPane(createMapExports(panel));
const agreementPane = createAgreementPane({
  choose: (measure, beside) => {
    change({ measure, second: beside });
    toolbar.node.scrollIntoView({ block: 'nearest' });
  },
  announce: (text) => setText(announcement, text),
  exports: (current) => createExports(panel, current),
});
const groupPane = createGroupPane(change, ({ method, disjoint }, groups) => {
  const [run] = panel.view.runs;
  const measure = run && chosenIn(run.state, settings.measure);
  if (measure !== undefined) panel.post({ type: 'group', id: run.id, measure, method, disjoint, groups });
});
const overlay = createOverlay();
const agreementValue = element('span', { class: 'agreement-value' });
const agreementWords = element('span', { class: 'agreement-words' });
const agreement = element('p', { class: 'agreement', attributes: { role: 'note' } }, [
  element('span', { class: 'field-label', text: 'Rank agreement' }),
  agreementValue,
  agreementWords,
]);
const matrix = element('div', { class: 'matrix' }, [first.node, second.node, pane.node]);
const content = element('div', { class: 'content' }, [
  toolbar.node,
  agreement,
  element('div', { class: 'stage' }, [matrix, overlay.node]),
  groupPane.node,
  mapPane.node,
  agreementPane.node,
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
  // One run has one matrix of a measure: of several that the host chose together, the foremost is shown.
  const view = { ...panel.view, runs: panel.view.runs.slice(0, 1) };
  header.update(view);
  banners.update(view);
  const words = emptyStateOf(view, 'task relatedness');
  empty.update(words);
  content.hidden = words !== undefined;
  const [run] = view.runs;
  if (run === undefined) return;
  const measure = chosenIn(run.state, settings.measure);
  const request = groupingRequest(run.state, measure, settings.grouping);
  const found = request && finder.find(request);
  groups = request && measure !== undefined ? shownGroups(groups, { runId: run.id, measure }, found) : undefined;
  drawing = drawingOf(run, settings, panel.theme, groups?.groups);
  const isFiltered = drawing?.rows.length === 0;
  const isEmpty = drawing === undefined || isFiltered;
  const instead = isFiltered ? filteredWords(settings.filter) : waitingWords(run, view.listings);
  overlay.update(isEmpty ? instead : undefined);
  matrix.classList.toggle('is-empty', isEmpty);
  toolbar.node.hidden = drawing === undefined;
  if (drawing !== undefined)
    toolbar.update({ ...drawing.toolbarState, zoomed: views.some(({ heatmap }) => heatmap.zoomed()) });
  table.node.hidden = isEmpty;
  const tasks = run.state.tasks.map(({ name }) => name);
  const matrixToGroup = measure === undefined ? undefined : groupingMatrix(run.state, measure);
  groupPane.node.hidden = isEmpty || matrixToGroup === undefined || tasks.length < 2;
  if (measure !== undefined && matrixToGroup !== undefined) {
    const words = measureWords(measure, matrixToGroup);
    const { choice, options } = request ?? {};
    groupPane.update({ tasks, words, choice, groups: options?.groups, found, theme: panel.theme });
  }
  agreement.hidden = isEmpty || drawing?.agreement === undefined;
  mapPane.node.hidden = isEmpty || tasks.length < 2 || drawing?.matrices[0].words.every === true;
  agreementPane.node.hidden = isEmpty || measuresIn(run.state).length < 2;
  if (drawing === undefined || isEmpty) return;
  renderMatrices(drawing);
  renderMap(run, drawing);
  if (!agreementPane.node.hidden) renderAgreements(run, drawing);
}

function renderMap({ state }: Run, shown: Drawing): void {
  if (!mapPane.node.hidden) mapPane.update(() => ({ figure: mapFigureOf(state, shown), theme: panel.theme }));
}

function renderAgreements(run: Run, { matrices, shown, rows }: Drawing): void {
  const [measure, beside] = matrices.map(({ words }) => words.name);
  agreementPane.update({
    // Of what tasks use the rows are tasks as well.
    agreements: () => agreementsOf(run, settings, shown, panel.theme),
    tasks: rows.length,
    measure,
    second: beside,
    table: settings.table,
    theme: panel.theme,
  });
}

function renderMatrices({ columns: names, matrices, agreement: text, pair, pairState }: Drawing): void {
  const isBeside = matrices.length > 1;
  const captioned = matrices.some(({ words }) => words.directed);
  matrix.classList.toggle('is-pair', isBeside);
  const roomForDendrogram = matrices.some(({ dendrogram }) => dendrogram !== undefined);
  matrix.style.setProperty('--widest', `${widestMatrix(names.length, roomForDendrogram)}px`);
  views.forEach((view, place) => {
    const shown = matrices.at(place);
    view.node.hidden = shown === undefined;
    if (shown !== undefined)
      view.update({
        matrix: shown,
        theme: panel.theme,
        chosen: pair,
        heading: isBeside ? headingOf(shown, matrices) : undefined,
        captioned,
        roomForDendrogram,
      });
  });
  setText(agreementValue, text?.value ?? '');
  setText(agreementWords, text?.text ?? '');
  pane.update(pairState);
  table.update(
    settings.table,
    matrices.map(({ words: { title, directed }, moment, rows, columns, values, scale, intervals }) => ({
      title,
      moment: momentWords(moment.at),
      directed,
      ...(intervals && { intervals }),
      rows,
      columns,
      values,
      decimals: decimalsOf(scale),
    })),
  );
}
