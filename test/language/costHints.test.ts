import { describe, expect, test } from 'vitest';
import type { MeasureEstimate } from '../../src/experiment/measureEstimate';
import { costHints } from '../../src/language/costHints';

function costOf(measure: string, short: string): MeasureEstimate {
  return { measure, short, label: `${short} of training`, explanation: 'With $T = 8$ tasks.' };
}

const costs = [costOf('gradient-cosine', '≈ +3 %'), costOf('rsa', 'once ≈ +1.5 %'), costOf('tag-affinity', '≈ +60 %')];

function file(measures: string): string {
  return `name: Hints
data: { generate: related-regressions, tasks: 8 }
tasks: { a: { target: y1, kind: regression }, b: { target: y2, kind: regression } }
training: { batchSize: 64 }
relatedness:
  measures: ${measures}
`;
}

describe('hints of what measures cost', () => {
  test('stand behind each measure, wherever it is in the file', () => {
    const text = file('[tag-affinity, gradient-cosine, rsa]');
    const hints = costHints(text, costs);
    const line = text.split('\n')[5];
    const placed = hints.map(({ position, label }) => [line.slice(0, position.column).split(/[[ ]/).at(-1), label]);
    expect(placed).toEqual(costs.map(({ measure, short }) => [measure, short]));
    expect(hints[0].markdown).toBe('≈ +3 % of training\n\nWith `T = 8` tasks.');
    // VS Code shows up to 43 characters of hints in a line.
    expect(hints.map(({ label }) => label).join('').length).toBeLessThan(43);
  });

  test.each([
    ['nothing is known of the costs', file('[gradient-cosine]'), []],
    ['the file has an error', file('[gradient-cosin]'), costs],
    ['the measure is not written any more', file('[nce]'), costs],
    ['the list is not written', file('[]').replace(/relatedness:[^]*/, ''), costs],
  ])('are none where %s', (_, text, known) => {
    expect(costHints(text, known)).toEqual([]);
  });
});
