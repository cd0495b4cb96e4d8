import { describe, expect, test } from 'vitest';
import type { RunListing } from '../../src/protocol/messages';
import { curvesHeader, curvesRows } from '../../webview/curves/csvRows';
import { drawingOf } from '../../webview/curves/drawing';
import { meanWithDeviation, resultsOf } from '../../webview/curves/results';
import { collectCurves, collectWeights, weightsVary } from '../../webview/curves/series';
import type { CurvesSettings } from '../../webview/curves/settings';
import { defaultSettings, restoreSettings } from '../../webview/curves/settings';
import { chosenSubjects, hiddenNote, metricsOf, subjectsOf, tasksSummary } from '../../webview/curves/tasks';
import { toCsv } from '../../webview/shared/csv';
import { drawnPoints, extentOf, hiddenByLog } from '../../webview/shared/lineSpec';
import type { RunsView } from '../../webview/shared/runStore';
import { applyMessage, emptyView } from '../../webview/shared/runStore';
import type { JournalOptions } from './fixtures/journal';
import { began, createJournal, nastyNames } from './fixtures/journal';
import { darkTheme } from './fixtures/theme';

function viewOf(...runs: readonly (JournalOptions & Partial<Pick<RunListing, 'experiment' | 'role'>>)[]): RunsView {
  const listings = runs.map(({ seed = 1, experiment = 'Quick start', role }, place): RunListing => ({
    id: `run-${place}`,
    continuable: false,
    experiment,
    seed,
    ...(role && { role }),
    phase: 'running',
    created: began + place,
  }));
  const events = runs.map((options, place) => ({ id: `run-${place}`, events: createJournal(options) }));
  return applyMessage(emptyView, { type: 'snapshot', listings, runs: events });
}

const compass = ['north', 'east', 'south', 'west'];
const schools = Array.from({ length: 139 }, (_, place) => `school ${place + 1}`);

function draw(view: RunsView, settings: Partial<CurvesSettings> = {}) {
  return drawingOf(view, { ...defaultSettings, ...settings }, darkTheme);
}

describe('tasks', () => {
  test('up to twelve tasks are all drawn', () => {
    const subjects = subjectsOf(viewOf({ tasks: compass }).runs);
    expect(subjects.map(({ key }) => key)).toEqual(['task:north', 'task:east', 'task:south', 'task:west', 'mean']);
    const shown = chosenSubjects(subjects, undefined);
    expect(shown.map(({ label }) => label)).toEqual(compass);
    expect(tasksSummary(subjects, shown)).toBe('all 4');
    expect(hiddenNote(subjects, shown)).toBe('');
  });

  test('of 139 the first twelve and the mean, and a word on the others', () => {
    const subjects = subjectsOf(viewOf({ tasks: schools, epochs: 2, pooled: true }).runs);
    const shown = chosenSubjects(subjects, undefined);
    expect(shown).toHaveLength(13);
    expect(shown.at(-1)?.kind).toBe('mean');
    expect(tasksSummary(subjects, shown)).toBe('12 of 139 + mean over tasks');
    expect(hiddenNote(subjects, shown)).toContain('127 of 139 tasks');
    expect(subjects.at(-1)?.kind).toBe('pooled');
  });

  test('a choice of none stays one; a choice of tasks that are gone does not', () => {
    const subjects = subjectsOf(viewOf({ tasks: compass }).runs);
    expect(chosenSubjects(subjects, [])).toEqual([]);
    expect(chosenSubjects(subjects, ['task:gone'])).toHaveLength(4);
    expect(chosenSubjects(subjects, ['task:gone', 'task:south']).map(({ label }) => label)).toEqual(['south']);
  });

  test('runs with different tasks share those of the same name', () => {
    const { runs } = viewOf({ tasks: ['north', 'east'] }, { tasks: ['east', 'west'] });
    expect(subjectsOf(runs).map(({ label }) => label)).toEqual(['north', 'east', 'west', 'mean over tasks']);
    const curves = collectCurves(runs, subjectsOf(runs).slice(1, 2), { ...defaultSettings, splits: ['train'] });
    expect(curves.map(({ run }) => run.id)).toEqual(['run-0', 'run-1']);
  });

  test('metrics are those that some task has, the loss first', () => {
    const { runs } = viewOf({ tasks: ['a'], kind: 'binary' }, { tasks: ['b'] });
    expect(metricsOf(runs)).toEqual(['loss', 'mse', 'mae', 'rmse', 'r2', 'crossEntropy', 'accuracy', 'auc']);
  });
});

describe('curves', () => {
  const { runs } = viewOf({ tasks: compass, epochs: 4, stepsPerEpoch: 50, stepEvents: 5 });
  const subjects = subjectsOf(runs);

  test.each([
    ['steps', 10, 50],
    ['epochs', 0.2, 1],
    ['time', 0.04, 0.2],
  ] as const)('on an axis of %s training begins at %d and validation at %d', (axis, train, validation) => {
    const curves = collectCurves(runs, subjects.slice(0, 1), { ...defaultSettings, axis });
    expect(curves.map(({ split, points }) => [split, points.x.length])).toEqual([
      ['train', 20],
      ['validation', 4],
    ]);
    expect(curves[0].points.x[0]).toBeCloseTo(train, 9);
    expect(curves[1].points.x[0]).toBeCloseTo(validation, 9);
    expect(curves[0].points.x.at(-1)).toBeCloseTo(curves[1].points.x.at(-1) ?? NaN, 9);
  });

  test('the best epoch is marked on the validation curve', () => {
    const [train, validation] = collectCurves(runs, subjects.slice(0, 1), defaultSettings);
    expect(train.best).toBeUndefined();
    expect(validation.best).toBe(1);
  });

  test('the mean over tasks is the mean of those that were seen', () => {
    const view = viewOf({ tasks: schools, epochs: 1, stepEvents: 3 });
    const [mean] = collectCurves(view.runs, subjectsOf(view.runs).slice(-1), { ...defaultSettings, splits: ['train'] });
    const losses = view.runs[0].state.steps[1].losses.filter((loss) => loss !== null);
    expect(losses.length).toBeLessThan(139);
    expect(mean.points.y[1]).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / losses.length, 12);
  });

  test('a metric other than the loss has a validation curve only', () => {
    const curves = collectCurves(runs, subjects.slice(0, 4), { ...defaultSettings, metric: 'r2' });
    expect(new Set(curves.map(({ split }) => split))).toEqual(new Set(['validation']));
  });

  test('weights are offered only where they change', () => {
    expect(weightsVary(runs)).toBe(false);
    expect(draw(viewOf({ tasks: compass }), { view: 'weights' }).settings.view).toBe('overlay');
    const varying = viewOf({ tasks: compass, varyingWeights: true });
    const { settings, specs } = draw(varying, { view: 'weights' });
    expect(settings.view).toBe('weights');
    expect(specs[0].lines).toHaveLength(4);
    expect(collectWeights(varying.runs, subjects, 'steps')[0].points.y[0]).toBeCloseTo(1.006, 2);
  });
});

describe('drawings', () => {
  test('training is solid, validation dashed; one colour and marker per task', () => {
    const [{ lines }] = draw(viewOf({ tasks: compass })).specs;
    expect(lines).toHaveLength(8);
    expect(lines.filter(({ dash }) => dash.length === 0)).toHaveLength(4);
    expect(lines[0].colour).toEqual(lines[1].colour);
    expect(lines[0].marker).not.toBe(lines[2].marker);
  });

  test('smoothing puts the raw line faint beneath', () => {
    const [{ lines }] = draw(viewOf({ tasks: ['north'] }), { smoothing: 0.9, splits: ['train'] }).specs;
    expect(lines.map(({ faint }) => faint === true)).toEqual([true, false]);
    expect(lines[1].raw).toEqual(lines[0].points.y);
    expect(lines[1].points.y[0]).toBeCloseTo(lines[0].points.y[0], 12);
  });

  test('a validation loss is never smoothed, another metric is', () => {
    const view = viewOf({ tasks: ['north'] });
    const lines = (metric: 'loss' | 'r2') =>
      draw(view, { smoothing: 0.9, splits: ['validation'], metric }).specs[0].lines;
    expect(lines('loss')).toHaveLength(1);
    expect(lines('r2')).toHaveLength(2);
  });

  const replicates = viewOf({ tasks: compass, seed: 1 }, { tasks: compass, seed: 2 }, { tasks: compass, seed: 3 });
  test('replicates are a mean with a band, or a line each', () => {
    const [band] = draw(replicates, { splits: ['validation'] }).specs;
    expect(band.lines).toHaveLength(4);
    for (const { points, band: edges } of band.lines) {
      points.y.forEach((mean, place) => {
        expect(edges?.low[place]).toBeLessThanOrEqual(mean);
        expect(edges?.high[place]).toBeGreaterThanOrEqual(mean);
      });
    }
    const [each] = draw(replicates, { splits: ['validation'], replicates: 'lines' }).specs;
    expect(each.lines).toHaveLength(12);
    expect(draw(replicates).toolbar.replicates).toBe(true);
  });

  test('runs of different experiments are never put into one band', () => {
    const view = viewOf({ tasks: ['a'], experiment: 'one' }, { tasks: ['a'], experiment: 'two' });
    const drawing = draw(view, { splits: ['validation'] });
    expect(drawing.specs[0].lines.map(({ band }) => band)).toEqual([undefined, undefined]);
    expect(drawing.toolbar.replicates).toBe(false);
    expect(drawing.legend.map(({ label }) => label)).toEqual(['one · seed 1', 'two · seed 1']);
    expect(drawing.specs[0].lines[0].colour).not.toEqual(drawing.specs[0].lines[1].colour);
  });

  test('a chart per task has its name, whatever it is', () => {
    const { specs } = draw(viewOf({ tasks: [...nastyNames] }), { view: 'tasks' });
    expect(specs.map(({ title }) => title)).toEqual([...nastyNames]);
  });

  test.each([
    ['no journal yet', [], 'Starting'],
    ['no step yet', createJournal({ tasks: compass }).slice(0, 1), 'Training has begun'],
  ])('%s', (_, events, title) => {
    const view = applyMessage(emptyView, { type: 'snapshot', listings: [], runs: [{ id: 'a', events }] });
    expect(draw(view).waiting?.title).toBe(title);
  });

  test('a run that failed at once says so, one without chosen tasks too', () => {
    expect(draw(viewOf({ tasks: compass, done: 0, end: 'failed' })).waiting?.title).toBe('No curves');
    expect(draw(viewOf({ tasks: compass }), { tasks: [] }).waiting?.title).toBe('No task is chosen');
    expect(draw(viewOf({ tasks: compass })).waiting).toBeUndefined();
  });

  test('a logarithmic axis leaves out what has no place on it, and says so', () => {
    const drawing = draw(viewOf({ tasks: compass, epochs: 10 }), { metric: 'r2', logY: true });
    const [{ lines }] = drawing.specs;
    const negative = lines.flatMap(({ points }) => points.y).filter((value) => value <= 0).length;
    expect(negative).toBeGreaterThan(0);
    expect(hiddenByLog(lines, false, true)).toBe(negative);
    expect(drawing.note).toContain('logarithmic');
    const window = { from: 0, to: 1e6, columns: 500, log: false };
    for (const line of lines) expect(drawnPoints(line, window, true).every(({ y }) => y > 0)).toBe(true);
    expect(extentOf(lines, false)).toEqual([100, 1000]);
  });
});

describe('results', () => {
  test('of a finished run: the figures of the end, with the mean', () => {
    const { runs, listings } = viewOf({ tasks: compass });
    const [table] = resultsOf(runs, listings, true);
    expect(table.title).toBe('Results, of the best epoch (14)');
    expect(table.columns.filter(({ metric }) => metric === 'Loss').map(({ split }) => split)).toEqual([
      'train',
      'validation',
      'test',
    ]);
    expect(table.rows.map(({ name }) => name)).toEqual([...compass, 'mean over tasks']);
    const expected = runs[0].state.ending?.metrics[0].test?.r2 ?? NaN;
    const column = table.columns.findIndex(({ metric, split }) => metric === 'R²' && split === 'test');
    expect(Number(table.rows[0].cells[column])).toBeCloseTo(expected, 3);
  });

  test('of finished replicates: one table with deviations; a running one stays alone', () => {
    const { runs, listings } = viewOf(
      { tasks: compass, seed: 1 },
      { tasks: compass, seed: 2 },
      { tasks: compass, seed: 3, done: 5, end: 'none' },
    );
    const tables = resultsOf(runs, listings, true);
    expect(tables.map(({ title }) => title)).toEqual([
      'Results of Quick start: mean and standard deviation of 2 runs',
      'Figures of epoch 5: Quick start · seed 3',
    ]);
    expect(tables[0].rows[0].cells[0]).toMatch(/^\d\.\d+ ± \d/);
    expect(resultsOf(runs, listings, false)).toHaveLength(3);
  });

  test('baselines are apart from the runs that are compared with them', () => {
    const { runs, listings } = viewOf(
      { tasks: compass, seed: 1 },
      { tasks: compass, seed: 2 },
      { tasks: compass, seed: 1, role: 'baseline' },
      { tasks: compass, seed: 2, role: 'baseline' },
    );
    expect(resultsOf(runs, listings, true).map(({ title }) => title)).toEqual([
      'Results of Quick start: mean and standard deviation of 2 runs',
      'Results of Quick start · baseline: mean and standard deviation of 2 runs',
    ]);
    const { specs } = draw({ received: true, runs, listings }, { splits: ['validation'] });
    expect(specs[0].lines).toHaveLength(2 * compass.length);
  });

  test.each([
    [[1, 3], '2 ± 1.4'],
    [[undefined, 2], '2'],
    [[undefined, NaN], ''],
  ])('meanWithDeviation(%j)', (values, expected) => expect(meanWithDeviation(values)).toBe(expected));
});

describe('CSV', () => {
  test('holds every step, epoch and final figure, in full', () => {
    const { runs, listings } = viewOf({ tasks: ['north', 'with, comma'], epochs: 2, stepEvents: 3 });
    const rows = [...curvesRows(runs, listings)];
    const column = (name: (typeof curvesHeader)[number]) => curvesHeader.indexOf(name);
    const of = (kind: string) => rows.filter((row) => row[column('of')] === kind);
    expect(of('step')).toHaveLength(2 * 3 * 2);
    expect(of('epoch')).toHaveLength(2 * 2 * 6);
    expect(of('end')).toHaveLength(2 * 11);
    const [first] = of('step');
    expect(first).toEqual([
      'run-0',
      'Quick start',
      1,
      'north',
      'train',
      'loss',
      'step',
      33,
      1,
      0.132,
      runs[0].state.steps[0].losses[0],
    ]);
    expect(toCsv(curvesHeader, rows)).toContain('"with, comma"');
  });

  test('of a very long run stays below a bound', () => {
    const { runs, listings } = viewOf({
      tasks: schools,
      epochs: 2,
      stepEvents: 2000,
      stepsPerEpoch: 2000,
      end: 'none',
    });
    let rows = 0;
    for (const row of curvesRows(runs, listings)) if (row.length > 0) rows++;
    expect(rows).toBeGreaterThan(200_000);
    expect(rows).toBeLessThan(410_000);
  });
});

test.each([
  [undefined, defaultSettings],
  ['text', defaultSettings],
  [{ metric: 'unknown', smoothing: 5, axis: 3, splits: [], tasks: [1] }, defaultSettings],
  [
    {
      metric: 'auc',
      smoothing: 0.6,
      axis: 'time',
      logY: true,
      splits: ['train'],
      tasks: ['task:a'],
      view: 'tasks',
      replicates: 'lines',
      logX: false,
    },
    {
      metric: 'auc',
      smoothing: 0.6,
      axis: 'time',
      logY: true,
      splits: ['train'],
      tasks: ['task:a'],
      view: 'tasks',
      replicates: 'lines',
      logX: false,
    },
  ],
])('restoreSettings(%j)', (kept, expected) => expect(restoreSettings(kept)).toEqual(expected));
