import { describe, expect, test } from 'vitest';
import { hScore } from '../../src/relatedness/measures/hScore';
import { labelCorrelation } from '../../src/relatedness/measures/labelCorrelation';
import { leep } from '../../src/relatedness/measures/leep';
import { debiasedCka, linearCka } from '../../src/relatedness/measures/linearCka';
import { logMe } from '../../src/relatedness/measures/logMe';
import { nce } from '../../src/relatedness/measures/nce';
import { residualCorrelation } from '../../src/relatedness/measures/residualCorrelation';
import { rsa } from '../../src/relatedness/measures/rsa';
import { expectMatrix } from './expectMatrix';
import { normals } from './inputs';

const missing = NaN;

const regression = (values: readonly number[]) => ({ kind: 'regression' as const, values });
const binary = (values: readonly number[]) => ({ kind: 'binary' as const, values });
const multiclass = (values: readonly number[]) => ({ kind: 'multiclass' as const, values });

describe('labels', () => {
  test('numbers and binary tasks: Pearson over the rows that both have', () => {
    const labels = [
      regression([1, 2, 3, missing, 5]),
      regression([2, 4, 6, 8, missing]),
      binary([0, 0, 1, 1, 1]),
      regression([7, 7, 7, 7, 7]),
      regression([1, missing, missing, missing, 2]),
    ];
    const matrix = labelCorrelation.measure({ labels });
    expect(matrix[0][1]).toBeCloseTo(1, 12);
    expect(matrix[0][2]).toBeCloseTo(5 / Math.sqrt(35), 9);
    expect(matrix[3]).toEqual([null, null, null, null, null]);
    expect(matrix[4]).toEqual([null, null, null, null, null]);
  });

  test('a number and classes: the correlation ratio; classes and classes: Cramér’s V', () => {
    const labels = [
      multiclass([0, 0, 1, 1, 2, 2]),
      regression([1, 3, 2, 4, 8, 6]),
      multiclass([2, 2, 0, 0, 1, 1]),
      multiclass([0, 1, 0, 1, 0, 1]),
      multiclass([0, 0, 0, 0, 0, 0]),
    ];
    const matrix = labelCorrelation.measure({ labels });
    // Class means 2, 3, 7 about 4: 2 (4 + 1 + 9) = 28 of 34.
    expect(matrix[0][1]).toBeCloseTo(Math.sqrt(28 / 34), 9);
    expect(matrix[1][0]).toBe(matrix[0][1]);
    expect(matrix[0][2]).toBeCloseTo(1, 9);
    expect(matrix[0][3]).toBeCloseTo(0, 9);
    expect(matrix[0][4]).toBeNull();
    expect(matrix[1][4]).toBeNull();
  });

  test('large offsets do not hide a correlation, nor make one', () => {
    const offset = 1e9;
    const labels = [
      regression([1, 2, 3, 4].map((value) => value + offset)),
      regression([2, 1, 4, 3]),
      regression([1, 1, 1, 1].map((value) => value / 3)),
    ];
    const matrix = labelCorrelation.measure({ labels });
    expect(matrix[0][1]).toBeCloseTo(0.6, 6);
    expect(matrix[1][2]).toBeNull();
  });

  test('residuals with missing labels', () => {
    const residuals = [
      [1, -1, 2, missing],
      [2, -2, 4, 9],
      [0, 0, 0, 0],
    ];
    expectMatrix(residualCorrelation.measure({ residuals }), [
      [1, 1, null],
      [1, 1, null],
      [null, null, null],
    ]);
    expect(() => residualCorrelation.measure({ residuals: [[1], [1, 2]] })).toThrow(RangeError);
  });
});

describe('representations', () => {
  const columnsOf = (rows: number, columns: number, values: ArrayLike<number>) => ({ values, rows, columns });

  test('CKA does not see rotation, offset or scale', () => {
    const one = normals('x', 1, 60);
    const turned = Float64Array.from(one, (_, at) => {
      const row = at - (at % 2);
      return at % 2 === 0 ? 7 + 3 * one[row + 1] : -5 - 3 * one[row];
    });
    const representations = [columnsOf(30, 2, one), columnsOf(30, 2, turned)];
    for (const cka of [linearCka, debiasedCka]) expect(cka.measure({ representations })[0][1]).toBeCloseTo(1, 9);
  });

  test('of unrelated wide representations CKA is high and debiased CKA about 0', () => {
    const representations = [1, 2].map((seed) => columnsOf(50, 100, normals('wide', seed, 5000)));
    expect(linearCka.measure({ representations })[0][1]).toBeGreaterThan(0.5);
    expect(Math.abs(debiasedCka.measure({ representations })[0][1]!)).toBeLessThan(0.1);
  });

  test('constant, not finite, or too few rows: no value; a width of its own is no matter', () => {
    const fine = normals('x', 1, 10);
    const bad = Float64Array.from(fine, (value, at) => (at === 3 ? missing : value));
    const constant = new Float64Array(5).fill(0.1);
    const representations = [
      columnsOf(5, 2, fine),
      columnsOf(5, 2, bad),
      columnsOf(5, 1, constant),
      columnsOf(5, 1, fine.subarray(0, 5)),
    ];
    for (const cka of [linearCka, debiasedCka]) {
      const matrix = cka.measure({ representations });
      expect(matrix.map((row) => row.map((value) => value === null))).toEqual([
        [false, true, true, false],
        [true, true, true, true],
        [true, true, true, true],
        [false, true, true, false],
      ]);
    }
    const single = [columnsOf(1, 3, [1, 2, 3]), columnsOf(1, 2, [1, 2])];
    for (const one of [linearCka, debiasedCka, rsa]) {
      expect(one.measure({ representations: single }).flat()).toEqual([null, null, null, null]);
    }
    expect(rsa.measure({ representations })[0].map((value) => value === null)).toEqual([false, true, true, true]);
    expect(() => linearCka.measure({ representations: [columnsOf(2, 2, fine)] })).toThrow(RangeError);
    expect(() => rsa.measure({ representations: [columnsOf(5, 2, fine), columnsOf(2, 2, [1, 2, 3, 4])] })).toThrow(
      RangeError,
    );
  });

  test('RSA compares an even choice of many rows', () => {
    const [one, other] = [normals('x', 1, 6000), normals('x', 2, 6000)];
    const near = one.map((value, at) => value + 0.1 * other[at]);
    const representations = [one, near, other].map((values) => columnsOf(2000, 3, values));
    const [[, close, far]] = rsa.measure({ representations });
    expect(close).toBeGreaterThan(0.8);
    expect(Math.abs(far!)).toBeLessThan(0.1);
  });

  test('LogME and the H-score of a representation that holds the labels, and of one that does not', () => {
    const labels = normals('y', 1, 200);
    const kinds = [regression([...labels]), binary([...labels].map((value) => (value > 0 ? 1 : 0)))];
    const holds = Float64Array.from({ length: 400 }, (_, at) =>
      at % 2 === 0 ? labels[at / 2] : Math.sin(at) * labels[(at - 1) / 2],
    );
    const representations = [columnsOf(200, 2, holds), columnsOf(200, 2, normals('noise', 1, 400))];
    const evidence = logMe.measure({ representations, labels: kinds });
    expect(evidence[0][0]).toBeGreaterThan(evidence[1][0]! + 1);
    expect(evidence[0][1]).toBeGreaterThan(evidence[1][1]! + 0.1);
    const scores = hScore.measure({ representations, labels: kinds });
    expect(scores[0][0]).toBeNull();
    expect(scores[0][1]).toBeGreaterThan(0.5);
    expect(scores[1][1]).toBeLessThan(0.1);
  });

  test('a representation wider than its rows has a LogME, and missing labels are left out', () => {
    const values = normals('wide', 1, 60);
    const wide = columnsOf(6, 10, values);
    const six = regression([1, -1, 2, 0.5, 0.1, 3]);
    const four = regression([1, -1, missing, 0.5, missing, 3]);
    const part = columnsOf(
      4,
      10,
      [0, 1, 3, 5].flatMap((row) => [...values.subarray(10 * row, 10 * row + 10)]),
    );
    const [[whole, some]] = logMe.measure({ representations: [wide, wide], labels: [six, four] });
    expect(whole).not.toBeNull();
    expect(some).toBeCloseTo(
      logMe.measure({ representations: [part], labels: [regression([1, -1, 0.5, 3])] })[0][0]!,
      9,
    );
    const constant = regression([1, 1, 1, 1, 1, 1]);
    expect(logMe.measure({ representations: [wide], labels: [constant] })).toEqual([[null]]);
  });
});

describe('classes', () => {
  test('NCE: 0 where the row decides, minus the entropy where it says nothing', () => {
    const labels = [multiclass([0, 0, 1, 1]), binary([1, 1, 0, 0]), binary([0, 1, 0, 1]), regression([1, 2, 3, 4])];
    expectMatrix(nce.measure({ labels }), [
      [0, 0, -Math.LN2, null],
      [0, 0, -Math.LN2, null],
      [-Math.LN2, -Math.LN2, 0, null],
      [null, null, null, null],
    ]);
    const apart = [binary([0, 1, missing, missing]), binary([missing, missing, 0, 1])];
    expectMatrix(nce.measure({ labels: apart }), [
      [0, null],
      [null, 0],
    ]);
  });

  test('LEEP with certain predictions is NCE', () => {
    const certain = { values: [1, 0, 1, 0, 0, 1, 0, 1], rows: 4, columns: 2 };
    const labels = [binary([0, 1, 1, 1]), binary([0, missing, 1, 1])];
    const [row, none] = leep.measure({ probabilities: [certain, null], labels });
    expect(row[0]).toBeCloseTo(-Math.LN2 / 2, 9);
    expect(row[1]).toBeCloseTo(0, 9);
    expect(none).toEqual([null, null]);
  });
});
