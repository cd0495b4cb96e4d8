import { describe, expect, test } from 'vitest';
import { gradientCosine } from '../../src/relatedness/measures/gradientCosine';

describe('gradient cosine', () => {
  test('is the cosine of the angle between gradients', () => {
    const gradients = [
      [3, 4],
      [4, 3],
      [-6, -8],
      [4, -3],
    ];
    const gramian = gradients.flatMap((a) => gradients.map((b) => a[0] * b[0] + a[1] * b[1]));
    expect(gradientCosine.fromGramian(gramian, [true, true, true, true])).toEqual([
      [1, 0.96, -1, 0],
      [0.96, 1, -0.96, 0.28],
      [-1, -0.96, 1, 0],
      [0, 0.28, 0, 1],
    ]);
  });

  test('is null for a task without a row, without a gradient or with one that is not finite', () => {
    const gramian = [4, 2, 0, 2, 4, 0, 0, 0, 0];
    expect(gradientCosine.fromGramian(gramian, [true, false, true])).toEqual([
      [1, null, null],
      [null, null, null],
      [null, null, null],
    ]);
    expect(gradientCosine.fromGramian([Infinity, 1, 1, 1], [true, true])).toEqual([
      [null, null],
      [null, 1],
    ]);
  });

  test('stays within its range where rounding would leave it', () => {
    const [[, high]] = gradientCosine.fromGramian([1, 1.0000001, 1.0000001, 1], [true, true]);
    const [[, low]] = gradientCosine.fromGramian([1, -1.0000001, -1.0000001, 1], [true, true]);
    expect([low, high]).toEqual(gradientCosine.range);
  });
});
