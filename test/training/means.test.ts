import { expect, test } from 'vitest';
import { roundedMatrix } from '../../src/training/means';

const matrix = { measure: 'tag-affinity', directed: true, higherIsCloser: true } as const;

test('small values keep what tells them apart in the journal, and noise beside large ones goes', () => {
  const small = [
    [0.00000212345678, 0.00000041234567],
    [-0.0000002, null],
  ];
  expect(roundedMatrix({ ...matrix, values: small }).values).toEqual([
    [0.00000212346, 0.00000041235],
    [-0.0000002, null],
  ]);
  const large = [
    [1.0000000001, 3e-9],
    [0.12345678, 0],
  ];
  expect(roundedMatrix({ ...matrix, values: large }).values).toEqual([
    [1, 0],
    [0.123457, 0],
  ]);
});
