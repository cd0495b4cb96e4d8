import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunEvent, RunEventBody } from '../../src/runs/events';
import { hasEnded, idleMilliseconds, initialRunState, reduceRun, reduceRuns } from '../../src/runs/state';
import { appendThinned } from '../../src/runs/thinning';
import { beginning, epochBody, finishedBody, journalOf, startedBody, stepBody, stepEvent } from './fixtures/events';

const bodies: readonly RunEventBody[] = [
  startedBody(),
  stepBody(1),
  { type: 'warning', message: 'odd' },
  epochBody(1, 0.5),
  { type: 'relatedness', step: 10, epoch: 1, matrices: finishedBody().relatedness },
  { type: 'paused', step: 10 },
  { type: 'resumed', step: 10 },
  stepBody(11),
  epochBody(2, 0.6),
  finishedBody(),
];
const events = journalOf(bodies);

describe('reducing', () => {
  test('a whole journal', () => {
    const state = reduceRuns(initialRunState, events);
    expect(state).toMatchObject({
      phase: 'finished',
      sequence: 7,
      step: 40,
      epoch: 4,
      began: beginning,
      updated: beginning + 9000,
      pauses: [{ from: beginning + 5000, to: beginning + 6000 }],
      warnings: ['odd'],
      stepEvents: 2,
      relatednessEvents: 1,
    });
    expect(state.steps.map(({ step }) => step)).toEqual([1, 11]);
    expect(state.epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect(state.relatedness).toHaveLength(1);
    expect(state.ending?.bestEpoch).toBe(3);
    expect(hasEnded(state.phase)).toBe(true);
  });

  test('keeps of a long run every second of how tasks use what they share, and the last', () => {
    const labels = Array.from({ length: 300 }, (_, place) => String(place));
    const large = { name: 'gates', title: 'Gates', rows: labels, columns: labels, values: [] };
    const usage = Array.from({ length: 101 }, (_, epoch) => ({
      type: 'usage' as const,
      step: epoch,
      epoch,
      matrices: [large],
    }));
    const state = reduceRuns(initialRunState, journalOf([startedBody(), ...usage]));
    const kept = state.usage.map(({ epoch }) => epoch);
    expect(kept).toHaveLength(51);
    expect(kept.slice(0, 2)).toEqual([1, 3]);
    expect(kept.at(-1)).toBe(100);
  });

  test.each([
    [0, 'starting'],
    [1, 'running'],
    [6, 'paused'],
    [7, 'running'],
    [10, 'finished'],
  ])('after %i events the run is %s', (length, phase) => {
    expect(reduceRuns(initialRunState, events.slice(0, length)).phase).toBe(phase);
  });

  test('until it is resumed nothing is done, whether it was paused or its process was gone', () => {
    const killed = journalOf([startedBody(), stepBody(1), { type: 'checkpoint', step: 1, epoch: 1 }]);
    const later = beginning + 100_000;
    const resumed: RunEvent = { type: 'resumed', step: 1, sequence: 1, mark: 2, time: later, notes: ['It is slow.'] };
    const state = reduceRuns(initialRunState, [...killed, resumed]);
    expect(state).toMatchObject({ phase: 'running', pauses: [{ from: beginning + 2000, to: later }] });
    expect(state.warnings).toEqual(['It is slow.']);
    expect([idleMilliseconds(state), idleMilliseconds(state, beginning + 5000)]).toEqual([98_000, 3000]);
  });

  test('what computes may be another one after a process was gone', () => {
    const resumed = {
      type: 'resumed',
      step: 1,
      engine: 'wasm',
      engineReason: 'It was asked for.',
      threads: 1,
    } as const;
    const state = reduceRuns(initialRunState, journalOf([startedBody(), stepBody(1), resumed]));
    expect(state.started).toMatchObject({ engine: 'wasm', engineReason: 'It was asked for.', threads: 1 });
  });

  test('how events are divided into batches, and events seen twice, change nothing', () => {
    const whole = reduceRuns(initialRunState, events);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 })), (sizes) => {
        let state = initialRunState;
        let position = 0;
        for (const size of sizes) {
          state = reduceRuns(state, events.slice(Math.max(0, position - 1), position + size));
          position += size;
        }
        expect(reduceRuns(state, events)).toEqual(whole);
      }),
    );
    expect(events.reduce(reduceRun, initialRunState)).toEqual(whole);
  });

  test('the state before stays as it was', () => {
    const before = reduceRuns(initialRunState, events.slice(0, 4));
    const copy = structuredClone(before);
    reduceRuns(before, events.slice(4));
    expect(before).toEqual(copy);
    expect(reduceRuns(before, events.slice(0, 2))).toBe(before);
  });

  test('a failure keeps what came before', () => {
    const failed = journalOf([
      ...bodies.slice(0, 4),
      { type: 'failed', code: 'loss-not-finite', message: 'NaN', step: 11, task: 'north', seconds: 3 },
    ]);
    const state = reduceRuns(initialRunState, failed);
    expect(state).toMatchObject({ phase: 'failed', failure: { task: 'north', step: 11 } });
    expect(state.epochs).toHaveLength(1);
  });

  test('long journals take time in proportion to their length', () => {
    const steps = (length: number) => Array.from({ length }, (_, sequence) => stepEvent(sequence, [1, 2]));
    const time = (length: number) => {
      const journal = steps(length);
      const start = performance.now();
      reduceRuns(initialRunState, journal);
      return performance.now() - start;
    };
    time(50_000);
    expect(time(200_000)).toBeLessThan(5000);
  });

  test('the steps of a very long run are joined, whatever the batches', () => {
    const tasks = Array.from({ length: 1000 }, (_, task) => `task ${task}`);
    const long = journalOf([startedBody(tasks), ...Array.from({ length: 9000 }, (_, step) => stepBody(step + 1))]);
    const whole = reduceRuns(initialRunState, long);
    let pieces = initialRunState;
    for (let start = 0; start < long.length; start += 333) pieces = reduceRuns(pieces, long.slice(start, start + 333));
    expect(pieces).toEqual(whole);
    expect(whole.stepEvents).toBe(9000);
    expect(whole.steps.length).toBe(2250);
    expect(whole.steps.at(-1)?.step).toBe(9000);
    expect(whole.steps[0].losses[0]).toBeCloseTo((1 + 1 / 2 + 1 / 3 + 1 / 4) / 4);
  });
});

describe('thinning', () => {
  const mean = (earlier: number, later: number, share: number) => share * earlier + (1 - share) * later;

  test('every point is the mean of an equal stretch', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 0, max: 300 }), (limit, length) => {
        const points: number[] = [];
        for (let item = 0; item < length; item++) appendThinned(points, item, item, limit, mean);
        const even = limit - (limit % 2);
        let span = 1;
        while (span * even < length) span *= 2;
        expect(points.length).toBe(Math.ceil(length / span));
        points.forEach((point, index) => {
          const last = Math.min(length, (index + 1) * span) - 1;
          expect(point).toBeCloseTo((index * span + last) / 2);
        });
      }),
    );
  });

  test('a task without rows in one stretch takes the other', () => {
    const join = reduceRuns(initialRunState, [stepEvent(0, [null]), stepEvent(1, [3])]);
    expect(join.steps.map(({ losses }) => losses)).toEqual([[null], [3]]);
  });
});
