import { describe, expect, test } from 'vitest';
import type { RunEventBody } from '../../src/runs/events';
import { initialRunState, reduceRuns } from '../../src/runs/state';
import { relatednessHeader, relatednessRows } from '../../webview/relatedness/csvRows';
import { agreementsOf } from '../../webview/relatedness/agreements';
import type { Drawing } from '../../webview/relatedness/drawing';
import { drawingOf, headingOf } from '../../webview/relatedness/drawing';
import { drawingOnScreen } from '../../webview/relatedness/exports';
import { cellAt, labelLayout, matrixLayout, nextCell, valuesFit } from '../../webview/relatedness/layout';
import { measuresIn, momentsOf, pairHistory, positionOf } from '../../webview/relatedness/matrixModel';
import { epochOf } from '../../src/figures/moments';
import { extremePairs, unknownCells } from '../../src/figures/extremePairs';
import { measureWords } from '../../src/figures/measureWords';
import { defaultSettings, restoreSettings } from '../../webview/relatedness/settings';
import { waitingWords } from '../../webview/relatedness/waiting';
import type { Run } from '../../webview/shared/runStore';
import type { JournalOptions } from './fixtures/journal';
import { createJournal, nastyNames } from './fixtures/journal';
import { darkTheme } from './fixtures/theme';

function runOf(options: JournalOptions): Run {
  return { id: 'a', state: reduceRuns(initialRunState, createJournal(options)) };
}

const compass = ['north', 'east', 'south', 'west'];

describe('the model', () => {
  const { state } = runOf({ tasks: compass, epochs: 6, apart: [[0, 3]] });
  const moments = momentsOf(state, 'gradient-cosine');

  test('finds measures and their moments', () => {
    expect(measuresIn(state)).toEqual(['gradient-cosine']);
    expect(moments.map(({ at }) => epochOf(at))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(momentsOf(state, 'other')).toEqual([]);
  });

  test('what is measured of the trained model alone has one moment, which is no epoch', () => {
    const cka = { measure: 'linear-cka', values: [[1]], directed: false, higherIsCloser: true };
    const cosine = { ...cka, measure: 'gradient-cosine' };
    const ending = {
      ...{ step: 60, epoch: 6, bestEpoch: 5, seconds: 1, metrics: [] },
      relatedness: [cosine, cka],
    };
    const ended = { ...state, ending };
    expect(measuresIn(ended)).toEqual(['gradient-cosine', 'linear-cka']);
    expect(momentsOf(ended, 'linear-cka')).toEqual([{ step: 60, at: { of: 'trained model' }, matrix: cka }]);
    expect(pairHistory(momentsOf(ended, 'linear-cka'), 0, 0)).toEqual({ x: [], y: [] });
    expect(momentsOf(ended, 'gradient-cosine')).toEqual(moments);
    expect(momentsOf({ ...ended, relatedness: [] }, 'gradient-cosine').map(({ at }) => at)).toEqual([
      { of: 'whole run' },
    ]);
  });

  test.each([
    [undefined, 5],
    [3, 2],
    [0, 0],
    [99, 5],
  ])('epoch %s is position %i', (epoch, position) => expect(positionOf(moments, epoch)).toBe(position));

  test('without a moment there is no position', () => expect(positionOf([], undefined)).toBe(-1));

  test('the history of a pair is its values, and nothing where it was never seen', () => {
    const history = pairHistory(moments, 0, 2);
    expect(history.x).toEqual([1, 2, 3, 4, 5, 6]);
    expect(history.y[5]).toBe(moments[5].matrix.values[0][2]);
    expect(pairHistory(moments, 0, 3)).toEqual({ x: [], y: [] });
    expect(unknownCells(moments[0].matrix.values)).toBe(2);
  });

  test('the extremes are of different tasks', () => {
    const values = [
      [1, 0.2, null],
      [0.2, 1, -0.7],
      [null, -0.7, 1],
    ];
    expect(extremePairs(values)).toEqual({
      highest: { row: 0, column: 1, value: 0.2 },
      lowest: { row: 1, column: 2, value: -0.7 },
    });
    expect(extremePairs([[1]])).toBeUndefined();
  });
});

describe('the layout', () => {
  const needsOf = (tasks: number) => ({ rows: tasks, columns: tasks, longest: 70, fontSize: 12 });

  test.each([
    [2, 400],
    [4, 388],
    [12, 700],
    [50, 744],
    [139, 744],
    [139, 1100],
  ])('%i tasks in %i pixels', (tasks, width) => {
    const layout = matrixLayout(width, needsOf(tasks));
    expect(layout.left + layout.cell * tasks + layout.right).toBeCloseTo(layout.width, 6);
    expect(layout.height).toBeGreaterThan(layout.cell * tasks);
    // It scrolls sideways only where names would become unreadable.
    if (layout.width > width + 1) expect(layout.cell).toBe(tasks <= 64 ? 11 : 4);
    expect(layout.cell).toBeLessThanOrEqual(92);
  });

  test('50 tasks have every name written, 139 some of them', () => {
    expect(matrixLayout(600, needsOf(50)).labels).toEqual({ size: 10, every: 1, turn: 90 });
    const large = matrixLayout(744, needsOf(139));
    expect(large.labels.every).toBeGreaterThan(1);
    expect(large.labels.every * large.cell).toBeGreaterThanOrEqual(large.labels.size);
  });

  test('names stand straight where they fit, slanted or upright where not', () => {
    expect(labelLayout(80, 60, 12).turn).toBe(0);
    expect(labelLayout(40, 60, 12).turn).toBe(45);
    expect(labelLayout(14, 60, 12).turn).toBe(90);
  });

  test('with captions and a dendrogram the cells keep what is left', () => {
    const plain = matrixLayout(700, needsOf(12));
    const layout = matrixLayout(700, { ...needsOf(12), captions: true, beside: 60 });
    expect(layout.left - plain.left).toBe(layout.caption);
    expect(layout.top).toBeGreaterThan(plain.top);
    expect(layout.right).toBeGreaterThanOrEqual(70);
    expect(layout.left + layout.cell * 12 + layout.right).toBeCloseTo(layout.width, 6);
    expect(layout.width).toBeLessThanOrEqual(701);
  });

  test('a matrix of many rows and few columns does not become endlessly high', () => {
    const layout = matrixLayout(700, { ...needsOf(40), columns: 4 });
    expect(layout.cell).toBe(16);
    expect(layout.width).toBeCloseTo(layout.left + 4 * 16 + layout.right, 6);
    expect(nextCell('End', { row: 0, column: 0 }, { rows: 40, columns: 4 })).toEqual({ row: 0, column: 3 });
    expect(cellAt(3, 39, { rows: 40, columns: 4 })).toEqual({ row: 39, column: 3 });
    expect(cellAt(4, 1, { rows: 40, columns: 4 })).toBeUndefined();
  });

  test('values are written only into cells that hold them', () => {
    expect(valuesFit(60)).toBe(true);
    expect(valuesFit(20)).toBe(false);
  });

  test.each([
    [0.4, 1.6, { row: 2, column: 0 }],
    [-0.4, 3.4, { row: 3, column: 0 }],
    [-0.6, 1, undefined],
    [1, 3.6, undefined],
  ])('cellAt(%d, %d)', (x, y, expected) => {
    const found = cellAt(x, y, { rows: 4, columns: 4 });
    expect(found === undefined ? undefined : { row: found.row + 0, column: found.column + 0 }).toEqual(expected);
  });

  test.each([
    ['ArrowLeft', { row: 1, column: 0 }],
    ['ArrowRight', { row: 1, column: 2 }],
    ['ArrowUp', { row: 0, column: 1 }],
    ['ArrowDown', { row: 2, column: 1 }],
    ['Home', { row: 1, column: 0 }],
    ['End', { row: 1, column: 2 }],
    ['a', undefined],
  ])('%s from the middle', (key, expected) =>
    expect(nextCell(key, { row: 1, column: 1 }, { rows: 3, columns: 3 })).toEqual(expected),
  );

  test('arrows stay inside', () => {
    expect(nextCell('ArrowUp', { row: 0, column: 0 }, { rows: 3, columns: 3 })).toEqual({ row: 0, column: 0 });
    expect(nextCell('ArrowDown', { row: 2, column: 2 }, { rows: 3, columns: 3 })).toEqual({ row: 2, column: 2 });
  });
});

describe('the drawing', () => {
  test('a pair is found by the names of its tasks, whatever they are', () => {
    const run = runOf({ tasks: [...nastyNames] });
    const drawing = drawingOf(run, { ...defaultSettings, pair: ['__proto__', '<script>alert(1)</script>'] }, darkTheme);
    expect(drawing?.pair).toEqual({ row: 4, column: 0 });
    expect(drawing?.rows).toEqual([...nastyNames]);
  });

  test('a kept epoch stays while the run goes on; a pair that is gone is forgotten', () => {
    const run = runOf({ tasks: compass });
    const drawing = drawingOf(run, { ...defaultSettings, epoch: 3, pair: ['north', 'gone'] }, darkTheme);
    expect(drawing?.matrices[0].moment.at).toEqual({ of: 'epoch', epoch: 3 });
    expect(drawing?.pairState).toBeUndefined();
    expect(drawing?.matrices[0].legendState.words).toMatchObject({
      low: 'in conflict',
      middle: 'unrelated',
      high: 'pull together',
    });
  });

  test('a measure of the trained model is of no epoch, alone or beside one that is', () => {
    const run = runOf({ tasks: compass, trained: ['leep'], end: 'stopped' });
    const alone = drawingOf(run, { ...defaultSettings, measure: 'leep', epoch: 3 }, darkTheme)!;
    expect(alone.toolbarState.epochs).toBeUndefined();
    expect(alone.matrices[0].description).toContain('LEEP of 4 tasks, the trained model.');
    const figures = (drawing: Drawing) => drawingOnScreen(drawing, [])!.figures.map(({ moment }) => moment);
    expect(figures(alone)).toEqual(['the trained model']);
    const beside = { ...defaultSettings, measure: 'leep', second: 'gradient-cosine', epoch: 3 };
    const both = drawingOf(run, beside, darkTheme)!;
    expect(both.toolbarState.epochs).toMatchObject({ position: 2 });
    expect(figures(both)).toEqual(['the trained model', 'epoch 3']);
    expect(both.matrices.map((matrix) => headingOf(matrix, both.matrices))).toEqual([
      'LEEP, the trained model',
      'Gradient cosine, epoch 3',
    ]);
    expect(agreementsOf(run, beside, [0, 1, 2, 3], darkTheme)?.moment).toBe('epoch 3 and the trained model');
  });

  test.each([
    ['nothing yet', [], 'Starting'],
    ['before the first epoch', createJournal({ tasks: compass }).slice(0, 4), 'Training'],
    ['one task', createJournal({ tasks: ['alone'] }).slice(0, 4), 'Only one task'],
    ['ended early', createJournal({ tasks: compass, done: 0, end: 'failed' }), 'No matrix'],
  ])('%s', (_, events, title) => {
    const run: Run = { id: 'a', state: reduceRuns(initialRunState, events) };
    expect(drawingOf(run, defaultSettings, darkTheme)).toBeUndefined();
    expect(waitingWords(run, []).title).toBe(title);
  });

  test('a baseline shares nothing', () => {
    const run: Run = { id: 'a', state: reduceRuns(initialRunState, createJournal({ tasks: compass }).slice(0, 4)) };
    const listing = { id: 'a', experiment: 'x', seed: 1, phase: 'running', continuable: false, created: 0 } as const;
    expect(waitingWords(run, [{ ...listing, role: 'baseline' }]).title).toBe('A baseline');
    expect(waitingWords(run, [listing]).title).toBe('Training');
  });

  describe('without a matrix a run that goes on says what it does', () => {
    const waits = (
      measures: readonly string[],
      { done = 1, epochs = 3, ...rest }: Partial<JournalOptions> = {},
      later: readonly RunEventBody[] = [],
    ) => {
      const journal = createJournal({ tasks: compass, epochs, done, end: 'none', ...rest });
      const events = [...journal.filter(({ type }) => type !== 'relatedness'), ...later].map((event, sequence) => {
        const told = event.type === 'started' ? { ...event, relatedness: measures } : event;
        return { ...told, sequence, time: sequence };
      });
      const { icon, title, text } = waitingWords({ id: 'a', state: reduceRuns(initialRunState, events) }, []);
      return `${icon}: ${title}: ${text}`;
    };
    const trainings = (done: number, running?: number): RunEventBody => {
      const measures = ['pair-gain'];
      return { type: 'trainings', measures, done, total: 7, atOnce: 2, ...(running !== undefined && { running }) };
    };

    test.each([
      ['of steps', ['gradient-cosine', 'linear-cka', 'pair-gain'], 'at the end of the first epoch.'],
      ['of the trained model', ['linear-cka'], 'at the end of training.'],
      ['of more networks', ['linear-cka', 'pair-gain'], 'the matrix comes with the last of them.'],
    ])('it trains, where measures are %s', (_, measures, end) => {
      const said = waits(measures, {}, measures.includes('pair-gain') ? [trainings(0)] : []);
      expect(said).toMatch(/^loading: Training: /);
      expect(said.endsWith(end)).toBe(true);
    });

    test('it measures the trained model once all epochs are over', () => {
      expect(waits(['linear-cka'], { done: 3 })).toMatch(/^loading: Measuring: The network is trained/);
      expect(waits(['linear-cka', 'pair-gain'], { done: 3 }, [trainings(0)])).toMatch(/^loading: Training: /);
    });

    test('it measures while more networks are trained, and counts them', () => {
      const said = waits(['linear-cka', 'pair-gain'], { done: 3 }, [trainings(0), trainings(0, 2), trainings(3, 2)]);
      expect(said).toContain('loading: Measuring: ');
      expect(said).toContain('takes 7 more networks, of which 3 are trained');
    });

    test('it is paused, or nothing is measured at all: then nothing turns', () => {
      expect(waits(['linear-cka'], { end: 'paused' })).toMatch(/^debug-pause: Paused: .*at the end of training\.$/);
      expect(waits([], { end: 'paused' })).toMatch(/^table: Nothing is measured: /);
      expect(waits([])).toMatch(/^table: Nothing is measured: /);
    });
  });

  test('a measure that this version does not know is still explained', () => {
    const matrix = { measure: 'later', values: [[1]], directed: true, higherIsCloser: false };
    expect(measureWords('later', matrix)).toMatchObject({ title: 'later', low: 'more related', high: 'less related' });
  });
});

describe('CSV', () => {
  test('has each pair once, with an empty value where it was never seen', () => {
    const { state } = runOf({ tasks: compass, epochs: 2, apart: [[0, 1]] });
    const rows = [...relatednessRows('a', state)];
    expect(rows).toHaveLength(3 * 10);
    expect(rows.every((row) => row.length === relatednessHeader.length)).toBe(true);
    // Of one seed: no number of seeds, no interval.
    expect(rows[1]).toEqual(['a', 'gradient-cosine', 100, 1, 'epoch 1', 'north', 'east', null, null, null, null]);
  });

  test('tells the epochs, the whole run, the trained model and the mean over seeds apart', () => {
    const { state } = runOf({ tasks: compass, epochs: 2, trained: ['leep'], seeds: 3 });
    const rows = [...relatednessRows('a', state)];
    const moments = new Set(rows.map(([, measure, , epoch, moment]) => [measure, epoch, moment].join('; ')));
    expect([...moments]).toEqual([
      'gradient-cosine; 1; epoch 1',
      'gradient-cosine; 2; epoch 2',
      'gradient-cosine; ; the whole run',
      'leep; ; the trained model',
      'gradient-cosine; ; mean over 3 seeds',
      'leep; ; mean over 3 seeds',
    ]);
  });

  test('of many tasks and epochs stays below a bound and keeps the last epoch', () => {
    const { state } = runOf({
      tasks: Array.from({ length: 100 }, (_, place) => `task ${place}`),
      epochs: 130,
      stepEvents: 1,
    });
    const rows = [...relatednessRows('a', state)];
    expect(rows.length).toBeLessThan(600_000);
    expect(rows.findLast((row) => row[4] !== 'the whole run')?.[3]).toBe(130);
  });
});

test.each([
  [undefined, defaultSettings],
  [{ epoch: 1.5, pair: ['a'], colours: 'red', filter: 3, second: {} }, defaultSettings],
  [
    {
      epoch: 4,
      pair: ['a', 'b'],
      colours: 'epoch',
      order: 'clusters',
      filter: 'a',
      table: true,
      measure: 'm',
      second: 'n',
    },
    {
      epoch: 4,
      pair: ['a', 'b'],
      colours: 'epoch',
      order: 'clusters',
      filter: 'a',
      table: true,
      measure: 'm',
      second: 'n',
    },
  ],
])('restoreSettings(%j)', (kept, expected) => expect(restoreSettings(kept)).toEqual(expected));
