import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { observe, type Job } from './observe';
import { controlJobs, jobsOf, planJobs, quickJobs } from './plan';
import { truthOf } from './points';
import { renderSection, sectionsOf } from './report';
import { recoveryOf, scoreOf } from './scores';
import { drawCorrelation, structureNames } from './structures';

const trainScript = fileURLToPath(new URL('../../dist/train.js', import.meta.url));

describe('the study of relatedness', () => {
  test('draws a truth of its own for each replicate, which the generator can make', () => {
    for (const structure of structureNames) {
      const drawn = [1, 2].map((seed) => drawCorrelation(structure, 8, seed));
      expect(drawn[0]).not.toEqual(drawn[1]);
      const point = { structure, labels: 'numbers', sines: false, noise: 1, rows: 100 } as const;
      const truth = truthOf(point, 1);
      truth.forEach((row, one) => row.forEach((value, other) => expect(value).toBeCloseTo(drawn[0][one][other], 12)));
      const pairs = new Set(truth.flatMap((row, one) => row.slice(0, one)));
      expect(pairs.size).toBe(28);
      expect([...pairs].some((value) => value < 0)).toBe(structure === 'opposed');
    }
  });

  test('trains every replicate of every point, and each network that shows something', () => {
    const jobs = planJobs({ structures: ['chain'], seeds: [1, 2] });
    const names = new Set(jobs.flatMap(({ setting }) => setting.measures));
    for (const name of ['gradient-cosine', 'leep', 'usage-similarity', 'embedding-cosine', 'mtrl-correlation'])
      expect(names).toContain(name);
    expect(jobs.filter(({ seed }) => seed === 1)).toHaveLength(jobs.length / 2);
  });

  test.each([
    [{ only: 'chain' }, 'embedding-cosine', 3],
    [{ only: 'trainings' }, 'pair-gain', 8],
    [{ quick: true }, 'leep', 4],
    [{ quick: true }, 'pair-gain', 0],
    [{ only: 'trainings' }, 'leep', 0],
  ])('of %j trains what records %s alone: %i runs', (part, measure, runs) => {
    const jobs = jobsOf({ quick: false, measures: [measure], ...part }, [1]);
    expect(jobs.map(({ setting }) => setting.measures)).toEqual(Array.from({ length: runs }, () => [measure]));
  });

  test('finds what is strong, and nothing where nothing can be learned', async () => {
    const scoresOf = async (jobs: readonly Job[]) =>
      (await observe(jobs, { trainScript, atOnce: 2 })).observations.map(scoreOf);
    const scores = await scoresOf(quickJobs());
    const of = (label: string, all = scores) => all.filter((score) => score.label === label);
    // Eight tasks have 28 pairs: chance has a deviation of 0.2 in one replicate, of 0.1 in the mean of four to six.
    expect(recoveryOf(of('label-correlation'))!.mean).toBeGreaterThan(0.75);
    expect(recoveryOf(of('gradient-cosine'))!.mean).toBeGreaterThan(0.55);
    expect(recoveryOf(of('debiased-cka'))!.mean).toBeGreaterThan(0.4);
    const labels = new Set(scores.map(({ label }) => label));
    expect(labels.size).toBeGreaterThan(15);
    const control = await scoresOf(controlJobs());
    const told = [...labels].filter((label) => recoveryOf(of(label)) !== undefined);
    expect(told.length).toBeGreaterThan(15);
    const isNothing = (label: string) => Math.abs(recoveryOf(of(label, control))?.mean ?? NaN) < 0.3;
    expect(told.filter((label) => !isNothing(label))).toEqual([]);
    const text = sectionsOf(scores).map(renderSection).join('\n');
    expect(text).toMatch(/^\| label-correlation \| \*\*0\.\d\d\*\* \(0\.\d\d to 0\.\d\d\) \| - \| - \|$/m);
  }, 120_000);
});
