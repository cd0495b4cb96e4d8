import { expect, test } from 'vitest';
import { formatProblem, placeFindings } from '../../src/experiment/place';
import type { Path } from '../../src/experiment/problem';

const text = `name: x
data:
  source: [a.csv,
    b.csv]
  split: { train: 0.5 }
tasks:
  "1": { target: y, kind: binary }
  __proto__:
    target: 'the target' # here
    kind: binary
training:
`;

/** The marked part of the text. */
function markedAt(path: Path, atKey = false): string {
  const [{ range }] = placeFindings(text, [{ code: 'any', severity: 'error', message: 'm', path, atKey }]);
  const lines = text.split('\n');
  expect(range.start.line).toBe(range.end.line);
  return `${range.start.line + 1}: ${lines[range.start.line].slice(range.start.column, range.end.column)}`;
}

test.each<[what: string, path: Path, atKey: boolean, marked: string]>([
  ['a value', ['name'], false, '1: x'],
  ['a key', ['name'], true, '1: name'],
  ['the whole file', [], false, '1: name'],
  ['a quoted value', ['tasks', '__proto__', 'target'], false, "9: 'the target'"],
  ['an item', ['data', 'source', 1], false, '4: b.csv'],
  ['a section on one line', ['data', 'split'], false, '5: { train: 0.5 }'],
  ['a section on several lines: its key', ['data'], false, '2: data'],
  ['a list on several lines: its key', ['data', 'source'], false, '3: source'],
  ['a key that looks like a number', ['tasks', '1'], true, '7: "1"'],
  ['a key of a nasty name', ['tasks', '__proto__'], true, '8: __proto__'],
  ['a default that is not written: the section', ['data', 'split', 'test'], false, '5: split'],
  ['a default in a section that is not written', ['model', 'encoder', 'layers'], false, '1: name'],
  ['an empty section', ['training', 'epochs'], false, '11: training'],
  ['an item beyond the end', ['data', 'source', 7], false, '3: source'],
])('%s', (_, path, atKey, marked) => {
  expect(markedAt(path, atKey)).toBe(marked);
});

test('lines and columns are counted from 1 where people read them', () => {
  const [problem] = placeFindings(text, [
    { code: 'any', severity: 'warning', message: 'Look here.', path: ['data', 'source', 1] },
  ]);
  expect(formatProblem('folder/a.mtl.yaml', problem)).toBe('folder/a.mtl.yaml:4:5: warning: Look here.');
});

test('an empty text has a place, too', () => {
  const [{ range }] = placeFindings('', [{ code: 'any', severity: 'error', message: 'm', path: ['a', 0] }]);
  expect(range).toEqual({ start: { line: 0, column: 0 }, end: { line: 0, column: 0 } });
});
