import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { observe } from './observe';
import { planJobs, quickJobs } from './plan';
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
    const some = planJobs({ structures: ['chain'], seeds: [1], measures: ['embedding-cosine'] });
    expect(some.map(({ setting }) => setting.measures)).toEqual([1, 2, 3].map(() => ['embedding-cosine']));
  });

  test('finds what is strong, and nothing in a shuffled truth', async () => {
    const { observations } = await observe(quickJobs(), { trainScript, atOnce: 2 });
    const scores = observations.map(scoreOf);
    const of = (label: string) => scores.filter((score) => score.label === label);
    // Eight tasks have 28 pairs: chance has a deviation of 0.2 in one replicate, of 0.1 in the mean of four.
    expect(recoveryOf(of('label-correlation'))!.mean).toBeGreaterThan(0.75);
    expect(recoveryOf(of('gradient-cosine'))!.mean).toBeGreaterThan(0.55);
    expect(recoveryOf(of('debiased-cka'))!.mean).toBeGreaterThan(0.4);
    const labels = new Set(scores.map(({ label }) => label));
    expect(labels.size).toBeGreaterThan(15);
    for (const label of labels) {
      const shuffled = recoveryOf(of(label), 'shuffled');
      if (shuffled !== undefined) expect(Math.abs(shuffled.mean)).toBeLessThan(0.2);
    }
    const text = sectionsOf(scores).map(renderSection).join('\n');
    expect(text).toMatch(/^\| label-correlation \| \*\*0\.\d\d\*\* \(0\.\d\d to 0\.\d\d\) \| - \| - \|$/m);
  }, 120_000);
});
