import { z } from 'zod';
import type { MethodDescription } from '../common/method';
import type { Reference } from '../common/schemaMeta';
import { experimentSchema } from './schema';

interface Common {
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly refersTo?: Reference;
  /** The value that stands where nothing is written; absent where there is none or where it is a whole section. */
  readonly default?: unknown;
}

/** A key of an object. */
export interface KeyShape {
  readonly name: string;
  readonly required: boolean;
  readonly value: Shape;
}

/** A word that can be written, and what it means. */
export interface Word {
  readonly name: string;
  readonly description: string;
  readonly method?: MethodDescription;
  /** Keys that must follow, so that the word alone does not do. */
  readonly needs?: readonly string[];
}

export interface ObjectShape extends Common {
  readonly type: 'object';
  readonly keys: ReadonlyMap<string, KeyShape>;
}

/** Values by names that the person chooses. */
export interface NamedShape extends Common {
  readonly type: 'named';
  readonly entries: Shape;
  readonly namesReferTo?: Reference;
}

export interface ListShape extends Common {
  readonly type: 'list';
  readonly element: Shape;
  readonly least: number;
}

export interface WordShape extends Common {
  readonly type: 'word';
  readonly words: readonly Word[];
  /** Set where the words are numbers. */
  readonly numeric?: true;
}

/** A text, a number or a truth value; `schema` judges it. */
export interface ScalarShape extends Common {
  readonly type: 'text' | 'number' | 'boolean';
  readonly schema: z.ZodType;
  /** Its limits, in the words of JSON Schema. */
  readonly limits: z.core.JSONSchema.BaseSchema;
}

/** One of several shapes. */
export interface EitherShape extends Common {
  readonly type: 'either';
  readonly options: readonly Shape[];
}

/** What may stand at a place of the experiment file: the schema as the checks, the editor and the documentation see it. */
export type Shape = ObjectShape | NamedShape | ListShape | WordShape | ScalarShape | EitherShape;

let whole: Shape | undefined;

/** The shape of the whole experiment file. */
export function experimentShape(): Shape {
  whole ??= shapeOf(experimentSchema);
  return whole;
}

function metaOf(schema: z.ZodType): z.GlobalMeta {
  return z.globalRegistry.get(schema) ?? {};
}

/** The shape of a schema; what an outer wrapper says of itself goes before what the inner schema says. */
export function shapeOf(schema: z.ZodType): Shape {
  return bare(schema, common(metaOf(schema)));
}

function common({ title, description, examples, refersTo }: z.GlobalMeta): Common {
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(Array.isArray(examples) && { examples: examples as readonly unknown[] }),
    ...(refersTo !== undefined && { refersTo }),
  };
}

function bare(schema: z.ZodType, own: Common): Shape {
  const meta = metaOf(schema);
  if (meta.methods && !(schema instanceof z.ZodEnum)) {
    const wrapped = unwrap(schema);
    if (wrapped === undefined) return { type: 'either', options: methodOptions(schema, meta.methods), ...own };
  }
  if (meta.entries) {
    const { namesReferTo } = meta;
    return {
      type: 'named',
      entries: shapeOf(meta.entries as z.ZodType),
      ...(namesReferTo && { namesReferTo }),
      ...own,
    };
  }
  const inner = unwrap(schema);
  if (inner) {
    const shape = shapeOf(inner);
    return { ...shape, ...own, ...defaultOf(schema) };
  }
  return primitive(schema, own, meta);
}

/** What a wrapper such as `optional` or `default` is around; undefined where there is none. */
function unwrap(schema: z.ZodType): z.ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return schema.def.innerType as z.ZodType;
  }
  return undefined;
}

/** What stands where nothing is written: of a method its name, of a section nothing that could be shown. */
function defaultOf(schema: z.ZodType): { default?: unknown } {
  if (!(schema instanceof z.ZodDefault) && !(schema instanceof z.ZodPrefault)) return {};
  const value: unknown = schema.def.defaultValue;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { default: value };
  return 'name' in value ? { default: value.name } : {};
}

function primitive(schema: z.ZodType, own: Common, meta: z.GlobalMeta): Shape {
  if (schema instanceof z.ZodObject) return { type: 'object', keys: keysOf(schema), ...own };
  if (schema instanceof z.ZodArray) {
    const { minItems } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
    return { type: 'list', element: shapeOf(schema.element as z.ZodType), least: minItems ?? 0, ...own };
  }
  if (schema instanceof z.ZodUnion) {
    return { type: 'either', options: schema.options.map((option) => shapeOf(option as z.ZodType)), ...own };
  }
  if (schema instanceof z.ZodEnum) {
    return { type: 'word', words: schema.options.map((name) => wordOf(String(name), meta)), ...own };
  }
  if (schema instanceof z.ZodLiteral) {
    const words = [...schema.values].map((name) => ({ name: String(name), description: own.description ?? '' }));
    const numeric = [...schema.values].every((value) => typeof value === 'number');
    return { type: 'word', words, ...(numeric && { numeric }), ...own };
  }
  const limits = z.toJSONSchema(schema);
  const scalar = { schema, limits, ...own };
  if (schema instanceof z.ZodString) return { type: 'text', ...scalar };
  if (schema instanceof z.ZodNumber) return { type: 'number', ...scalar };
  if (schema instanceof z.ZodBoolean) return { type: 'boolean', ...scalar };
  throw new Error(`The experiment schema uses ${schema.def.type}, which src/experiment/shape.ts does not know.`);
}

function keysOf(schema: z.ZodObject): Map<string, KeyShape> {
  return new Map(
    Object.entries(schema.shape).map(([name, value]) => {
      const required = !(value as z.ZodType).safeParse(undefined).success;
      return [name, { name, required, value: shapeOf(value as z.ZodType) }];
    }),
  );
}

function wordOf(name: string, { words, methods }: z.GlobalMeta): Word {
  const method = methods?.find((candidate) => candidate.name === name);
  const described = words && Object.hasOwn(words, name) ? words[name] : '';
  return { name, description: method?.summary ?? described, ...(method && { method }) };
}

function methodOptions(schema: z.ZodType, methods: readonly MethodDescription[]): Shape[] {
  const union = (schema as z.ZodPipe).def.out as z.ZodDiscriminatedUnion;
  const objects = union.options.map((option, index): ObjectShape => {
    const shape = shapeOf(option as z.ZodType) as ObjectShape;
    const name = shape.keys.get('name')!;
    const words = [wordOf(methods[index].name, { methods })];
    return {
      ...shape,
      keys: new Map([...shape.keys, ['name', { ...name, value: { ...name.value, words } as WordShape }]]),
    };
  });
  const words = methods.map(({ name }, index) => {
    const needs = [...objects[index].keys.values()].filter((key) => key.required && key.name !== 'name');
    return { ...wordOf(name, { methods }), ...(needs.length > 0 && { needs: needs.map((key) => key.name) }) };
  });
  return [{ type: 'word', words }, ...objects];
}
