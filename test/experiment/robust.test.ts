import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { checkExperiment } from '../../src/experiment/check';
import { checkShape } from '../../src/experiment/checkShape';
import { applyOverrides } from '../../src/experiment/overrides';
import { experimentSchema } from '../../src/experiment/schema';
import { complete } from '../../src/language/complete';
import { hover } from '../../src/language/hover';
import { links } from '../../src/language/links';
import { symbols } from '../../src/language/symbols';
import { experiments } from './arbitrary';
import { everyKey } from './shapes';

const keys = [...new Set(everyKey().map(({ key }) => key.name))];
const scalars = fc.oneof(
  fc.constantFrom(
    'adam',
    'fixed',
    'hard',
    'rest',
    'binary',
    'related-regressions',
    'y1',
    '',
    null,
    true,
    0,
    -1,
    0.5,
    7,
  ),
  fc.string({ maxLength: 5 }),
);

/** Any tree of values under keys that an experiment knows, in places where they may be wrong. */
const { tree: trees } = fc.letrec((tie) => ({
  tree: fc.oneof({ maxDepth: 4 }, scalars, fc.array(tie('tree'), { maxLength: 3 }), tie('mapping')),
  mapping: fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string({ maxLength: 4 })), tie('tree'), { maxKeys: 6 }),
}));

test('a value is without findings exactly if the schema takes it', () => {
  fc.assert(
    fc.property(fc.oneof(experiments, trees), trees, fc.nat(), (value, other, at) => {
      for (const candidate of [value, replaced(value, at, other)]) {
        if (typeof candidate !== 'object' || candidate === null) continue;
        expect(checkShape(candidate).length === 0).toBe(experimentSchema.safeParse(candidate).success);
      }
    }),
    { numRuns: 1000 },
  );
});

test('a word says which of several mappings is meant, whatever words stand beside it', () => {
  const data = { generate: 'related-regressions', modality: 'speech', seed: 0 };
  const findings = checkShape({ name: 'x', tasks: { a: { target: 'y', kind: 'multiclass', data } } });
  expect(findings.map(({ code, path }) => [code, path])).toEqual([['unknown-key', ['tasks', 'a', 'data', 'modality']]]);
});

/** The value with one of its parts, chosen by a number, replaced. */
function replaced(value: unknown, at: number, other: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return other;
  const entries = Object.entries(value);
  if (entries.length === 0) return other;
  const chosen = at % entries.length;
  return Object.fromEntries(
    entries.map(([name, entry], index): [string, unknown] => {
      return [name, index === chosen ? replaced(entry, Math.floor(at / entries.length), other) : entry];
    }),
  );
}

const yaml = fc.array(
  fc.constantFrom(
    ...keys,
    ': ',
    ':',
    '\n',
    '\n  ',
    '\n    ',
    '- ',
    '[',
    ']',
    '{',
    '}',
    ', ',
    '"',
    "'",
    '#',
    ' # ',
    '|',
    '&a',
    '*a',
    '!',
    '---',
    '<<',
    '\t',
    '0',
    'x',
    '\\',
    '\r\n',
    '\u2028',
    '🧠',
    '%',
    '@',
    '`',
  ),
  { maxLength: 40 },
);

test('no text makes anything fail, and every place lies in the text', () => {
  fc.assert(
    fc.property(yaml, fc.nat(), (parts, at) => {
      const text = parts.join('');
      const lines = text.split('\n');
      const line = at % lines.length;
      const position = { line, column: at % (lines[line].length + 1) };
      for (const { range, message } of checkExperiment(text).problems) {
        expect(range.end.line).toBeLessThan(lines.length);
        expect(range.start.line).toBeLessThanOrEqual(range.end.line);
        expect(range.end.column).toBeLessThanOrEqual(lines[range.end.line].length);
        expect(message).toMatch(/[.?]$/);
      }
      for (const { range } of complete(text, position, [])) {
        expect(range.start.column).toBeLessThanOrEqual(position.column);
        expect(range.end.column).toBeGreaterThanOrEqual(position.column);
      }
      hover(text, position, []);
      symbols(text);
      links(text);
      applyOverrides(text, ['training.epochs=3', 'tasks.x.kind=binary']);
    }),
    // Found by chance: the YAML reader lost count of the lines behind its mistake, and read an anchor that it cannot write.
    {
      numRuns: 2000,
      examples: [
        [['name', ' # ', '\n    ', 'name', '\r\n', 'name'], 0],
        [[': ', '&a', '\u2028'], 0],
      ],
    },
  );
});

test('messages are sentences without the words of the libraries', () => {
  fc.assert(
    fc.property(experiments, trees, fc.nat(), (experiment, other, at) => {
      const text = stringify(replaced(experiment, at, other), { aliasDuplicateObjects: false });
      for (const { message, code } of checkExperiment(text).problems) {
        expect(message).toMatch(/^[`A-Z0-9].*[.?]$/s);
        expect(message).not.toMatch(/Invalid input|undefined|\[object|expected/);
        expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
        expect(code).not.toBe('invalid');
      }
    }),
    { numRuns: 500 },
  );
});
