import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { exportTensorBoard } from '../../src/outputs/tensorboard/export';
import { crc32c, tfRecord } from '../../src/outputs/tensorboard/records';
import { scalarsOf } from '../../src/outputs/tensorboard/scalars';
import type { RunEvent } from '../../src/runs/events';
import { readJournal } from '../../src/runs/journalReader';
import { runFolder } from '../../src/training/run';
import { lacksPython, runPython } from '../support/python';
import { draftRun, temporaryFolder, type Draft } from '../training/runs';

// Importing TensorFlow takes long on a machine with other work.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const names = ['a/b 🧠', '<script>alert(1)</script>'] as const;
const draft: Draft = {
  description: 'With a fence ``` in it.',
  data: { generate: 'related-regressions', tasks: 2, rows: 600, inputs: 5 },
  tasks: Object.fromEntries(names.map((name, task) => [name, { target: `y${task + 1}`, kind: 'regression' as const }])),
  model: { encoder: { layers: [8] } },
  training: { epochs: 3, batchSize: 64 },
};

async function trained(more: Partial<Draft['training']> = {}) {
  const { folder, events } = await draftRun({ ...draft, training: { ...draft.training, ...more } });
  expect(await runFolder(folder, new AbortController().signal)).toBe('finished');
  return { folder, events: await events() };
}

/** The data of every record of the event files in a folder, by series, its checksums checked. */
function records(folder: string): Record<string, Buffer[]> {
  return Object.fromEntries(
    ['', 'train', 'validation', 'test'].map((series) => {
      const files = readdirSync(join(folder, series)).filter((name) => name.includes('tfevents'));
      expect(files.length).toBe(1);
      const bytes = readFileSync(join(folder, series, files[0]));
      const found: Buffer[] = [];
      for (let place = 0; place < bytes.length;) {
        const length = Number(bytes.readBigUInt64LE(place));
        const data = bytes.subarray(place + 12, place + 12 + length);
        expect(bytes.subarray(place, place + length + 16).equals(tfRecord(data))).toBe(true);
        found.push(data);
        place += length + 16;
      }
      return [series, found];
    }),
  );
}

describe('records', () => {
  // RFC 3720, appendix B.4.
  test.each([
    [new Uint8Array(32), 0x8a9136aa],
    [new Uint8Array(32).fill(0xff), 0x62a8ab43],
    [Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e],
    [Buffer.from('123456789'), 0xe3069283],
    [new Uint8Array(), 0],
  ])('the checksum is CRC-32C', (data, expected) => expect(crc32c(data)).toBe(expected));
});

describe('scalars', () => {
  const at = { sequence: 1, time: 5, step: 1, epoch: 1 };
  test('a task without a loss and a pair without a value are left out; symmetric pairs are told once', () => {
    const step: RunEvent = { ...at, type: 'step', losses: [1, null], weights: [1, 2], learningRate: 0.1 };
    expect(scalarsOf(step, ['p', 'q']).map(({ series, tag, value }) => `${series}|${tag}|${value}`)).toEqual([
      'train|loss by step/p|1',
      '|weight/p|1',
      '|weight/q|2',
      '|learning rate|0.1',
    ]);
    const matrix = {
      measure: 'm',
      higherIsCloser: true,
      values: [
        [1, 0.5],
        [null, 1],
      ],
    };
    const tags = (directed: boolean) =>
      scalarsOf({ ...at, type: 'relatedness', matrices: [{ ...matrix, directed }] }, ['p', 'q']).map(({ tag }) => tag);
    expect(tags(true)).toEqual(['relatedness m/p → q']);
    expect(tags(false)).toEqual(['relatedness m/p ↔ q']);
  });

  test('what would break a line is replaced in a name, and nothing else', () => {
    const step: RunEvent = { ...at, type: 'step', losses: [1], weights: [], learningRate: 0 };
    const family = '👩‍👩‍👧';
    expect(scalarsOf(step, [`a\n\u202eb ${family} é`])[0].tag).toBe(`loss by step/a  b ${family} é`);
  });
});

describe('event files', () => {
  test('written while it trains they hold what is exported afterwards', async () => {
    const { folder } = await trained({ tensorboard: true });
    const out = join(temporaryFolder(), 'out');
    await exportTensorBoard(folder, out);
    const [live, later] = [records(join(folder, 'tensorboard')), records(out)];
    // Without the time at the beginning of each.
    const timeless = (found: Record<string, Buffer[]>) =>
      Object.entries(found).map(([series, data]) => [series, data.map((each) => each.subarray(9).toString('hex'))]);
    expect(timeless(live)).toEqual(timeless(later));
    expect(live.train.length).toBeGreaterThan(3);
  });

  test('hold what those of a run hold that was never stopped, where it was stopped and resumed', async () => {
    // So many epochs that it has not ended by the time it is told to stop.
    const training = { tensorboard: true, epochs: 100, checkpoints: { everySteps: 5 } };
    const whole = await trained(training);
    const { folder, events } = await draftRun({ ...draft, training: { ...draft.training, ...training } });
    const stop = new AbortController();
    const ended = runFolder(folder, stop.signal);
    while (!(await events()).some(({ type }) => type === 'epoch')) await delay(2);
    stop.abort();
    expect(await ended).toBe('stopped');
    expect(await runFolder(folder, new AbortController().signal, 'same')).toBe('finished');
    expect((await events()).filter(({ type }) => type === 'resumed')).toHaveLength(1);
    const timeless = (found: Record<string, Buffer[]>) =>
      Object.entries(found).map(([series, data]) => [series, data.map((each) => each.subarray(9).toString('hex'))]);
    expect(timeless(records(join(folder, 'tensorboard')))).toEqual(
      timeless(records(join(whole.folder, 'tensorboard'))),
    );
  });

  test('are not written where nobody asks for them; again they replace the first, and other files stay', async () => {
    const { folder } = await trained();
    const out = join(folder, 'tensorboard');
    expect(readdirSync(folder)).not.toContain('tensorboard');
    mkdirSync(join(out, 'train'), { recursive: true });
    for (const name of ['events.out.tfevents.1.host', 'events.out.tfevents.1.mtl'])
      writeFileSync(join(out, 'train', name), '');
    await exportTensorBoard(folder, out);
    await exportTensorBoard(folder, out);
    const [mine, other] = readdirSync(join(out, 'train')).sort((a, b) => b.length - a.length);
    expect([mine, other]).toEqual([expect.stringMatching(/\d{10}\.mtl$/), 'events.out.tfevents.1.host']);
  });

  test('training goes on where they cannot be written, and says so once', async () => {
    const { folder, events } = await draftRun({ ...draft, training: { ...draft.training, tensorboard: true } });
    writeFileSync(join(folder, 'tensorboard'), 'in the way');
    expect(await runFolder(folder, new AbortController().signal)).toBe('finished');
    const warnings = (await events()).flatMap((event) => (event.type === 'warning' ? [event.message] : []));
    expect(warnings).toEqual([expect.stringMatching(/^The event files .* cannot be written .* Training goes on/)]);
    await expect(exportTensorBoard(folder, join(folder, 'tensorboard'))).rejects.toThrow(/cannot be written/);
  });
});

const lacking = lacksPython('tensorboard');

describe.skipIf(lacking)(`the TensorBoard of Python${lacking ? `: ${lacking}` : ''}`, () => {
  const script = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
result = {}
for series in ['.', 'train', 'validation', 'test']:
    events = EventAccumulator(sys.argv[1] + '/' + series, size_guidance={'scalars': 0})
    events.Reload()
    tags = events.Tags()
    result[series] = {
        'scalars': {tag: [[e.wall_time, e.step, e.value] for e in events.Scalars(tag)] for tag in tags['scalars']},
        'texts': {tag: events.Tensors(tag)[0].tensor_proto.string_val[0].decode() for tag in tags['tensors']},
        'plugins': {tag: events.SummaryMetadata(tag).plugin_data.plugin_name for tag in tags['tensors']},
    }
print(json.dumps(result))
`;

  test('reads every figure of the journal', async () => {
    const { folder } = await trained();
    const { events } = await readJournal(folder);
    const out = join(temporaryFolder(), 'out');
    await exportTensorBoard(folder, out);
    const read = JSON.parse(runPython(script, out)) as Record<
      string,
      {
        scalars: Record<string, [number, number, number][]>;
        texts: Record<string, string>;
        plugins: Record<string, string>;
      }
    >;
    const curve = (points: readonly (readonly [RunEvent, number])[]) =>
      points.map(([event, value]) => [event.time / 1000, 'step' in event ? event.step : 0, Math.fround(value)]);
    names.forEach((name, task) => {
      const epochs = events.flatMap((event) => (event.type === 'epoch' ? [event] : []));
      expect(read.train.scalars[`loss/${name}`]).toEqual(
        curve(epochs.map((event) => [event, event.metrics[task].train!.loss!])),
      );
      expect(read.validation.scalars[`r2/${name}`]).toEqual(
        curve(epochs.map((event) => [event, event.metrics[task].validation!.r2!])),
      );
      const steps = events.flatMap((event) => (event.type === 'step' ? [event] : []));
      expect(read.train.scalars[`loss by step/${name}`]).toEqual(
        curve(steps.map((event) => [event, event.losses[task]!])),
      );
      expect(read['.'].scalars[`weight/${name}`]).toEqual(curve(steps.map((event) => [event, event.weights[task]])));
      const finished = events.at(-1)!;
      if (finished.type !== 'finished') throw new Error(finished.type);
      expect(read.test.scalars[`mse/${name}`]).toEqual(curve([[finished, finished.metrics[task].test!.mse!]]));
      expect(read.train.scalars[`mse/${name}`]).toEqual(curve([[finished, finished.metrics[task].train!.mse!]]));
    });
    const related = events.flatMap((event) =>
      event.type === 'relatedness' ? [[event, event.matrices[0].values[0][1]] as const] : [],
    );
    expect(read['.'].scalars[`relatedness gradient-cosine/${names[0]} ↔ ${names[1]}`]).toEqual(
      curve(related.flatMap(([event, value]) => (value === null ? [] : [[event, value] as const]))),
    );
    const experiment = readFileSync(join(folder, 'experiment.yaml'), 'utf8');
    expect(read['.'].texts).toEqual({ experiment: `\`\`\`\`yaml\n${experiment}\n\`\`\`\`` });
    expect(read['.'].plugins).toEqual({ experiment: 'text' });
  });
});
