import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { experimentJsonSchema } from '../../src/experiment/jsonSchema';
import { experiments } from './arbitrary';
import { everyKey } from './shapes';

test('it takes every experiment that the schema takes', () => {
  const validator = z.fromJSONSchema(experimentJsonSchema());
  fc.assert(
    fc.property(experiments, (experiment) => {
      expect(validator.safeParse(JSON.parse(JSON.stringify(experiment))).error).toBeUndefined();
    }),
    { numRuns: 100 },
  );
});

test.each([
  ['an unknown key', { epoch: 3 }],
  ['a wrong type', { description: 3 }],
  ['a number out of range', { training: { epochs: 0 } }],
  ['an unknown word', { engine: 'gpu' }],
  ['a method without what it needs', { training: { weighting: 'fixed' } }],
  ['an empty list', { training: { seeds: [] } }],
])('it refuses %s', (_, wrong) => {
  const validator = z.fromJSONSchema(experimentJsonSchema());
  const right = { name: 'x', data: { source: 'a.csv' }, tasks: { a: { target: 'y', kind: 'binary' } } };
  expect(validator.safeParse(right).success).toBe(true);
  expect(validator.safeParse({ ...right, ...wrong }).success).toBe(false);
});

test('it is draft 7 and describes every key', () => {
  const schema = experimentJsonSchema();
  expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
  const text = JSON.stringify(schema);
  for (const { key } of everyKey()) expect(text).toContain(JSON.stringify(key.value.description));
  expect(text).not.toContain('9007199254740991');
});
