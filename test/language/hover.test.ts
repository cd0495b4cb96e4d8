import { describe, expect, test } from 'vitest';
import { plainFormula } from '../../src/language/formula';
import { hover } from '../../src/language/hover';
import { everyKey, everyMethod, methodsByKey } from '../experiment/shapes';
import { marked, tables } from './marked';

function hoverAt(source: string): string | undefined {
  const { text, position } = marked(source);
  return hover(text, position, tables)?.markdown;
}

describe('keys', () => {
  test('title, meaning, range and default', () => {
    expect(hoverAt('training: { epo|chs: 5 }')).toBe(
      '`epochs`\n\nPasses over the training rows, at most.\n\nTakes a whole number from 1 to 100000. Default: `20`.',
    );
    expect(hoverAt('training: { see|ds: [5] }')).toContain('Default: `[1]`. Example: `[1, 2, 3]`.');
    expect(hoverAt('tasks: { a: { kin|d: binary } }')).toContain('Required.');
  });

  test('of the alternative that is meant', () => {
    expect(hoverAt('data: { split: { tes|t: 0.2 } }')).toContain('Share of rows for the final figures');
    expect(hoverAt('data: { split: { column: fold, tes|t: [1] } }')).toContain('Values of the test split.');
    expect(hoverAt('data: { generate: two-modalities, nois|e: 2 }')).toContain('around the classes');
  });

  test('a task by its name, whatever it is', () => {
    expect(hoverAt('tasks: { "`|<b>": { target: y } }')).toBe(
      '**Task** ``  `<b> ``\n\nWhat is predicted, from which rows.'.replace('``  `', '`` `'),
    );
    expect(hoverAt('tasks: { __pro|to__: { target: y } }')).toContain('**Task** `__proto__`');
  });

  test('the word is the range', () => {
    const { text, position } = marked('name: x\ntraining: { epo|chs: 5 }');
    expect(hover(text, position, [])?.range).toEqual({ start: { line: 1, column: 12 }, end: { line: 1, column: 18 } });
  });
});

describe('values', () => {
  test('columns with their kind, missing values and levels', () => {
    expect(hoverAt('tasks: { a: { target: marital st|atus } }')).toBe(
      'Column `marital status`\n\nTexts.\n\nMissing in 1 row.\n\nValues: `Never married`, `Married: civilian`, `50000+.`',
    );
    expect(hoverAt('inputs: { exclude: [ag|e] }')).toContain('Missing in 3 rows.');
    expect(hoverAt('tasks: { speech: { data: { source: a }, target: dig|it } }')).toContain('Values: `0`, `1`');
  });

  test('levels with their column', () => {
    const source = 'tasks: { a: { target: marital status, kind: binary, positive: Never mar|ried } }';
    expect(hoverAt(source)).toContain('Value `Never married` of:\n\nColumn `marital status`');
  });

  test('words', () => {
    expect(hoverAt('tasks: { a: { loss: hub|er } }')).toContain('(Huber, 1964)');
    expect(hoverAt('training: { stopEarly: { metric: au|c } }')).toContain('ROC curve');
  });

  test.each([
    ['a free text', 'name: some| name'],
    ['a number', 'training: { epochs: 2|0 }'],
    ['an unknown key', 'trainning|: {}'],
    ['an unknown column', 'tasks: { a: { target: nob|ody } }'],
    ['an empty line', 'name: x\n|\n'],
    ['a comment', 'name: x # wh|y'],
  ])('nothing for %s', (_, source) => {
    expect(hoverAt(source)).toBeUndefined();
  });
});

describe.each(methodsByKey)('%s', (path, table) => {
  test.each(table.map((method) => [method.name, method] as const))('%s is explained', (name, method) => {
    const [section, key] = path.split('.');
    const value = `${name.slice(0, 1)}|${name.slice(1)}`;
    const markdown = hoverAt(`${section}: { ${key}: ${key === 'measures' ? `[${value}]` : value} }`);
    expect(markdown).toContain(`**${method.title}** (\`${name}\`)`);
    expect(markdown).toContain(method.summary);
    if (method.source !== undefined) expect(markdown).toContain(method.source);
  });
});

describe('formulas in plain characters', () => {
  test.each([
    ['L = \\sum_t w_t L_t', 'L = Σₜ wₜ Lₜ'],
    ['\\frac{g_i^\\top g_j}{\\lVert g_i \\rVert \\lVert g_j \\rVert}', '(gᵢᵀ gⱼ) / (‖gᵢ‖ ‖gⱼ‖)'],
    ['\\theta \\leftarrow \\theta - \\eta\\, \\hat m / (\\sqrt{\\hat v} + \\epsilon)', 'θ ← θ - η m̂ / (√(v̂) + ε)'],
    ['x^{2n} + y_{ij}', 'x²ⁿ + yᵢⱼ'],
    ['w_{Q}', 'w_(Q)'],
    ['[-1, 1]', '[-1, 1]'],
  ])('%s', (formula, plain) => {
    expect(plainFormula(formula)).toBe(plain);
  });

  test.each(everyMethod.map(({ name, details }) => [name, details] as const))('all of %s', (_, details) => {
    for (const [, formula] of details.matchAll(/\$([^$]+)\$/g)) {
      expect(plainFormula(formula)).not.toMatch(/[\\{}$]/);
    }
  });
});

test('every key that can be written at the first level has a hover', () => {
  for (const { path } of everyKey().filter((key) => key.path.length === 1)) {
    expect(hoverAt(`|${path[0]}: 1`)).toContain(`\`${path[0]}\``);
  }
});
