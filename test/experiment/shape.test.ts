import { describe, expect, test } from 'vitest';
import { experimentShape } from '../../src/experiment/shape';
import type { Shape } from '../../src/experiment/shape';
import { everyKey, everyMethod } from './shapes';

describe.each(everyKey().map(({ path, key }) => [path.join('.'), key] as const))('%s', (_, { value }) => {
  test('says in a sentence what it is for', () => {
    expect(value.description).toMatch(/^(`|[A-Z]).*\.$/s);
  });

  test('explains each of its words', () => {
    for (const { description } of wordsOf(value)) expect(description).toMatch(/^(`|[A-Z]).*\.$/s);
  });
});

test.each(everyMethod.map((method) => [method.name, method] as const))('%s describes itself', (_, method) => {
  expect(method.title).not.toBe('');
  expect(method.summary).toMatch(/^[A-Z][^\n]*\.$/);
  expect(method.details).toMatch(/\$.+\$/s);
});

test('the root is a mapping that needs a name and tasks', () => {
  const shape = experimentShape();
  const required = shape.type === 'object' ? [...shape.keys.values()].filter((key) => key.required) : [];
  expect(required.map(({ name }) => name)).toEqual(['name', 'tasks']);
});

function wordsOf(shape: Shape): readonly { readonly description: string }[] {
  if (shape.type === 'word') return shape.words;
  if (shape.type === 'list') return wordsOf(shape.element);
  return shape.type === 'either' ? shape.options.flatMap(wordsOf) : [];
}
