import type { Data, FileData, Split } from '../dataSchema';
import type { Finding, Path } from '../problem';
import { code } from '../wording';
import { checkCorrelation } from './correlation';
import { error, information, warning } from './findings';
import { queryMistake } from './query';

/** A table that cannot be had as it is written, and splits that cannot be made. */
export function checkData(data: Data, path: Path): Finding[] {
  const split = checkSplit(data.split, [...path, 'split']);
  if (!('generate' in data)) return [...checkFiles(data, path), ...split];
  return data.generate === 'related-regressions' ? [...checkCorrelation(data, path), ...split] : split;
}

function checkFiles({ source, query }: FileData, path: Path): Finding[] {
  if (source === undefined && query === undefined) {
    const message = 'It is not said where the rows come from. Add `source` with a file, a `query`, or `generate`.';
    return [error('no-source', path, message, { atKey: true })];
  }
  const mistake = query === undefined ? undefined : queryMistake(query);
  return mistake === undefined ? [] : [error('not-a-query', [...path, 'query'], mistake)];
}

function checkSplit(split: Split, path: Path): Finding[] {
  const ofRows = 'column' in split ? checkColumnSplit(split, path) : checkFractions(split, path);
  if (split.trainSeed === undefined || split.trainFraction !== undefined) return ofRows;
  const message = '`trainSeed` has no effect without `trainFraction`: all training rows are used. Take it out.';
  return [...ofRows, warning('setting-without-effect', [...path, 'trainSeed'], message, { atKey: true })];
}

function checkColumnSplit(split: Extract<Split, { column: string }>, path: Path): Finding[] {
  const owners = new Map<string, string>();
  const findings: Finding[] = [];
  for (const name of ['train', 'validation', 'test'] as const) {
    for (const [index, value] of (split[name] ?? []).entries()) {
      const owner = owners.get(String(value));
      owners.set(String(value), name);
      if (owner === undefined) continue;
      const message =
        owner === name
          ? `${code(String(value))} is named twice here. Take one of them out.`
          : `${code(String(value))} is in ${code(owner)}, too. A row is in one split alone: take it out of one of them.`;
      findings.push(error('value-in-two-splits', [...path, name, index], message));
    }
  }
  return findings;
}

function checkFractions(split: Exclude<Split, { column: string }>, path: Path): Finding[] {
  const { train, validation, test } = split;
  if (train === 0) {
    return [error('no-training-rows', [...path, 'train'], 'No row is left to train on. Make `train` more than 0.')];
  }
  const sum = train + validation + test;
  const parts = `\`train\` ${train}, \`validation\` ${validation} and \`test\` ${test}`;
  const total = Number(sum.toFixed(6));
  if (sum > 1 + 1e-9) {
    const message = `The fractions ${parts} make ${total}, which is more than 1. Lower one of them.`;
    return [error('fractions-exceed-one', path, message, { atKey: true })];
  }
  if (sum > 1 - 1e-6) return [];
  const message = `The fractions ${parts} make ${total}: the other rows are not used.`;
  return [information('rows-not-used', path, message, { atKey: true })];
}
