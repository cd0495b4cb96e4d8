import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../runs/fixtures/folders';
import { endingOf, startedBody } from '../runs/fixtures/events';
import { commandLine } from './fixtures/commandLine';
import { finishedWith, runWriter, symmetric } from './fixtures/measuredRuns';

const mtl = commandLine();
const tasks = ['north', 'south', 'east'];
const cosine = symmetric('gradient-cosine', [[0.5, -0.5], [0.1]]);
const likewise = symmetric('rsa', [[0.9, 0.1], [0.2]]);
const opposite = symmetric('rsa', [[0.1, 0.9], [0.2]]);
const nothing = symmetric('leep', [[null, null], [null]]);

/** JSON without the last digits of its numbers. */
function rounded(text: string): Record<string, unknown> {
  const round = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toFixed(9)) : value);
  return JSON.parse(text, round) as Record<string, unknown>;
}

describe('mtl agree over seeds', () => {
  test('means over the finished replicates, matched by the names of their tasks', async () => {
    const folder = temporaryFolder();
    const write = runWriter(folder);
    const seed = (number: number) => ({ group: 'one', seed: number });
    write('run-1', finishedWith(tasks, [cosine, likewise, nothing]), seed(1));
    write('run-2', finishedWith(tasks, [cosine, opposite, nothing]), seed(2));
    // Its tasks in another order, and its measures: the same pairs are as close as for the first seed.
    const moved = ['south', 'east', 'north'];
    const [otherCosine, other] = [
      symmetric('gradient-cosine', [[0.1, 0.5], [-0.5]]),
      symmetric('rsa', [[0.2, 0.9], [0.1]]),
    ];
    write('run-3', finishedWith(moved, [other, otherCosine, nothing]), seed(3));
    // None of these is a finished replicate.
    const stopped = { type: 'stopped', ...endingOf(0.8, 3), relatedness: [cosine, opposite] } as const;
    write('run-4', [startedBody(tasks), stopped], seed(4));
    write('run-5', finishedWith(tasks, [cosine, opposite]), { ...seed(1), role: 'baseline' });
    write('run-6', finishedWith(tasks, [cosine, opposite]), { group: 'another', seed: 5 });

    const { code, stdout } = await mtl(['agree', 'run-1', '--json'], folder);
    expect(code).toBe(0);
    const third = Number((1 / 3).toFixed(9));
    expect(rounded(stdout)).toEqual({
      run: 'run-1',
      seeds: [1, 2, 3],
      measures: ['gradient-cosine', 'rsa'],
      agreement: [
        [1, third],
        [third, 1],
      ],
      lower: [
        [1, -1],
        [-1, 1],
      ],
      upper: [
        [1, 1],
        [1, 1],
      ],
      withoutValues: ['leep'],
    });
    const text = (await mtl(['agree', 'run-1'], folder)).stdout;
    expect(text.split('\n').map((line) => line.trimEnd())).toEqual([
      '   measure                   1           2',
      '1  gradient-cosine        1.00  0.33 ±1.00',
      '2  rsa              0.33 ±1.00        1.00',
      expect.stringMatching(/^Mean over the seeds 1, 2, 3 ± half of its 95 % interval\. Spearman's rank correlation/),
      'Without a value for any two tasks: leep.',
      '',
    ]);
  });

  test('a run that has not finished is looked at by itself, and so is one without other seeds', async () => {
    const folder = temporaryFolder();
    const write = runWriter(folder);
    write('run-1', finishedWith(tasks, [cosine, likewise]), { group: 'one', seed: 1 });
    const matrices = [cosine, opposite];
    write('run-2', [startedBody(tasks), { type: 'relatedness', step: 10, epoch: 1, matrices }], {
      group: 'one',
      seed: 2,
    });
    const found = async (run: string) => rounded((await mtl(['agree', run, '--json'], folder)).stdout);
    const first = await found('run-1');
    expect(first).toMatchObject({
      seeds: [1],
      agreement: [
        [1, 1],
        [1, 1],
      ],
    });
    expect(first).not.toHaveProperty('lower');
    expect(await found('run-2')).toMatchObject({
      seeds: [2],
      agreement: [
        [1, -1],
        [-1, 1],
      ],
    });
    expect((await mtl(['agree', 'run-1'], folder)).stdout).toMatch(/\nSpearman's rank correlation/);
  });
});
