import { expect, test } from 'vitest';
import type { FinishedRun } from '../../src/runs/gain';
import type { StudyAxis } from '../../src/studies/study';
import { studyRows, summariseAxis } from '../../src/studies/summary';
import { drawStudy } from '../../src/studies/chart';

const axis: StudyAxis = { name: 'fraction', title: 'share of the training rows', logarithmic: true, share: true };
const run = (seed: number, ...errors: number[]): FinishedRun => ({
  seed,
  tasks: ['<north>', 'south'].slice(0, errors.length).map((name) => ({ name, kind: 'regression' })),
  metrics: errors.map((rmse) => ({ test: { rmse } })),
});
const results = [
  { arm: 'single', at: 1, runs: [run(1, 1, 2), run(2, 1, 4)] },
  { arm: 'shared', at: 1, runs: [run(1, 0.5, 2), run(2, 0.5, 4)] },
  { arm: 'single', at: 0.1, runs: [run(1, 4, 8)] },
  // Seed 2 has not finished alone: it does not count.
  { arm: 'shared', at: 0.1, runs: [run(1, 3, 8), run(2, 1, 1)] },
];

test('figures over the seeds that both have, by ascending place, and the gain', () => {
  const panels = summariseAxis(axis, ['single', 'shared'], results);
  expect(panels.map((panel) => (panel.kind === 'task' ? `${panel.task} ${panel.metric}` : 'gain'))).toEqual([
    '<north> rmse',
    'south rmse',
    'gain',
  ]);
  const [north, south, gain] = panels;
  expect(north.lines).toEqual([
    {
      arm: 'single',
      points: [
        { at: 0.1, mean: 4, seeds: [1] },
        { at: 1, mean: 1, interval: [1, 1], seeds: [1, 2] },
      ],
    },
    {
      arm: 'shared',
      points: [
        { at: 0.1, mean: 3, seeds: [1] },
        { at: 1, mean: 0.5, interval: [0.5, 0.5], seeds: [1, 2] },
      ],
    },
  ]);
  expect(south.lines[0].points[1]).toMatchObject({ mean: 3, interval: [2, 4] });
  expect(gain.lines).toEqual([
    {
      arm: 'shared',
      points: [
        { at: 0.1, mean: 0.125, seeds: [1] },
        { at: 1, mean: 0.25, interval: [0.25, 0.25], seeds: [1, 2] },
      ],
    },
  ]);
  expect(studyRows(panels)[1]).toEqual(['<north>', 'test', 'rmse', 'fraction', 0.1, 'single', 4, null, null, 1]);
  expect(studyRows(panels)).toHaveLength(1 + 4 + 4 + 2);
});

test('the drawing is SVG that names panels, arms and axes, on light and on dark', async () => {
  const panels = summariseAxis(axis, ['single', 'shared'], results);
  const svg = await drawStudy({
    title: 'Rents & "more"',
    subtitle: ['Less data.'],
    arms: ['single', 'shared'],
    panels,
  });
  expect(svg).toMatch(/^<svg[^>]*><style>@media \(prefers-color-scheme: dark\)/);
  const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
  for (const text of ['Rents &amp; "more"', '&lt;north&gt;', 'south', 'All tasks', 'single', 'shared', axis.title]) {
    expect(texts).toContain(text);
  }
  expect(texts).toEqual(expect.arrayContaining(['test rmse', 'Δm, %', '10%', '100%']));
  expect(svg).not.toContain('NaN');
});

test('tasks beyond what can be drawn are told of', async () => {
  const many: FinishedRun[] = ['baseline', undefined].map((role) => ({
    seed: 1,
    ...(role && { role: 'baseline' as const }),
    tasks: Array.from({ length: 30 }, (_, task) => ({ name: `task ${task}`, kind: 'regression' })),
    metrics: Array.from({ length: 30 }, () => ({ test: { rmse: 1 } })),
  }));
  const both = many.map((entry, arm) => ({ arm: ['single', 'shared'][arm], at: 1, runs: [entry] }));
  const panels = summariseAxis(axis, ['single', 'shared'], both);
  const svg = await drawStudy({ title: 'Many', subtitle: [], arms: ['single', 'shared'], panels });
  expect(svg).toContain('6 more tasks are in study.csv.');
});
