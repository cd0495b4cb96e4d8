import { describe, expect, test } from 'vitest';
import { measureByName, measures } from '../../src/relatedness';

const say = (name: string, value: number, from = 'A', to = 'B') => measureByName(name)?.say(value, from, to);

describe('what the numbers of a measure say', () => {
  test.each(measures.map((measure) => [measure.name, measure] as const))('%s has words', (_, measure) => {
    const { range, neutral, ends, say } = measure;
    expect([ends.low, ends.high]).not.toContain('');
    expect(ends.middle !== undefined).toBe(neutral !== undefined);
    const inside = [range[0], neutral ?? 0.5, range[1], 0.25].filter(
      (value) => Number.isFinite(value) && value >= range[0] && value <= range[1],
    );
    for (const value of inside) {
      const sentence = say(value, 'A', 'B');
      expect(sentence).toMatch(/\bA\b/);
      expect(sentence).toMatch(/\bB\b/);
      expect(sentence).not.toMatch(/NaN|undefined|not a number|∞|[.]$/);
    }
  });

  test('their unit and their direction', () => {
    expect(say('tag-affinity', 0.003)).toBe('a step for A lowers the loss of B by 0.3 %');
    expect(say('tag-affinity', -0.02)).toBe('a step for A raises the loss of B by 2 %');
    expect(say('gradient-cosine', -0.5)).toBe(
      'A and B pull the shared parameters against each other, as at an angle of 120°',
    );
    // 2 r / (1 + r²) with r = 2.
    expect(say('gradient-magnitude', 0.8)).toBe('of the gradients of A and B one is 2 times as long as the other');
    expect(say('conflict-rate', 0.37)).toContain('in 37 % of the measured steps');
    expect(say('leep', Math.log(0.25))).toContain('the right label of B has a probability of 25 %');
    expect(say('nce', -2 * Math.log(2))).toBe('with the label of A known, 2 bits of the label of B stay unknown');
    expect(say('nce', -Math.log(2))).toBe('with the label of A known, 1 bit of the label of B stays unknown');
    expect(say('loss-reliance', 0.12)).toBe('the loss of B is 12 % lower with what A contributes than without');
    expect(say('pair-gain', -0.031)).toBe('B gets 3.1 % worse trained with A than alone');
    expect(say('leave-one-out-gain', 0.05)).toBe('B gets 5 % better with A among all tasks than with all but A');
    expect(say('grad-tae', 0.05)).toBe('B would get 5 % better trained with A than alone, by the estimate');
    expect(say('ordered-transfer', 0.4, 'B', 'B')).toBe('of all starts for B, one from scratch is worth 40 %');
  });
});
