import { nearest } from './nearest';
import type { Path } from './problem';
import type { EitherShape, KeyShape, NamedShape, ObjectShape, Shape, WordShape } from './shape';

/** A YAML mapping as a plain object. */
export type Mapping = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The one of several shapes that a person who wrote this value meant, though the value may be incomplete or wrong;
 * undefined where the value is of a kind that no option takes.
 * Of an object with a key that tells the options apart (such as `name`), the result offers the words of all options there.
 */
function branchOf({ options }: EitherShape, value: unknown): Shape | undefined {
  let best: Shape | undefined;
  let bestFit = -Infinity;
  for (const option of isMapping(value) ? toldBy(value, options) : options) {
    if (!takes(option, value)) continue;
    const fit = isMapping(value) ? mappingFit(option, value) : 1;
    if (fit > bestFit) [best, bestFit] = [option, fit];
  }
  return best?.type === 'object' ? withAllWords(best, options) : best;
}

/** The options that a word in the value names, by a key whose words tell options apart; all of them where none does. */
function toldBy(value: Mapping, options: readonly Shape[]): readonly Shape[] {
  const named = options.filter(
    (option) =>
      option.type === 'object' &&
      [...option.keys.values()].some((key) => hasWord(key, value[key.name]) && tellsApart(key, options)),
  );
  return named.length > 0 ? named : options;
}

function tellsApart({ name, value }: KeyShape, options: readonly Shape[]): boolean {
  return options.some((option) => {
    const other = option.type === 'object' ? option.keys.get(name)?.value : undefined;
    return (
      value.type === 'word' && other?.type === 'word' && value.words.some(({ name: word }) => !includes(other, word))
    );
  });
}

function hasWord({ value: shape }: KeyShape, value: unknown): boolean {
  return shape.type === 'word' && typeof value === 'string' && includes(shape, value);
}

function includes({ words }: WordShape, value: string): boolean {
  return words.some(({ name }) => name === value);
}

/**
 * The shapes that a value can still grow into: of alternatives those that know every key that is written, or else the
 * one that is meant most probably.
 */
export function openShapes(shape: Shape, value: unknown): readonly Shape[] {
  if (shape.type !== 'either') return [shape];
  const options = shape.options.flatMap((option) => openShapes(option, value));
  if (value === null || value === undefined) return options;
  const open = options.filter((option) => takes(option, value) && (!isMapping(value) || knowsAll(option, value)));
  if (open.length > 0) return open;
  const meant = resolve(shape, value);
  return meant ? [meant] : [];
}

function knowsAll(shape: Shape, value: Mapping): boolean {
  if (shape.type === 'named')
    return Object.values(value).every((entry) => entry === null || takes(shape.entries, entry));
  if (shape.type !== 'object') return false;
  return Object.entries(value).every(([name, entry]) => {
    const key = shape.keys.get(name);
    if (key?.value.type !== 'word') return key !== undefined;
    return entry === null || key.value.words.some((word) => word.name === entry);
  });
}

/** The shape behind any alternatives, for this value. */
export function resolve(shape: Shape, value: unknown): Shape | undefined {
  if (shape.type !== 'either') return shape;
  const branch = branchOf(shape, value);
  return branch && resolve(branch, value);
}

/** What may stand at a path, where the values around it decide between alternatives; undefined where nothing may. */
export function shapeAt(shape: Shape, value: unknown, path: Path): Shape | undefined {
  if (path.length === 0) return shape;
  const [step, ...rest] = path;
  const meant = resolve(shape, value) ?? resolve(shape, typeof step === 'number' ? [] : {});
  const inner = meant && shapeBelow(meant, step);
  return inner && shapeAt(inner, valueBelow(value, step), rest);
}

function shapeBelow(shape: Shape, step: string | number): Shape | undefined {
  if (shape.type === 'list') return shape.element;
  if (shape.type === 'named') return shape.entries;
  return shape.type === 'object' ? shape.keys.get(String(step))?.value : undefined;
}

/** The value behind a key or an index; undefined where there is none. */
export function valueBelow(value: unknown, step: string | number): unknown {
  if (Array.isArray(value)) return value[Number(step)];
  return isMapping(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

/** Whether the value is of the shape's kind, whatever is in it. */
export function takes(shape: Shape, value: unknown): boolean {
  switch (shape.type) {
    case 'text':
      return typeof value === 'string';
    case 'word':
      return typeof value === (shape.numeric ? 'number' : 'string');
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint';
    case 'boolean':
      return typeof value === 'boolean';
    case 'list':
      return Array.isArray(value);
    case 'named':
    case 'object':
      return isMapping(value);
    case 'either':
      return shape.options.some((option) => takes(option, value));
  }
}

function mappingFit(shape: Shape, value: Mapping): number {
  if (shape.type === 'named') return namedFit(shape, value);
  return shape.type === 'object' ? objectFit(shape, value) : 0;
}

function namedFit({ entries }: NamedShape, value: Mapping): number {
  return mean(Object.values(value).map((entry) => (takes(entries, entry) ? 1 : entry === null ? 0 : -0.3)));
}

function objectFit({ keys }: ObjectShape, value: Mapping): number {
  const missing = [...keys.values()].filter(({ name, required }) => required && !Object.hasOwn(value, name)).length;
  const fits = Object.entries(value).map(([name, entry]) => {
    const key = keys.get(name);
    if (key === undefined) return nearest(name, keys.keys()) === undefined ? -0.5 : 0.4;
    return keyFit(key, entry);
  });
  return mean(fits) - 0.1 * missing;
}

function keyFit({ value: shape }: KeyShape, entry: unknown): number {
  if (shape.type === 'word' && typeof entry === 'string') return includes(shape, entry) ? 1 : 0;
  if (entry === null) return 0.5;
  return takes(shape, entry) ? 1 : 0;
}

function mean(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function withAllWords(shape: ObjectShape, options: readonly Shape[]): ObjectShape {
  const widened = [...shape.keys.values()].flatMap((key): [string, KeyShape][] => {
    if (key.value.type !== 'word') return [];
    const words = options.flatMap((option) => {
      const other = option.type === 'object' ? option.keys.get(key.name)?.value : undefined;
      return other?.type === 'word' ? other.words : [];
    });
    return words.length > key.value.words.length ? [[key.name, { ...key, value: { ...key.value, words } }]] : [];
  });
  return widened.length === 0 ? shape : { ...shape, keys: new Map([...shape.keys, ...widened]) };
}
