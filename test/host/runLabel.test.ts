import { describe, expect, test } from 'vitest';
import { runIdOf, runIdsOf } from '../../src/host/commands/runArgument';
import { logText } from '../../src/host/labels/logText';
import {
  runAccessibleLabel,
  runContextValue,
  runDescription,
  runTooltip,
  shortRunLabel,
  statusText,
  type RunLike,
} from '../../src/host/labels/runLabel';
import { sessionLines } from '../../src/host/labels/session';
import type { RunEvent, RunEventBody } from '../../src/runs/events';
import { initialRunState, reduceRuns } from '../../src/runs/state';
import { summariseRun, type RunSummary } from '../../src/runs/summary';

const now = 1_700_000_000_000;
const name = '<script>alert("x")</script> [a](command:mtl.run)';
const record = {
  id: 'id',
  group: 'group',
  experiment: name,
  file: '/project/a.mtl.yaml',
  folder: '/project',
  seed: 7,
  engine: 'wasm' as const,
  overrides: [],
  created: now - 300_000,
  version: '0.1.0',
};
const run = { folder: '/project/.mtl/runs/id', record };

const started: RunEventBody = {
  type: 'started',
  processId: 1,
  engine: 'wasm',
  engineReason: 'the fastest there is',
  tasks: [
    { name: '__proto__', kind: 'regression', metrics: ['loss'] },
    { name: 'second', kind: 'regression', metrics: ['loss'] },
  ],
  epochs: 4,
  stepsPerEpoch: 10,
  parameters: 1234,
  rows: { train: 10, validation: 1, test: 1 },
  dataFingerprint: '',
  versions: {},
};

function step(number: number): RunEventBody {
  return { type: 'step', step: number, epoch: 1, losses: [8 / number, null], weights: [1, 2], learningRate: 0.001 };
}

function events(...bodies: readonly RunEventBody[]): readonly RunEvent[] {
  return bodies.map((body, sequence) => ({ ...body, sequence, time: now - 20_000 + sequence * 1000 }));
}

function entry(alive: boolean, ...bodies: readonly RunEventBody[]): RunLike & { readonly summary: RunSummary } {
  return { run, summary: summariseRun(record, reduceRuns(initialRunState, events(...bodies)), alive, now) };
}

const failed: RunEventBody = {
  type: 'failed',
  code: 'loss-not-finite',
  message: 'The loss is NaN.',
  seconds: 3,
  final: true,
};

describe('a run in lists', () => {
  test.each([
    ['unknown', { run, summary: undefined }, 'seed 7 · 5 min ago', 'run.unknown'],
    ['starting', entry(true), 'starting · seed 7', 'run.starting'],
    ['paused', entry(true, started, step(20), { type: 'paused', step: 20 }), 'paused · 50 % · seed 7', 'run.paused'],
    ['failed', entry(false, started, failed), 'failed · seed 7 · The loss is NaN. · 5 min ago', 'run.failed'],
    [
      'interrupted',
      entry(false, started),
      'interrupted · seed 7 · epoch 0 of 4 · 5 min ago',
      'run.interrupted.continuable',
    ],
    [
      'failed',
      entry(false, started, { type: 'failed', code: 'not-writable', message: 'The disk is full.', seconds: 3 }),
      'failed · seed 7 · The disk is full. · 5 min ago',
      'run.failed.continuable',
    ],
  ])('%s', (_, shown: RunLike, description, context) => {
    expect(runDescription(shown, now)).toBe(description);
    expect(runContextValue(shown)).toBe(context);
    expect(runAccessibleLabel(shown, now)).toContain('script');
  });

  test('a run that goes on tells its progress and the time left', () => {
    expect(runDescription(entry(true, started, step(20)), now)).toMatch(/^50 % · \d+ s left · seed 7$/);
  });

  test('a network says which it is and what for', () => {
    const network = { number: 2, of: 3, serves: ['north', '*south*'] };
    const part = { run: { folder: run.folder, record: { ...record, network } }, summary: undefined };
    expect(runDescription(part, now)).toBe('seed 7, network 2 of 3 (north, *south*) · 5 min ago');
    expect(runTooltip(part, now)).toContain('2 of 3, for north, \\*south\\*');
  });

  test('a baseline says so, and a run what sharing brought', () => {
    const baseline = { folder: run.folder, record: { ...record, role: 'baseline' as const } };
    expect(runDescription({ run: baseline, summary: undefined }, now)).toBe('baseline, seed 7 · 5 min ago');
    expect(runTooltip({ run: baseline, summary: undefined }, now)).toContain('each task trained alone');
    const gain = { type: 'gain' as const, seeds: [1, 2], tasks: [], overall: { mean: 0.025 }, metrics: {} };
    expect(runTooltip(entry(true, started, gain), now)).toContain('Gain over training alone: +2.500 %, seeds: 2');
    expect(logText(record, events(started, gain), undefined, '')).toContain(
      '2 seeds: Δm 2.500 %; helped 0 tasks, hurt 0',
    );
  });

  test('names from a file are shown as text', () => {
    const tooltip = runTooltip(entry(false, started, failed), now);
    expect(tooltip).not.toMatch(/<script|[^\\]\[a\]/);
    expect(tooltip).toContain('The loss is NaN\\.');
    expect([...shortRunLabel({ run, summary: undefined })].length).toBeLessThanOrEqual(20);
  });

  test('the status bar tells of the first run, and how many more there are', () => {
    const live = entry(true, started, step(20));
    expect(statusText([])).toBeUndefined();
    expect(statusText([entry(false, started, failed)])).toBeUndefined();
    expect(statusText([live])).toMatch(/^\$\(sync~spin\) <script>.*: 50 % · \d+ s left$/);
    expect(statusText([live, live, live])).toMatch(/ \(\+2 more\)$/);
  });
});

describe('the session view', () => {
  const state = reduceRuns(initialRunState, events(started, step(1), step(2), step(4)));
  const lines = sessionLines(state, summariseRun(record, state, true, now));

  test('has progress, a line per task, the weights and the engine', () => {
    expect(lines.map(({ key }) => key)).toEqual(['progress', 'task 0', 'task 1', 'weights', 'engine']);
    expect(lines[0].label).toBe('━─────────── 10 %');
    expect(lines[1]).toMatchObject({ label: '__proto__', description: '2  █▅▁' });
    expect(lines[2]).toMatchObject({ label: 'second', description: 'no loss yet' });
    expect(lines[3].children?.map(({ label, description }) => [label, description])).toEqual([
      ['__proto__', '1'],
      ['second', '2'],
    ]);
    expect(lines[4]).toMatchObject({ label: 'Engine wasm', description: 'learning rate 0.0010' });
  });

  test('counts the tasks beyond those that are shown', () => {
    const tasks = Array.from({ length: 139 }, (_, task) => ({
      name: `school ${task}`,
      kind: 'regression',
      metrics: [],
    }));
    const many = reduceRuns(initialRunState, events({ ...started, tasks }));
    const shown = sessionLines(many, summariseRun(record, many, true, now));
    expect(shown.filter(({ key }) => key.startsWith('task'))).toHaveLength(40);
    expect(shown.find(({ key }) => key === 'more')?.label).toBe('99 more tasks');
  });
});

describe('the log', () => {
  test('tells what happened, and what the process printed', () => {
    const text = logText(
      record,
      events(started, step(1), { type: 'warning', message: 'a warning' }, failed),
      undefined,
      'printed',
    );
    const lines = text.split('\n');
    expect(text).toContain(`Experiment ${name}, seed 7`);
    expect(lines.filter((line) => /^\d\d:\d\d:\d\d\.\d{3} {2}/.test(line))).toHaveLength(3);
    expect(text).toContain('warning: a warning');
    expect(text).toContain('failed (loss-not-finite): The loss is NaN.');
    expect(text.endsWith('printed\n')).toBe(true);
  });

  test('says so where nothing happened yet, or the journal is damaged', () => {
    const text = logText(record, [], { code: 'journal-damaged', message: 'Line 3 is damaged.' }, '');
    expect(text).toContain('The journal has no entry yet.');
    expect(text).toContain('Line 3 is damaged.');
  });
});

describe('which run a command is meant for', () => {
  test.each([
    ['id', 'id'],
    [{ kind: 'run', runId: 'id' }, 'id'],
    [{ runId: 3 }, undefined],
    [undefined, undefined],
    [null, undefined],
    [{}, undefined],
  ])('%j is %s', (argument, id) => {
    expect(runIdOf(argument)).toBe(id);
    expect(runIdsOf(argument)).toEqual(id === undefined ? undefined : [id]);
  });
  test('several ids', () => expect(runIdsOf(['a', 1, 'b'])).toEqual(['a', 'b']));
});
