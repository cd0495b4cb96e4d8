import { experimentShape } from './shape';
import type { KeyShape, ScalarShape, Shape, WordShape } from './shape';

type JsonSchema = Readonly<Record<string, unknown>>;

/** The form of an experiment file as JSON Schema, draft 7, for editors and other programs. */
export function experimentJsonSchema(): JsonSchema {
  return { $schema: 'http://json-schema.org/draft-07/schema#', ...schemaOf(experimentShape()) };
}

function schemaOf(shape: Shape): JsonSchema {
  const { title, description, examples } = shape;
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...bare(shape),
    ...('default' in shape && { default: shape.default }),
    ...(examples !== undefined && { examples }),
  };
}

function bare(shape: Shape): JsonSchema {
  switch (shape.type) {
    case 'object':
      return objectSchema([...shape.keys.values()]);
    case 'named':
      return { type: 'object', propertyNames: { minLength: 1 }, additionalProperties: schemaOf(shape.entries) };
    case 'list':
      return { type: 'array', items: schemaOf(shape.element), ...(shape.least > 0 && { minItems: shape.least }) };
    case 'word':
      return wordSchema(shape);
    case 'either':
      return { anyOf: shape.options.map(schemaOf) };
    case 'text':
    case 'number':
    case 'boolean':
      return scalarSchema(shape);
  }
}

function objectSchema(keys: readonly KeyShape[]): JsonSchema {
  const required = keys.filter((key) => key.required).map(({ name }) => name);
  return {
    type: 'object',
    properties: Object.fromEntries(keys.map(({ name, value }) => [name, schemaOf(value)])),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  };
}

/** A word that needs more keys cannot stand alone. */
function wordSchema({ words, numeric }: WordShape): JsonSchema {
  const alone = words.filter(({ needs }) => needs === undefined);
  return {
    type: numeric ? 'number' : 'string',
    enum: alone.map(({ name }) => (numeric ? Number(name) : name)),
    markdownEnumDescriptions: alone.map(({ description }) => description),
  };
}

/** Limits as they are, without those that say no more than that numbers are numbers. */
function scalarSchema({ limits }: ScalarShape): JsonSchema {
  const { type, minLength, maxLength, minimum, maximum, exclusiveMinimum, exclusiveMaximum } = limits;
  const facts = { minLength, maxLength, minimum, maximum, exclusiveMinimum, exclusiveMaximum };
  const stated = Object.entries(facts).filter(
    ([, value]) => typeof value === 'number' && Math.abs(value) !== Number.MAX_SAFE_INTEGER,
  );
  return { type, ...Object.fromEntries(stated) };
}
