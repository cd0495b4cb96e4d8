import { describe, expect, test } from 'vitest';
import type { RunListing, ToWebviewMessage } from '../../src/protocol/messages';
import { activeSeconds, applyMessage, emptyView, leavesGap, phaseOf, runLabel } from '../../webview/shared/runStore';
import { bannerOf, progressOf, progressText } from '../../webview/shared/runWords';
import { emptyStateOf } from '../../webview/shared/emptyState';
import { began, createJournal } from './fixtures/journal';

const listing: RunListing = {
  id: 'a',
  experiment: 'Quick start',
  seed: 1,
  phase: 'running',
  continuable: false,
  created: began,
};
const journal = createJournal({ tasks: ['north', 'east'] });

function viewOf(events = journal, phase: RunListing['phase'] = 'running') {
  const message: ToWebviewMessage = {
    type: 'snapshot',
    listings: [{ ...listing, phase }],
    runs: [{ id: 'a', events }],
  };
  return applyMessage(emptyView, message);
}

test('a baseline is called so', () => {
  const listings: readonly RunListing[] = [listing, { ...listing, id: 'b', role: 'baseline' }];
  expect(listings.map(({ id }) => runLabel(id, listings))).toEqual([
    'Quick start · seed 1',
    'Quick start · baseline · seed 1',
  ]);
});

describe('applyMessage', () => {
  test('a snapshot and the same events in pieces give the same run', () => {
    const whole = viewOf();
    const first = viewOf(journal.slice(0, 7));
    const pieces = [journal.slice(7, 8), journal.slice(8, 300), journal.slice(250)];
    const joined = pieces.reduce((view, events) => applyMessage(view, { type: 'events', id: 'a', events }), first);
    expect(joined.runs).toEqual(whole.runs);
  });

  test('events of a run that is not shown change nothing', () => {
    const view = viewOf();
    expect(applyMessage(view, { type: 'events', id: 'other', events: journal }).runs).toEqual(view.runs);
  });

  test('a snapshot replaces everything, the notice too', () => {
    const noticed = applyMessage(viewOf(), { type: 'snapshot', listings: [], runs: [], notice: 'Not trusted.' });
    expect(noticed).toEqual({ received: true, listings: [], runs: [], notice: 'Not trusted.' });
    expect(applyMessage(noticed, { type: 'snapshot', listings: [], runs: [] })).not.toHaveProperty('notice');
  });

  test('a gap in the events is seen', () => {
    const view = viewOf(journal.slice(0, 10));
    expect(leavesGap(view, { type: 'events', id: 'a', events: journal.slice(11) })).toBe(true);
    expect(leavesGap(view, { type: 'events', id: 'a', events: journal.slice(10) })).toBe(false);
    expect(leavesGap(view, { type: 'events', id: 'a', events: journal.slice(3) })).toBe(false);
    const resumed = { type: 'resumed', step: 9, sequence: journal[9].sequence, time: 0 } as const;
    expect(leavesGap(view, { type: 'events', id: 'a', events: [{ ...resumed, mark: 1 }] })).toBe(false);
    expect(leavesGap(view, { type: 'events', id: 'a', events: [{ ...resumed, mark: 2 }] })).toBe(true);
  });
});

describe('time', () => {
  test('pauses do not count, also one that still lasts', () => {
    const events = createJournal({ tasks: ['north'], done: 2, end: 'paused' });
    const pausedAt = events.at(-1)?.time ?? 0;
    const sequence = events.length;
    const resumed = [
      ...events,
      { type: 'resumed', step: 200, sequence, time: pausedAt + 60_000 } as const,
      { type: 'paused', step: 200, sequence: sequence + 1, time: pausedAt + 65_000 } as const,
    ];
    const [run] = viewOf(resumed).runs;
    const before = (pausedAt - run.state.began) / 1000;
    expect(activeSeconds(run, pausedAt)).toBeCloseTo(before, 9);
    expect(activeSeconds(run, pausedAt + 30_000)).toBeCloseTo(before, 9);
    expect(activeSeconds(run, pausedAt + 65_000)).toBeCloseTo(before + 5, 9);
    expect(activeSeconds(run, pausedAt + 900_000)).toBeCloseTo(before + 5, 9);
  });

  test('the time between two processes does not count', () => {
    const events = createJournal({ tasks: ['north'], done: 2, end: 'none' });
    const last = events.at(-1)!;
    const time = last.time + 3_600_000;
    const [run] = viewOf([...events, { type: 'resumed', step: 200, sequence: last.sequence, mark: 1, time }]).runs;
    expect(activeSeconds(run, time + 2000)).toBeCloseTo((last.time - run.state.began) / 1000 + 2, 9);
  });
});

describe('phases', () => {
  test.each([
    ['running', 'none', 'running'],
    ['interrupted', 'none', 'interrupted'],
    ['interrupted', 'paused', 'interrupted'],
    ['interrupted', 'finished', 'finished'],
    ['running', 'failed', 'failed'],
  ] as const)('listed as %s with a journal that ends with %s is %s', (listed, end, expected) => {
    const view = viewOf(createJournal({ tasks: ['north'], done: 3, end }), listed);
    expect(phaseOf(view.runs[0], view.listings)).toBe(expected);
  });

  test('progress in words and as a share', () => {
    const [run] = viewOf(createJournal({ tasks: ['north'], done: 5, end: 'none' })).runs;
    expect(progressOf(run, 'running')).toBe(0.25);
    expect(progressText(run, 'running')).toBe('epoch 5 of 20 · step 500 · 2 s · about 6 s left');
    expect(progressText(viewOf([]).runs[0], 'starting')).toBe('Reading data and compiling the model');
  });

  test('a failure says where, what and which task', () => {
    const [run] = viewOf(createJournal({ tasks: ['north', 'east'], done: 2, end: 'failed' })).runs;
    expect(bannerOf(run, 'failed')).toEqual({
      tone: 'error',
      title: 'The run failed at step 217, in task north.',
      text: 'The training loss became infinite. Use a smaller learning rate, or scale the inputs. (loss-not-finite)',
      remedies: true,
    });
  });

  test.each(['running', 'finished', 'starting'] as const)('%s needs no notice', (phase) => {
    expect(bannerOf(viewOf().runs[0], phase)).toBeUndefined();
  });

  test.each(['stopped', 'paused', 'interrupted'] as const)('%s has a notice that names the step', (phase) => {
    expect(JSON.stringify(bannerOf(viewOf().runs[0], phase))).toContain('step 2\u202f000, epoch 20');
  });
});

describe('what fills an empty panel', () => {
  const empty = { received: true, listings: [], runs: [] };
  test.each([
    ['nothing was told yet', emptyView, 'Loading runs', false],
    ['there is no run', empty, 'No run yet', true],
    ['running is not possible', { ...empty, notice: 'Trust this folder first.' }, 'Nothing to show yet', false],
    ['no run is chosen', { ...empty, listings: [listing] }, 'Choose a run', true],
  ])('%s', (_, view, title, action) => {
    expect(emptyStateOf(view, 'loss curves')).toMatchObject({ title, action });
  });

  test('a run that is shown leaves no room for it', () =>
    expect(emptyStateOf(viewOf(), 'loss curves')).toBeUndefined());
});

test('runs of the same experiment and seed are told apart by when they began', () => {
  const listings = [listing, { ...listing, id: 'b', created: began + 90_000 }, { ...listing, id: 'c', seed: 2 }];
  expect(runLabel('c', listings)).toBe('Quick start · seed 2');
  expect(runLabel('a', listings)).toMatch(/^Quick start · seed 1 · .+/);
  expect(runLabel('a', listings)).not.toBe(runLabel('b', listings));
  expect(runLabel('gone', listings)).toBe('gone');
});
