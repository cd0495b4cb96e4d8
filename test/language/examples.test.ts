import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { isMap, parseDocument, visit } from 'yaml';
import { checkExperiment } from '../../src/experiment/check';
import { positionAt, sharedDocument } from '../../src/experiment/document';
import { complete } from '../../src/language/complete';
import { hover } from '../../src/language/hover';

const folder = new URL('../../examples/', import.meta.url);
const examples = readdirSync(folder)
  .filter((name) => name.endsWith('.mtl.yaml'))
  .map((name) => [name, readFileSync(new URL(name, folder), 'utf8')] as const);

/** Where each key of a text stands. */
function keyOffsets(text: string): { key: string; offset: number }[] {
  const found: { key: string; offset: number }[] = [];
  visit(parseDocument(text), {
    Pair(_, { key }) {
      const scalar = key as { value: unknown; range?: [number, number, number] };
      if (scalar.range) found.push({ key: String(scalar.value), offset: scalar.range[0] });
    },
  });
  return found;
}

describe.each(examples)('the example %s', (_, text) => {
  test('has no error and no warning', () => {
    expect(checkExperiment(text).problems).toEqual([]);
  });

  test('every key explains itself', () => {
    const { lines } = sharedDocument(text);
    const silent = keyOffsets(text).filter(({ offset }) => !hover(text, positionAt(lines, offset), [])?.markdown);
    expect(silent).toEqual([]);
  });

  test('keys that are not there are offered', () => {
    const rest = text.replace(/^training:$/m, 'training:\n  ');
    const line = rest.split('\n').indexOf('training:') + 1;
    const offered = complete(rest, { line, column: 2 }, []).map(({ label }) => label);
    const training = parseDocument(text).get('training');
    const present = isMap(training) ? training.items.map(({ key }) => String(key)) : [];
    expect(present.length).toBeGreaterThan(0);
    expect(offered).toContain('weightDecay');
    for (const key of present) expect(offered).not.toContain(key);
  });
});
