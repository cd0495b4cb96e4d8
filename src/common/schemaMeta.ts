import { z } from 'zod';
import type { MethodDescription } from './method';

/** What a text in the experiment file names. The editor completes and explains it by this. */
export type Reference = 'column' | 'level' | 'task' | 'metric' | 'file';

declare module 'zod' {
  interface GlobalMeta {
    /** What the text, or every text of the list, names. */
    refersTo?: Reference;
    /** What each word of an enum means, in a sentence of Markdown. */
    words?: Readonly<Record<string, string>>;
    /** For a method: the table that its name is from. */
    methods?: readonly MethodDescription[];
    /** For `named`: the schema behind every name (typed loosely: a schema within this type makes it endless). */
    entries?: unknown;
    /** For `named`: what the names are names of. */
    namesReferTo?: Reference;
  }
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Values by names that people choose. Unlike `z.record` it keeps every name, `__proto__` included, as an own property.
 */
export function named<Value extends z.ZodType>(entries: Value, namesReferTo?: Reference) {
  const schema = z
    .preprocess(
      (value) => (isPlainObject(value) ? new Map(Object.entries(value)) : value),
      z.map(z.string().min(1), entries),
    )
    .transform((map) => Object.fromEntries(map))
    .meta({ entries, namesReferTo });
  return schema as unknown as z.ZodType<Record<string, z.output<Value>>, Record<string, z.input<Value>>>;
}

/** An enum whose words explain themselves: `{ word: what it means }`. */
export function words<const Words extends Readonly<Record<string, string>>>(meanings: Words) {
  return z.enum(Object.keys(meanings) as (keyof Words & string)[]).meta({ words: meanings });
}

/** A method as a table lists it: its description, and a schema of its options. */
interface Method extends MethodDescription {
  readonly options: z.ZodObject;
}

type WithName<One> = One extends { name: infer Name extends string; options: infer Options extends z.ZodObject }
  ? z.ZodObject<Options['shape'] & { name: z.ZodLiteral<Name> }>
  : never;

/**
 * One method of a table: its name alone, or an object of its `name` and options. The result is always the object, with
 * the defaults of the options.
 */
export function method<const Methods extends readonly [Method, ...Method[]]>(methods: Methods) {
  const [first, ...others] = methods.map(({ name, title, summary, options }) =>
    z
      .strictObject({ name: z.literal(name).meta({ description: 'Which method.' }) })
      .extend(options.shape)
      .meta({ title, description: summary }),
  );
  const schema = z
    .preprocess(
      (value) => (typeof value === 'string' ? { name: value } : value),
      z.discriminatedUnion('name', [first, ...others]),
    )
    .meta({ methods });
  type One = WithName<Methods[number]>;
  return schema as unknown as z.ZodType<z.output<One>, z.input<One> | Methods[number]['name']>;
}
