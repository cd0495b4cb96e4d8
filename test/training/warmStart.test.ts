import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkExperiment } from '../../src/experiment/check';
import { decodeSafetensors } from '../../src/runs/safetensors';
import { runFolder } from '../../src/training/run';
import { engineCases } from '../program/support';
import { draftRun, journalOf, temporaryFolder, type Draft, type DraftOptions } from './runs';

const model = { encoder: { layers: [6, 5], activation: 'tanh' as const }, head: { layers: [4] } };
const first: Draft = {
  data: {
    generate: 'related-regressions',
    tasks: 3,
    rows: 120,
    inputs: 4,
    seed: 3,
    split: { train: 0.6, validation: 0.2, test: 0.2, seed: 1 },
  },
  tasks: Object.fromEntries([1, 2, 3].map((n) => [`y${n}`, { target: `y${n}`, kind: 'regression' }])),
  only: ['y1', 'y2'],
  model,
  training: { epochs: 3, batchSize: 16 },
  relatedness: { measures: [] },
};

async function train(draft: Draft, options: DraftOptions) {
  const { folder, events } = await draftRun(draft, options);
  const outcome = await runFolder(folder, new AbortController().signal);
  return { folder, outcome, ...journalOf(await events()) };
}

const weightsOf = (folder: string, kept = 'model') =>
  decodeSafetensors(readFileSync(join(folder, kept, 'weights.safetensors'))).tensors;
const isShared = (name: string) => name.startsWith('shared/');
const startingFrom = (folder: string, draft: Draft = {} as Draft, freeze = false): Draft => ({
  ...first,
  ...draft,
  model: { ...model, ...draft.model, start: { from: folder, freeze } },
});

describe('a start from a run', () => {
  test.each(engineCases.map((engine) => [engine.title, engine] as const))(
    '%s: what is frozen stays bit for bit, the rest is trained',
    async (_, { engine, skipped }) => {
      if (skipped) return;
      const root = temporaryFolder();
      const before = await train(first, { root, engine });
      const after = await train(startingFrom(before.folder, { only: ['y3'] } as Draft, true), {
        root,
        engine,
        seed: 2,
      });
      expect(after.outcome).toBe('finished');
      const [taken, kept] = [weightsOf(before.folder), weightsOf(after.folder)];
      const shared = Object.keys(kept).filter(isShared);
      expect(shared).toHaveLength(4);
      for (const name of shared) expect(kept[name]).toEqual(taken[name]);
      expect(Object.keys(kept).filter((name) => !isShared(name))).toEqual(
        [0, 1].flatMap((layer) => [`heads/y3/${layer}/weights`, `heads/y3/${layer}/bias`]),
      );
      const [{ startedFrom, dataFingerprint }] = after.of('started');
      expect(startedFrom).toMatchObject({ experiment: 'A test', seed: 1, taken: shared, frozen: true });
      const afresh = await train({ ...first, only: ['y3'] }, { root, engine, seed: 2 });
      expect(weightsOf(afresh.folder)['shared/0/weights']).not.toEqual(taken['shared/0/weights']);
      expect(afresh.of('started')[0]).toMatchObject({ dataFingerprint });
    },
  );

  test('begins with the parameters of the run, of heads of the same name too, and trains them', async () => {
    const root = temporaryFolder();
    const before = await train(first, { root });
    const nothing = { epochs: 1, batchSize: 16, optimizer: { name: 'sgd' as const, learningRate: 1e-30 } };
    const still = await train(startingFrom(before.folder, { training: nothing } as Draft), { root, seed: 2 });
    expect(weightsOf(still.folder)).toEqual(weightsOf(before.folder));
    const moved = await train(startingFrom(before.folder), { root, seed: 2 });
    expect(weightsOf(moved.folder)['shared/0/weights']).not.toEqual(weightsOf(before.folder)['shared/0/weights']);
    expect(moved.of('started')[0].startedFrom).toMatchObject({ frozen: false });
  });

  test('goes on where the run that it came from is gone, exactly', async () => {
    const root = temporaryFolder();
    const before = await train(first, { root });
    const draft = startingFrom(
      before.folder,
      {
        training: { epochs: 6, batchSize: 16, checkpoints: { everySteps: 3 } },
      } as Draft,
      true,
    );
    const whole = await train(draft, { root, seed: 2 });
    const { folder, events } = await draftRun(draft, { root, seed: 2 });
    const stop = new AbortController();
    const running = runFolder(folder, stop.signal);
    const watch = setInterval(() => void events().then((found) => found.length > 20 && stop.abort()), 5);
    await running;
    clearInterval(watch);
    rmSync(before.folder, { recursive: true });
    expect(await runFolder(folder, new AbortController().signal, 'same')).toBe('finished');
    expect(weightsOf(folder)).toEqual(weightsOf(whole.folder));
  });

  test('takes the inputs as the run took them', async () => {
    const root = temporaryFolder();
    const before = await train(first, { root });
    const other = { ...first.data!, split: { train: 0.1, validation: 0.5, test: 0.4, seed: 8 } } as Draft['data'];
    const after = await train(startingFrom(before.folder, { data: other } as Draft), { root });
    const described = (folder: string) =>
      (JSON.parse(readFileSync(join(folder, 'model', 'model.json'), 'utf8')) as { tables: unknown }).tables;
    expect(described(after.folder)).toEqual(described(before.folder));
  });

  test.each([
    ['no such run', 'nowhere', {}, /there is no .*nowhere/],
    [
      'another width',
      undefined,
      { model: { encoder: { layers: [7] } } },
      /`shared\/0\/weights` is 4 x 7 here and 4 x 6 there/,
    ],
    ['another architecture', undefined, { model: { sharing: 'mmoe' } }, /do not fit: `.*` is .* here and not there/],
  ])('%s is refused with a remedy', async (_, from, draft, message) => {
    const root = temporaryFolder();
    const before = from ?? (await train(first, { root })).folder;
    const after = await train(startingFrom(before, draft as Draft), { root });
    expect(after.outcome).toBe('refused');
    expect(after.last).toMatchObject({ type: 'failed', code: 'start-not-usable', final: true });
    expect(after.of('failed')[0].message).toMatch(message);
  });

  test('nothing that is common to tasks', async () => {
    const root = temporaryFolder();
    const alone: Draft = { ...first, model: { ...model, sharing: 'single-task' } };
    const before = await train(alone, { root });
    const other = { ...alone, model: { ...model, sharing: 'single-task', start: { from: before.folder } } } as Draft;
    expect((await train({ ...other, only: ['y2', 'y3'] }, { root })).of('failed')[0].message).toMatch(
      /nothing to take .* whose tasks are others/,
    );
    const one = await train({ ...alone, only: ['y1'] }, { root });
    const next = { ...other, model: { ...other.model, start: { from: one.folder } }, only: ['y3'] };
    expect((await train(next, { root })).outcome).toBe('finished');
  });
});

test('what heads have in common is taken, too, and is enough where there is no encoder', async () => {
  const root = temporaryFolder();
  const linear: Draft = { ...first, model: { encoder: { layers: [] }, sharing: 'additive' } };
  const before = await train({ ...linear, only: ['y1', 'y2'] }, { root });
  const start = { from: before.folder, freeze: true };
  const next = await train({ ...linear, model: { ...linear.model, start }, only: ['y3'] }, { root });
  expect(next.outcome).toBe('finished');
  const common = 'shared/heads/regression/squared-error/1/weights';
  expect(next.of('started')[0].startedFrom?.taken).toContain(common);
  const [taken, kept] = [before, next].map(({ folder }) => weightsOf(folder)[common]);
  expect(kept).toEqual(taken);
  expect(Array.from(taken.values).some((value) => Math.abs(value) > 0.01)).toBe(true);
});

test.each(['pcgrad', 'mgda'])('with frozen parameters there are no gradients for %s to weigh by', (weighting) => {
  const text = `name: x
data: { source: a.csv }
tasks: { a: { target: a, kind: regression }, b: { target: b, kind: regression } }
model: { start: { from: runs/x, freeze: true } }
training: { weighting: ${weighting} }
`;
  expect(checkExperiment(text).problems.map(({ code, severity }) => [code, severity])).toEqual([
    ['weighting-needs-sharing', 'error'],
  ]);
});
