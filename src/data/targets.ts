import type { Finding, Path } from '../experiment/problem';
import type { Task } from '../experiment/schema';
import { code } from '../experiment/wording';
import { counted, error, listed, quoted, valueNotFound, warning } from './findings';
import { firstUnusable, momentsOf } from './numeric';
import { countMissing, levelsOf, numbersOf, positionOfLevel } from './table';
import type { Column } from './table';

/** What a task says of its target. */
export type TargetSpec = Pick<Task, 'target' | 'kind' | 'positive' | 'scale'>;

/** A target over all rows of its table. */
export interface EncodedTarget {
  /** Scaled number, 0 or 1, or class index; NaN where the row has no label that training knows. */
  readonly labels: Float64Array;
  readonly outputs: number;
  readonly classes: readonly string[];
  readonly mean: number;
  readonly deviation: number;
  readonly findings: readonly Finding[];
}

const mostClasses = 1000;
const positiveWords = ['1', 'true', 'yes'];

/** What is wrong with a target of a table of `rows` rows, whatever the split; `path` is that of the task. */
export function checkTarget(spec: TargetSpec, column: Column, rows: number, path: Path): Finding[] {
  const at = [...path, 'target'];
  const name = code(spec.target);
  if (countMissing(column) === rows) {
    const message = `Column ${name} has no value in any row. See whether \`missing\` is right, or choose another target.`;
    return [error('no-labels', at, message)];
  }
  switch (spec.kind) {
    case 'regression':
      return checkRegression(column, at);
    case 'binary': {
      const { levels } = levelsOf(column);
      if (spec.positive !== undefined) {
        if (positionOfLevel(levels, spec.positive) >= 0) return [];
        return [valueNotFound(spec.positive, spec.target, [...path, 'positive'], levels)];
      }
      if (levels.length <= 2) return [];
      const message = `Column ${name} has ${levels.length} values, and a binary task tells two apart: ${listed(levels)}. Set \`positive\` to the value to tell from all others, or \`kind\` to \`multiclass\`.`;
      return [error('too-many-classes', at, message)];
    }
    case 'multiclass': {
      const { levels } = levelsOf(column);
      if (levels.length <= mostClasses) return [];
      const message = `Column ${name} has ${levels.length} different values; a multiclass task takes at most ${mostClasses}. Set \`kind\` to \`regression\` where they are amounts.`;
      return [error('too-many-classes', at, message)];
    }
  }
}

function checkRegression(column: Column, path: Path): Finding[] {
  const values = numbersOf(column);
  const name = code(column.name);
  if (!(values instanceof Float64Array)) {
    const message = `Column ${name} is not numeric: row ${values.row} has ${quoted(values.text)}. Mend the value, name it under \`missing\`, or set \`kind\` to \`binary\` or \`multiclass\`.`;
    return [error('not-numeric', path, message)];
  }
  const unusable = firstUnusable(values);
  if (unusable === 0) return [];
  const message = `Column ${name} has ${values[unusable - 1]} in row ${unusable}, which cannot be computed with. Mend the value, or name it under \`missing\`.`;
  return [error('not-finite', path, message)];
}

/** Encodes a target that passed `checkTarget`; scaling and classes come from the training rows alone. */
export function encodeTarget(spec: TargetSpec, column: Column, trainRows: Uint32Array, path: Path): EncodedTarget {
  switch (spec.kind) {
    case 'regression':
      return encodeRegression(spec, column, trainRows, path);
    case 'binary':
      return encodeBinary(spec, column, trainRows, path);
    case 'multiclass':
      return encodeMulticlass(column, trainRows, path);
  }
}

function encodeRegression(spec: TargetSpec, column: Column, trainRows: Uint32Array, path: Path): EncodedTarget {
  const values = numbersOf(column) as Float64Array;
  const moments = momentsOf([{ values, trainRows }]);
  const findings: Finding[] = [];
  const constant = moments.minimum === moments.maximum;
  if (moments.count === 0) findings.push(noTrainingLabels(column, path));
  else if (constant) {
    const message = `Target ${code(column.name)} is ${moments.mean} in every training row, so there is nothing to learn.`;
    findings.push(warning('constant-target', [...path, 'target'], message));
  }
  const scaled = spec.scale === 'standard' && moments.count > 0;
  const mean = scaled ? moments.mean : 0;
  const deviation = scaled && !constant ? moments.deviation : 1;
  const labels = values.map((value) => (value - mean) / deviation);
  return { labels, outputs: 1, classes: [], mean, deviation, findings };
}

function encodeBinary(spec: TargetSpec, column: Column, trainRows: Uint32Array, path: Path): EncodedTarget {
  const { levels, codes } = levelsOf(column);
  const positive = positiveLevel(levels, spec.positive);
  const others = levels.filter((_, level) => level !== positive);
  const negative = others.length === 1 ? others[0] : `not ${levels[positive]}`;
  const labels = Float64Array.from(codes, (code) => (code < 0 ? NaN : code === positive ? 1 : 0));
  const seen = classesIn(labels, trainRows);
  const findings: Finding[] = [];
  if (seen.length === 0) findings.push(noTrainingLabels(column, path));
  else if (seen.length === 1) {
    const only = seen[0] === 1 ? levels[positive] : negative;
    findings.push(oneClass(column, only, path));
  }
  return { labels, outputs: 1, classes: [negative, levels[positive]], mean: 0, deviation: 1, findings };
}

function positiveLevel(levels: readonly string[], positive: TargetSpec['positive']): number {
  if (positive !== undefined) return positionOfLevel(levels, positive);
  const usual = levels.findIndex((level) => positiveWords.includes(level.toLowerCase()));
  return usual >= 0 ? usual : levels.length - 1;
}

function encodeMulticlass(column: Column, trainRows: Uint32Array, path: Path): EncodedTarget {
  const { levels, codes } = levelsOf(column);
  const seen = classesIn(codes, trainRows);
  const index = new Float64Array(levels.length).fill(NaN);
  seen.forEach((code, position) => (index[code] = position));
  const findings: Finding[] = [];
  if (seen.length === 0) findings.push(noTrainingLabels(column, path));
  else if (seen.length === 1) findings.push(oneClass(column, levels[seen[0]], path));
  else if (seen.length < levels.length) {
    const unseen = levels.filter((_, code) => Number.isNaN(index[code]));
    const message = `${counted(unseen.length, 'class', 'classes')} of ${code(column.name)} not in the training split: ${listed(unseen)}. Rows of these count in no split of this task.`;
    findings.push(warning('unseen-classes', [...path, 'target'], message));
  }
  return {
    labels: Float64Array.from(codes, (code) => (code < 0 ? NaN : index[code])),
    outputs: seen.length,
    classes: seen.map((code) => levels[code]),
    mean: 0,
    deviation: 1,
    findings,
  };
}

/** The different values at the given rows, ascending; NaN and -1 (missing) are none. */
export function classesIn(values: Float64Array | Int32Array, rows: Iterable<number>): number[] {
  const seen = new Set<number>();
  for (const row of rows) if (values[row] >= 0) seen.add(values[row]);
  return [...seen].sort((a, b) => a - b);
}

function noTrainingLabels(column: Column, path: Path): Finding {
  const message = `Target ${code(column.name)} has no value in the training split. Change the split, or choose another target.`;
  return error('no-labels', [...path, 'target'], message);
}

function oneClass(column: Column, only: string, path: Path): Finding {
  const message = `Target ${code(column.name)} is ${quoted(only)} in every training row; a class task needs two classes. Change the split, or choose another target.`;
  return error('one-class', [...path, 'target'], message);
}
