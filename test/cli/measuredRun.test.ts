import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunEventBody, SplitMetrics } from '../../src/runs/events';
import { writeProcess } from '../../src/runs/process';
import { temporaryFolder } from '../runs/fixtures/folders';
import { endingOf, finishedBody, startedBody, stepBody } from '../runs/fixtures/events';
import { commandLine } from './fixtures/commandLine';
import { finishedWith, runWriter, symmetric } from './fixtures/measuredRuns';

const mtl = commandLine();
const tasks = ['north', 'south', 'east'];
const cosine = symmetric('gradient-cosine', [[0.5, -0.5], [0.1]]);
const leep = symmetric('leep', [[-0.5, -1.5], [-0.1]]);
const empty = symmetric('leep', [[null, null], [null]]);

describe('latest, of commands that look at what was measured', () => {
  const workspace = () => {
    const folder = temporaryFolder();
    const write = runWriter(folder);
    const losses = (...values: readonly number[]): readonly SplitMetrics[] =>
      values.map((loss) => ({ validation: { loss } }));
    const networks = write('run-1-aaaaaa', finishedWith(tasks, [cosine, leep], { metrics: losses(1, 1, 1) }));
    const below = runWriter(folder, join(networks, 'runs'));
    below('pair', finishedWith(tasks.slice(0, 2), [], { metrics: losses(0.5, 0.5) }), { role: 'measure' });
    write('run-2-abbbbb', finishedWith(tasks, [cosine, empty]));
    write('check-3-cccccc', finishedWith(tasks, []), { role: 'baseline' });
    // A check measures nothing; where one did, it would not be what was asked for.
    write('check-4-dddddd', finishedWith(tasks, [cosine, leep]), { against: 'check-3-cccccc' });
    return folder;
  };
  const answer = async (words: readonly string[], folder: string) => {
    const { code, stdout, stderr } = await mtl(words, folder);
    expect([code, stderr.match(/^error/)]).toEqual([0, null]);
    return { stdout, stderr };
  };
  const runOf = async (words: string, folder: string) =>
    (JSON.parse((await answer([...words.split(' '), '--json'], folder)).stdout) as { run: string }).run;

  test('is the newest that has it, and no run of a check', async () => {
    const folder = workspace();
    expect(await runOf('group latest --groups 2', folder)).toBe('run-2-abbbbb');
    expect(await runOf('group latest --groups 2 --measure leep', folder)).toBe('run-1-aaaaaa');
    expect(await runOf('group latest --budget 2', folder)).toBe('run-1-aaaaaa');
    expect(await runOf('agree latest', folder)).toBe('run-1-aaaaaa');
    expect((await answer(['matrix', 'latest', '--measure', 'leep'], folder)).stderr).toBe(
      'Run run-2-abbbbb: the newest that can tell it (2 newer runs left out).\n',
    );
    expect((await answer(['group', 'latest', '--groups', '2', '--quiet'], folder)).stderr).toBe('');
  });

  test('so is what else stands for several runs', async () => {
    const folder = workspace();
    expect(await runOf('group run --groups 2 --measure leep', folder)).toBe('run-1-aaaaaa');
    const { code, stderr } = await mtl(['show', 'run'], folder);
    expect(code).not.toBe(0);
    expect(stderr).toContain('2 runs begin with "run"');
  });

  test('a run by its own name is that run', async () => {
    const folder = workspace();
    const { code, stderr } = await mtl(['group', 'check-3', '--groups', '2'], folder);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: /);
  });

  test('says of the newest that has a matrix what it lacks', async () => {
    const folder = workspace();
    const { stderr } = await mtl(['group', 'latest', '--groups', '2', '--measure', 'gradient-cosin'], folder);
    expect(stderr).toContain('Did you mean "gradient-cosine"?');
    const { stderr: epoch } = await mtl(['matrix', 'latest', '--epoch', '3'], folder);
    expect(epoch).toContain('epoch 3');
  });
});

describe('a run that has no matrix', () => {
  /** The process of a run with nothing but its start is there. */
  const said = async (bodies: readonly RunEventBody[], ...words: readonly string[]) => {
    const folder = temporaryFolder();
    const run = runWriter(folder)('run-1-aaaaaa', bodies);
    if (bodies.length === 1) await writeProcess(run, process.pid);
    const { code, stderr } = await mtl(words.length === 0 ? ['matrix', 'latest'] : words, folder);
    expect(code).toBe(2);
    return stderr.trimEnd();
  };
  const started = (measures: readonly string[], names = tasks) => ({ ...startedBody(names), relatedness: measures });
  const finished = { ...finishedBody(0.8, tasks.length), relatedness: [] };
  const stopped = { ...endingOf(0.8, tasks.length), type: 'stopped', relatedness: [] } as const;
  const group = ['group', 'latest', '--groups', '2'];

  test('says why, and to wait only where there is something to wait for', async () => {
    expect(await said([started(['gradient-cosine'])], ...group)).toBe(
      'error: The run has no relatedness matrix yet. Wait for its first epoch.',
    );
    expect(await said([started(['leep'])])).toBe('error: The run has no relatedness matrix yet. Wait for its end.');
    const none = 'error: The experiment of the run names no measures, so it has no relatedness matrix. Start one with';
    expect(await said([started([])], ...group)).toContain(none);
    expect(await said([started([]), finished])).toContain(none);
    const message = 'Gates is not measured: with sharing `hard` tasks have no gates.';
    expect(await said([started(['usage-similarity']), { type: 'warning', message }, finished], ...group)).toBe(
      `error: The run has finished and measured nothing: ${message}`,
    );
    expect(await said([started(['gradient-cosine']), stopped])).toBe(
      'error: The run ended (stopped) before it had measured anything. Go on with: mtl resume run-1-aaaaaa',
    );
    expect(await said([started(['gradient-cosine']), stepBody(1)])).toContain('The run ended (interrupted) before');
  });

  test('so does agree, and a choice of networks that are not all trained yet', async () => {
    const agree = ['agree', 'latest'];
    expect(await said([started(['leep'])], ...agree)).toContain('no relatedness matrix yet. Wait for its end.');
    expect(await said([{ ...started(['leep']), tasks: [] }], ...agree)).toContain('Wait for its end.');
    const trainings = { type: 'trainings', measures: ['pair-gain'], done: 1, total: 6, atOnce: 2 } as const;
    const words = ['group', 'latest', '--budget', '2'];
    expect(await said([started(['pair-gain']), trainings], ...words)).toContain(
      'The run has not finished (interrupted)',
    );
    expect(await said([started(['leep']), finished], ...words)).toContain('has trained no networks of some');
  });

  test('one task has nothing to relate', async () => {
    const alone = { ...finishedBody(0.8, 1), relatedness: [] };
    expect(await said([started(['gradient-cosine'], ['only']), alone])).toBe(
      'error: The run has one task: there is nothing to relate.',
    );
  });
});
