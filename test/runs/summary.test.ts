import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunEventBody } from '../../src/runs/events';
import { encodeEvent } from '../../src/runs/journalLines';
import { readSummary } from '../../src/runs/read';
import type { RunRecord } from '../../src/runs/record';
import { meanMatrix } from '../../src/relatedness/statistics/replicates';
import { finalReport, meanMetrics, spreadOf } from '../../src/runs/report';
import { initialRunState, reduceRuns } from '../../src/runs/state';
import { etaSeconds, keyMetricOf, measuringOf, progressOf, summariseRun } from '../../src/runs/summary';
import { beginning, epochBody, finishedBody, journalOf, startedBody, stepBody } from './fixtures/events';
import { temporaryFolder } from './fixtures/folders';

const record: RunRecord = {
  id: 'r',
  group: 'g',
  experiment: 'x',
  file: '/x',
  folder: '/',
  seed: 7,
  engine: 'auto',
  overrides: [],
  created: beginning - 500,
  version: '1',
};
const failed: RunEventBody = {
  type: 'failed',
  code: 'loss-not-finite',
  message: 'The loss is NaN.',
  step: 12,
  seconds: 3,
};
const after = (...bodies: readonly RunEventBody[]) => reduceRuns(initialRunState, journalOf(bodies));

const trainings = (done: number, running?: number) =>
  ({
    type: 'trainings',
    measures: ['pair-gain'],
    done,
    total: 4,
    atOnce: 2,
    ...(running !== undefined && { running }),
  }) as const;

describe('a run whose measures need four more networks', () => {
  // Events are a second apart. Two epochs of ten steps.
  const half = [startedBody(['a', 'b'], 2, 10), trainings(0), epochBody(1, 0.5)];
  const trained = [...half, epochBody(2, 0.6), trainings(0, 2)];
  const measuring = [...trained, trainings(1, 2), trainings(2, 2)];

  test('counts them as it counts its own training', () => {
    expect(progressOf(after(...half))).toBeCloseTo(0.5 / 5);
    expect(progressOf(after(...trained))).toBeCloseTo(1 / 5);
    expect(progressOf(after(...measuring))).toBeCloseTo(3 / 5);
    expect(progressOf(after(...measuring, finishedBody()))).toBe(1);
  });

  test('tells the time until they are trained: by its own training, then by those that are there', () => {
    const now = (events: readonly RunEventBody[]) => beginning + 1000 * (events.length - 1);
    // Its whole training takes four seconds, of which two are left; then four trainings, two at one time.
    expect(etaSeconds(after(...half), now(half))).toBeCloseTo(2 + 8);
    // The two that are there took two seconds.
    expect(etaSeconds(after(...measuring), now(measuring))).toBeCloseTo(2);
  });

  test('says so only between its training and its end', () => {
    expect(measuringOf(after(...half))).toBeUndefined();
    expect(measuringOf(after(...measuring))).toEqual({ measures: ['pair-gain'], done: 2, total: 4 });
    expect(summariseRun(record, after(...measuring), true, beginning)).toMatchObject({ measuring: { done: 2 } });
    expect(measuringOf(after(...measuring, finishedBody()))).toBeUndefined();
  });
});

describe('summaries', () => {
  test.each([
    ['before the first event', [], true, { phase: 'starting', progress: 0, seconds: 0, epochs: 0 }],
    ['of a start that never came', [], false, { phase: 'interrupted' }],
    [
      'while it runs',
      [startedBody(), epochBody(1, 0.5)],
      true,
      { phase: 'running', progress: 0.25, epoch: 1, seconds: 9 },
    ],
    ['when its process is gone', [startedBody(), epochBody(1, 0.5)], false, { phase: 'interrupted', seconds: 1 }],
    ['at the end', [startedBody(), finishedBody()], false, { phase: 'finished', progress: 1, seconds: 12.5 }],
    ['after a failure', [startedBody(), failed], false, { phase: 'failed', failure: 'The loss is NaN.', seconds: 3 }],
  ] as const)('%s', (_, bodies, alive, expected) => {
    const summary = summariseRun(record, after(...bodies), alive, beginning + 9000);
    expect(summary).toMatchObject({ id: 'r', seed: 7, ...expected });
    expect('etaSeconds' in summary).toBe(summary.phase === 'running');
  });

  test('the time left goes by the pace so far, pauses left out', () => {
    const running = after(startedBody(), epochBody(1, 0.5));
    expect(etaSeconds(running, beginning + 1000)).toBeCloseTo(3);
    expect(etaSeconds(running, beginning + 2000)).toBeCloseTo(2);
    expect(etaSeconds(running, beginning + 60_000)).toBe(0);
    const paused = after(startedBody(), epochBody(1, 0.5), { type: 'paused', step: 10 });
    expect(etaSeconds(paused, beginning + 60_000)).toBeCloseTo(6);
    const resumed = after(startedBody(), { type: 'paused', step: 0 }, { type: 'resumed', step: 0 }, epochBody(1, 0.5));
    expect(summariseRun(record, resumed, true, beginning + 5000).seconds).toBe(4);
    expect(etaSeconds(resumed, beginning + 3000)).toBeCloseTo(6);
    expect(etaSeconds(after(startedBody()), beginning)).toBeUndefined();
    expect(etaSeconds(after(startedBody(), finishedBody()), beginning)).toBeUndefined();
  });

  test('progress is never above 1', () => {
    expect(progressOf(after(startedBody(['a'], 1, 5), epochBody(1, 0.5)))).toBe(1);
  });

  test('the key metric is one that all tasks have, over all rows where there is that', () => {
    expect(keyMetricOf(after(startedBody(), epochBody(1, 0.5)))).toEqual({
      name: 'r2',
      split: 'validation',
      value: 0.375,
      higherIsBetter: true,
    });
    const mixed = {
      ...epochBody(1, 0.5),
      metrics: [{ validation: { loss: 1, auc: 0.9 } }, { validation: { loss: 3 } }],
    };
    expect(keyMetricOf(after(startedBody(), mixed))).toMatchObject({ name: 'loss', value: 2, higherIsBetter: false });
    const pooled = { ...epochBody(1, 0.5), pooled: { validation: { r2: 0.2 } } };
    expect(keyMetricOf(after(startedBody(), pooled))).toMatchObject({ name: 'r2', value: 0.2 });
    expect(keyMetricOf(after(startedBody()))).toBeUndefined();
  });

  test('of a long journal only the beginning and the end are read', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'events.jsonl');
    const steps = Array.from({ length: 20_000 }, (_, step) => stepBody(step + 2));
    const events = journalOf([startedBody(['a', 'b'], 4, 10_000), epochBody(1, 0.5), ...steps, epochBody(2, 0.6)]);
    writeFileSync(file, events.map(encodeEvent).join(''));
    const whole = summariseRun(record, reduceRuns(initialRunState, events), false, 0);
    expect(await readSummary({ folder, record }, 0)).toEqual(whole);
    appendFileSync(file, '{"torn');
    expect(await readSummary({ folder, record }, 0)).toEqual(whole);
  });
});

describe('reports', () => {
  const names = ['__proto__', '<script>', 'constructor'];
  const metrics = [{ test: { r2: 0.1 } }, { test: { r2: 0.2 } }, { test: { r2: 0.3 } }];
  const state = after(startedBody(names), { ...finishedBody(), metrics, pooled: { test: { r2: 0.15 } } });

  test('tasks are keys whatever they are called', () => {
    const report = finalReport('/runs/r', record, state, 'finished');
    const read = JSON.parse(JSON.stringify(report)) as typeof report;
    expect(Object.entries(read.metrics)).toEqual(names.map((name, task) => [name, metrics[task]]));
    expect(read).toMatchObject({
      runFolder: '/runs/r',
      state: 'finished',
      engine: 'cpu',
      seconds: 12.5,
      steps: 40,
      seed: 7,
      bestEpoch: 3,
      pooled: { test: { r2: 0.15 } },
      relatedness: {
        'gradient-cosine': {
          tasks: names,
          measure: 'gradient-cosine',
          step: 40,
          directed: false,
          higherIsCloser: true,
          values: [
            [1, 0.25],
            [0.25, 1],
          ],
        },
      },
    });
    expect(read.error).toBeUndefined();
  });

  test('a run that failed reports its best epoch and the error', () => {
    const bodies = [startedBody(), epochBody(1, 0.5), epochBody(2, 0.4, false), failed] as const;
    expect(finalReport('/r', record, after(...bodies), 'failed')).toMatchObject({
      state: 'failed',
      bestEpoch: 1,
      metrics: { north: { validation: { r2: 0.5 } } },
      error: { code: 'loss-not-finite', step: 12 },
    });
  });

  test('a run that never started has empty figures', () => {
    expect(finalReport('/r', record, initialRunState, 'interrupted')).toMatchObject({
      engine: null,
      bestEpoch: null,
      metrics: {},
      relatedness: {},
      seconds: 0,
      error: { code: 'interrupted' },
    });
  });

  test('means and deviations over replicates', () => {
    expect(spreadOf([1, 2, 3])).toEqual({ mean: 2, deviation: 1 });
    expect(spreadOf([5])).toEqual({ mean: 5, deviation: 0 });
    expect(meanMetrics([{ test: { r2: 1, auc: 1 } }, { test: { r2: 3 } }])).toEqual({ test: { r2: 2 } });
    expect(
      meanMatrix([
        [
          [1, null],
          [null, 1],
        ],
        [
          [1, 0.5],
          [null, 0],
        ],
      ]),
    ).toEqual([
      [1, 0.5],
      [null, 0.5],
    ]);
  });
});
