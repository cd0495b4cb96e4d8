import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { evaluateDisturbed } from '../../src/cli/study/disturbing';
import type { StudyResult } from '../../src/cli/study/training';
import { checkExperiment } from '../../src/experiment/check';
import { readJournal } from '../../src/runs/journalReader';
import type { RunEventOf } from '../../src/runs/events';
import type { StudyPanel } from '../../src/studies/summary';
import { temporaryFolder } from '../runs/fixtures/folders';
import { commandLine } from './fixtures/commandLine';
import { smallExperiment, writeExperiment } from './fixtures/experiments';

const mtl = commandLine('real');

interface Report {
  readonly state: string;
  readonly folder: string;
  readonly runs: readonly {
    arm: string;
    at: number | null;
    seed: number;
    run: string;
    state: string;
    reused: boolean;
  }[];
  readonly panels: readonly StudyPanel[];
}

async function study(words: readonly string[], folder: string): Promise<Report> {
  const { code, stdout, stderr } = await mtl(['study', ...words, '--engine', 'cpu', '--json'], folder);
  expect([code, stderr]).toEqual([0, expect.not.stringContaining('error')]);
  return JSON.parse(stdout) as Report;
}

describe('mtl study', () => {
  test('less-data trains with shares of the rows; a run that is there is used again', async () => {
    const folder = temporaryFolder();
    const file = writeExperiment(folder);
    const first = await study(['less-data', file, '--fractions', '1', '--seeds', '1,2'], folder);
    expect(first.runs.map(({ arm, at, state }) => `${arm} ${at} ${state}`)).toEqual(
      [1, 2].flatMap(() => ['single 1 finished', 'shared 1 finished']),
    );
    expect(readdirSync(first.folder).sort()).toEqual(['runs', 'study.csv', 'study.json', 'study.svg']);
    expect(readFileSync(join(first.folder, 'study.svg'), 'utf8')).toContain('</svg>');
    expect(readFileSync(join(first.folder, 'study.csv'), 'utf8')).toMatch(/^task,split,metric,axis,at,arm,mean/);
    const again = ['less-data', file, '--fractions', '0.2,1', '--seeds', '1,2', '--resume', first.folder];
    const second = await study(again, folder);
    expect(second.runs.map(({ at, reused }) => `${at} ${reused}`)).toEqual([
      ...Array.from({ length: 4 }, () => '1 true'),
      ...Array.from({ length: 4 }, () => '0.2 false'),
    ]);
    expect(readdirSync(join(first.folder, 'runs'))).toHaveLength(8);
    const [north] = second.panels;
    expect(north.lines.map(({ arm, points }) => [arm, points.map(({ at, seeds }) => [at, seeds])])).toEqual(
      ['single', 'shared'].map((arm) => [arm, [0.2, 1].map((at) => [at, [1, 2]])]),
    );
    const rowsOf = async ({ run }: Report['runs'][number]) => {
      const { events } = await readJournal(join(first.folder, 'runs', run));
      return (events.find(({ type }) => type === 'started') as RunEventOf<'started'>).rows;
    };
    expect(await rowsOf(second.runs[0])).toMatchObject({ train: 160, validation: 20, test: 20 });
    expect(await rowsOf(second.runs[4])).toMatchObject({ train: 32, validation: 20, test: 20 });
  }, 60_000);

  test('robustness measures undisturbed rows as training did, and disturbed ones worse', async () => {
    const folder = temporaryFolder();
    const linear = smallExperiment
      .replace('inputs: 4', 'inputs: 4\n  nonlinearity: 0')
      .replace('epochs: 4', 'epochs: 40');
    const file = writeExperiment(folder, linear);
    const words = ['robustness', file, '--seeds', '3', '--noise', '0,1', '--missing', '0,0.5'];
    const { panels, runs, folder: studyFolder } = await study(words, folder);
    const shared = runs.find(({ arm }) => arm === 'shared')!;
    const { events } = await readJournal(join(studyFolder, 'runs', shared.run));
    const { metrics } = events.find(({ type }) => type === 'finished') as RunEventOf<'finished'>;
    for (const axis of ['noise', 'missing']) {
      const own = panels.filter((panel) => panel.kind === 'task' && panel.axis.name === axis);
      expect(own).toHaveLength(2);
      own.forEach(({ lines }, task) => {
        const [undisturbed, disturbed] = lines.find(({ arm }) => arm === 'shared')!.points;
        expect(undisturbed.mean).toBeCloseTo(metrics[task].test!.rmse!, 5);
        expect(disturbed.mean).toBeGreaterThan(undisturbed.mean * 1.2);
      });
    }
  }, 60_000);

  test('robustness measures a table without test rows on its validation rows', async () => {
    const folder = temporaryFolder();
    const rows = Array.from({ length: 60 }, (_, row) => `${row},${row % 7},${3 * row + (row % 7)}\n`).join('');
    for (const name of ['one', 'two']) writeFileSync(join(folder, `${name}.csv`), `a,b,c\n${rows}`);
    const task = (name: string, test: number) =>
      `  ${name}: { data: { source: ${name}.csv, split: { train: 0.5, validation: 0.3, test: ${test} } }, target: c, kind: regression }\n`;
    const rest = 'model: { encoder: { layers: [8] } }\ntraining: { epochs: 3 }\n';
    const file = writeExperiment(folder, `name: Two tables\ntasks:\n${task('one', 0.2)}${task('two', 0)}${rest}`);
    const { panels } = await study(['robustness', file, '--seeds', '1', '--noise', '0,1', '--missing', '0'], folder);
    const own = panels.flatMap((panel) => (panel.kind === 'task' ? [panel] : []));
    expect(own.map(({ axis, task: of, split }) => `${axis.name} ${of} ${split}`)).toEqual([
      'noise one test',
      'noise two validation',
      'missing one test',
      'missing two validation',
    ]);
    for (const { lines, axis } of own)
      expect(lines.map(({ points }) => points.length)).toEqual(axis.name === 'noise' ? [2, 2] : [1, 1]);
  }, 60_000);

  test('what is disturbed is measured until it is to stop', async () => {
    const folder = temporaryFolder();
    const file = writeExperiment(folder);
    const report = await study(['robustness', file, '--seeds', '1', '--noise', '0', '--missing', '0'], folder);
    const results = report.runs.map(({ run, state, ...about }): StudyResult => {
      const own = join(report.folder, 'runs', run);
      const { experiment } = checkExperiment(readFileSync(join(own, 'experiment.yaml'), 'utf8'));
      const tasks = ['north', 'south'].map((name) => ({ name, kind: 'regression' }));
      const finished = { seed: about.seed, tasks, metrics: [] };
      return { ...about, experiment: experiment!, folder: own, state: state as 'finished', finished };
    });
    const stop = new AbortController();
    // As Ctrl-C does, from outside, while the third of many is measured.
    const noise = [0, 1, 2, 3, 4, 5];
    noise[Symbol.iterator] = function* () {
      for (let strength = 0; strength < 6; strength++) {
        if (strength === 2) setImmediate(() => stop.abort());
        yield strength;
      }
      return undefined;
    };
    const found = await evaluateDisturbed(results, { noise, missing: [0] }, folder, stop.signal);
    expect([found.noise.map(({ arm, at }) => `${arm} ${at}`), found.missing]).toEqual([['single 0', 'single 1'], []]);
  }, 60_000);

  test('transfer starts the new task from a run of the others', async () => {
    const folder = temporaryFolder();
    const file = writeExperiment(folder);
    const words = ['transfer', file, '--task', 'south', '--rows', '20,all', '--seeds', '1'];
    const { runs, panels, folder: studyFolder } = await study(words, folder);
    expect(runs.map(({ arm, at }) => `${arm} ${at}`)).toEqual([
      'trunk null',
      ...[160, 20].flatMap((rows) => [`from scratch ${rows}`, `frozen ${rows}`, `fine-tuned ${rows}`]),
    ]);
    expect(panels.map((panel) => (panel.kind === 'task' ? panel.task : 'gain'))).toEqual(['south', 'gain']);
    const started = async (arm: string) => {
      const { run } = runs.find((entry) => entry.arm === arm && entry.at === 20)!;
      const { events } = await readJournal(join(studyFolder, 'runs', run));
      return events.find(({ type }) => type === 'started') as RunEventOf<'started'>;
    };
    expect((await started('frozen')).startedFrom).toMatchObject({ run: runs[0].run, frozen: true });
    expect((await started('fine-tuned')).startedFrom).toMatchObject({ run: runs[0].run, frozen: false });
    const scratch = await started('from scratch');
    expect([scratch.startedFrom, scratch.rows.train]).toEqual([undefined, 20]);
  }, 60_000);

  test('Ctrl-C stops it; what is there is told, and it goes on from there', async () => {
    const folder = temporaryFolder();
    const file = writeExperiment(folder);
    const words = ['study', 'less-data', file, '--fractions', '1', '--seeds', '1', '--at-once', '1', '--engine', 'cpu'];
    const long = ['--set', 'training.epochs=250'];
    const running = mtl([...words, ...long], folder);
    await running.says('Study folder');
    const studies = join(folder, '.mtl', 'studies');
    const [name] = readdirSync(studies);
    const runs = join(studies, name, 'runs');
    for (let look = 0; look < 1000; look++) {
      const [first] = readdirSync(runs).filter((entry) => !entry.startsWith('.'));
      if (first !== undefined && existsSync(join(runs, first, 'events.jsonl'))) break;
      await new Promise((fulfil) => setTimeout(fulfil, 10));
    }
    running.child.kill('SIGINT');
    const { code, stderr } = await running;
    expect(code).toBe(130);
    expect(stderr).toContain(`--resume ${join(studies, name)}`);
    const report = JSON.parse(readFileSync(join(studies, name, 'study.json'), 'utf8')) as Report;
    expect([report.state, report.runs.map(({ state }) => state)]).toEqual(['stopped', ['stopped', 'not started']]);
    const more = await study([...words.slice(1, -2), ...long, '--resume', join(studies, name)], folder);
    expect([more.state, more.runs[0].run]).toEqual(['finished', report.runs[0].run]);
    expect(readdirSync(runs)).toHaveLength(2);
  }, 60_000);

  test.each([
    [['less-dat', 'small.mtl.yaml'], 'Did you mean "less-data"?'],
    [['less-data', 'small.mtl.yaml', '--fractions', '0.5,2'], 'Write different numbers from 0.0001 to 1'],
    [['transfer', 'small.mtl.yaml'], 'Say which task is the new one: --task north.'],
    [['transfer', 'small.mtl.yaml', '--task', 'sout'], 'Did you mean "south"?'],
    [['transfer', 'small.mtl.yaml', '--task', 'south', '--rows', '1000'], 'the task has 160 training rows'],
    [['robustness', 'small.mtl.yaml', '--set', 'model.sharing=single-task'], 'tasks share nothing'],
    [['less-data', 'small.mtl.yaml', '--resume', 'nowhere'], 'is no study folder'],
  ])('%j is refused: %s', async (words, message) => {
    const folder = temporaryFolder();
    writeExperiment(folder);
    const { code, stderr } = await mtl(['study', ...words], folder);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    expect(existsSync(join(folder, '.mtl'))).toBe(false);
  });
});
