import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkExperiment } from '../../src/experiment/check';
import { codeLenses } from '../../src/language/codeLenses';
import { complete } from '../../src/language/complete';
import { hover } from '../../src/language/hover';
import { links } from '../../src/language/links';
import { symbols } from '../../src/language/symbols';
import { tables } from './marked';

const folder = new URL('../../examples/', import.meta.url);
const examples = readdirSync(folder)
  .filter((name) => name.endsWith('.mtl.yaml'))
  .map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const);

/** The shortest of several calls, in milliseconds: what it takes when nothing else keeps the machine busy. */
function shortest(work: () => unknown, calls = 30): number {
  const times = Array.from({ length: calls }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return Math.min(...times);
}

describe.each(examples)('%s', (_, text) => {
  test('everything that the editor asks for while typing takes less than 10 ms', () => {
    let call = 0;
    const edited = () => `${text}# ${call++}\n`;
    const line = text.split('\n').findIndex((content) => /^ {2}\w+:/.test(content));
    const position = { line, column: 3 };
    for (const work of [
      () => checkExperiment(edited()),
      () => complete(edited(), position, tables),
      () => hover(edited(), position, tables),
      () => codeLenses(edited()),
      () => symbols(edited()),
      () => links(edited()),
    ]) {
      expect(shortest(work)).toBeLessThan(10);
    }
  });

  test('no cut and no cursor makes it fail', () => {
    for (let cut = 0; cut <= text.length; cut += 7) {
      const part = text.slice(0, cut);
      const lines = part.split('\n');
      const position = { line: lines.length - 1, column: lines.at(-1)!.length };
      const whole = [
        checkExperiment(part),
        hover(part, position, tables),
        symbols(part),
        links(part),
        codeLenses(part),
      ];
      for (const { range } of [...complete(part, position, tables), ...complete(text, position, tables)]) {
        expect(range.start.line).toBe(position.line);
        expect(range.start.column).toBeLessThanOrEqual(position.column);
        expect(range.end.column).toBeGreaterThanOrEqual(position.column);
      }
      expect(whole).toHaveLength(5);
    }
  });
});

test('a file of 2000 tasks, each with a mistake, is checked, completed and explained in less than a second', () => {
  const tasks = Array.from({ length: 2000 }, (_, index) => `  task ${index}: { target: y${index}, kind: binry }`);
  const text = ['name: many', 'data: { source: many.csv }', 'tasks:', ...tasks, ''].join('\n');
  const column = text.split('\n')[1000].indexOf('binry');
  const once = shortest(() => {
    expect(checkExperiment(text).problems).toHaveLength(2000);
    expect(complete(text, { line: 1000, column }, [])).toHaveLength(3);
    expect(hover(text, { line: 1000, column: 4 }, [])?.markdown).toContain('task 997');
  }, 4);
  expect(once).toBeLessThan(1000);
});
