import { describe, expect, test } from 'vitest';
import type { DataSizes } from '../../src/experiment/cost/network';
import { costHints } from '../../src/language/costHints';

const sizes: DataSizes = {
  streams: [{ inputs: 20, trainRows: 6400, heldOutRows: 800 }],
  tasks: Array.from({ length: 8 }, () => ({ stream: 0, outputs: 1 })),
  pooled: false,
};

function file(measures: string, more = ''): string {
  return `name: Hints
data: { generate: related-regressions, tasks: 8 }
tasks: { a: { target: y1, kind: regression }, b: { target: y2, kind: regression } }
training: { batchSize: 64 }
relatedness:
  measures: ${measures}
${more}`;
}

describe('hints of what measures cost', () => {
  test('stand behind each measure, in the order of the file', () => {
    const text = file('[gradient-cosine, rsa, tag-affinity]');
    const hints = costHints(text, sizes);
    const line = text.split('\n')[5];
    expect(hints.map(({ position }) => line.slice(0, position.column).split(/[[ ]/).at(-1))).toEqual([
      'gradient-cosine',
      'rsa',
      'tag-affinity',
    ]);
    const [cosine, rsa, tag] = hints.map(({ label }) => label);
    expect(cosine).toMatch(/^≈ \+\d+ %$/);
    expect(rsa).toMatch(/^once ≈ \+[\d.]+ %$/);
    expect(hints[0].markdown).toMatch(/^≈ \+\d+ % of training\n\n/);
    expect(hints[1].markdown).toMatch(/^once, ≈ \+[\d.]+ % of training\n[^]* million multiplications, once/);
    // VS Code shows up to 43 characters of hints in a line.
    expect(hints.map(({ label }) => label).join('').length).toBeLessThan(43);
    const percent = (label: string) => Number(/\d+/.exec(label)![0]);
    expect(percent(tag)).toBeGreaterThan(percent(cosine));
  });

  test('fall with `every`, and say how they come about', () => {
    const often = costHints(file('[gradient-cosine]', '  every: 1\n'), sizes)[0];
    const seldom = costHints(file('[gradient-cosine]', '  every: 50\n'), sizes)[0];
    const percent = (label: string) => Number(/[\d.]+/.exec(label)![0]);
    expect(percent(often.label)).toBeCloseTo(50 * percent(seldom.label), -1);
    // By hand: layers of 20 x 64 and 64 x 32 and eight heads of 32, the first sends nothing back.
    const [plain, gradients] = [64 * (2 * 1280 + 3 * 2048 + 3 * 256), 64 * 8 * (1280 + 2 * 2048)];
    const products = 64 * (1280 + 64 + 2048 + 32);
    expect(percent(often.label)).toBe(Number(((100 * (gradients + products)) / plain).toPrecision(3)));
    expect(often.markdown).toContain('100 of the 100 steps');
    expect(seldom.markdown).toContain('2 of the 100 steps');
    expect(often.markdown).toContain('3424');
    expect(often.markdown).not.toContain('$');
  });

  test.each([
    ['the data has not been read', file('[gradient-cosine]'), undefined],
    ['the file has an error', file('[gradient-cosin]'), sizes],
    ['no measure is written', file('[]'), sizes],
    ['the list is not written', file('[]').replace(/relatedness:[^]*/, ''), sizes],
    ['nothing is shared', file('[gradient-cosine]', 'model: { sharing: single-task }\n'), sizes],
    ['the architecture is not known', file('[tag-affinity]', 'model: { sharing: mtan }\n'), sizes],
    ['there is one task', file('[gradient-cosine]'), { ...sizes, tasks: sizes.tasks.slice(1, 2) }],
    ['rows or tasks may be compared', file('[gradient-cosine]'), { ...sizes, pooled: true }],
  ])('are none where %s', (_, text, known) => {
    expect(costHints(text, known)).toEqual([]);
  });

  test('say that gradients cost nothing more where the weighting looks at them', () => {
    const [{ label, markdown }] = costHints(
      file('[gradient-cosine]').replace('batchSize: 64', 'weighting: mgda'),
      sizes,
    );
    expect(label).toBe('≈ 0');
    expect(markdown).toContain('next to nothing');
  });
});
