import { describe, expect, test } from 'vitest';
import { checkExperiment } from '../../src/experiment/check';
import type { Problem } from '../../src/experiment/problem';
import { codeLenses } from '../../src/language/codeLenses';
import { links } from '../../src/language/links';
import { quickFixes } from '../../src/language/quickFixes';
import { symbols } from '../../src/language/symbols';
import type { OutlineSymbol } from '../../src/language/symbols';

describe('code lenses', () => {
  test('above the first key', () => {
    const at = { start: { line: 1, column: 0 }, end: { line: 1, column: 4 } };
    expect(codeLenses('# About\nname: x\ndata: {}\n')).toEqual([
      { range: at, title: 'Run', command: 'run' },
      { range: at, title: 'Validate', command: 'validate' },
    ]);
  });

  test('in a broken and in an empty file, too', () => {
    expect(codeLenses('name: [')).toHaveLength(2);
    expect(codeLenses('')[0].range.start).toEqual({ line: 0, column: 0 });
  });
});

describe('the outline', () => {
  const text = `name: The name
data: { source: a.csv }
tasks:
  first: { target: y1, kind: regression }
  __proto__:
    target: y2
    kind: binary
training:
  epochs: 5
`;

  function lines(list: readonly OutlineSymbol[], indent = ''): string[] {
    return list.flatMap((symbol) => [
      `${indent}${symbol.kind} ${symbol.name}${symbol.detail && `: ${symbol.detail}`}`,
      ...lines(symbol.children, `${indent}  `),
    ]);
  }

  test('has sections, tasks with what they predict, and plain values', () => {
    expect(lines(symbols(text))).toEqual([
      'key name: The name',
      'section data',
      '  key source: a.csv',
      'section tasks',
      '  task first: regression · y1',
      '  task __proto__: binary · y2',
      'section training',
      '  key epochs: 5',
    ]);
  });

  test('the range of a symbol holds its key and its children', () => {
    const tasks = symbols(text)[2];
    expect(tasks.range).toEqual({ start: { line: 2, column: 0 }, end: { line: 6, column: 16 } });
    expect(tasks.selectionRange).toEqual({ start: { line: 2, column: 0 }, end: { line: 2, column: 5 } });
  });

  test.each(['', 'a list', '- a', ': x', '"": x', 'name:', '[', '? [a]\n: b'])(
    '%j gives no symbol without a name',
    (odd) => {
      for (const { name } of symbols(odd)) expect(name.trim()).not.toBe('');
    },
  );
});

test('links lead to data files, but not to patterns and addresses', () => {
  const text = `data: { source: [a.csv, "b c.csv", "*.csv", "https://host/x.csv"] }
tasks:
  t: { data: { source: ../t.parquet } }
  u: { data: { generate: two-modalities } }
`;
  expect(links(text)).toEqual([
    { target: 'a.csv', range: { start: { line: 0, column: 17 }, end: { line: 0, column: 22 } } },
    { target: 'b c.csv', range: { start: { line: 0, column: 24 }, end: { line: 0, column: 33 } } },
    { target: '../t.parquet', range: { start: { line: 2, column: 23 }, end: { line: 2, column: 35 } } },
  ]);
});

describe('quick fixes', () => {
  function fixed(text: string): string {
    const fixes = checkExperiment(text).problems.flatMap((problem) => quickFixes(problem));
    const lines = text.split('\n');
    for (const { range, newText } of [...fixes].reverse()) {
      const line = lines[range.start.line];
      lines[range.start.line] = line.slice(0, range.start.column) + newText + line.slice(range.end.column);
    }
    return lines.join('\n');
  }

  test.each([
    ['trainning: { epoch: 5 }', 'training: { epoch: 5 }'],
    ['training: { epochs: "5", seeds: 3, optimizer: addam }', 'training: { epochs: 5, seeds: [3], optimizer: adam }'],
    ['name: 5', 'name: "5"'],
    ['data: { header: yes }', 'data: { header: true }'],
    ['inputs: { exclude: a, b }', 'inputs: { exclude: ["a"], b }'],
  ])('%s', (before, after) => {
    expect(fixed(before)).toBe(after);
  });

  test.each([
    ['column-not-found', 'marital status', 'marital status'],
    ['column-not-found', '5', '"5"'],
    ['column-not-found', 'a: b', '"a: b"'],
    ['column-not-found', 'a, b', '"a, b"'],
    ['unknown-task', 'true', '"true"'],
    ['value-not-found', '5', '5'],
    ['value-not-found', '007', '"007"'],
    ['value-not-found', '# x', '"# x"'],
  ])('%s: the suggestion %j is written as %s', (code, suggestion, newText) => {
    const start = { line: 0, column: 0 };
    const problem: Problem = {
      code,
      severity: 'error',
      message: 'm',
      path: [],
      suggestion,
      range: { start, end: start },
    };
    expect(quickFixes(problem)).toEqual([{ title: `Replace with ${newText}`, range: problem.range, newText }]);
  });

  test('none where nothing is suggested', () => {
    expect(checkExperiment('name: x').problems.flatMap((problem) => quickFixes(problem))).toEqual([]);
  });
});
