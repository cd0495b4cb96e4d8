import { isMapping, resolve, takes } from './branch';
import type { Mapping } from './branch';
import { nearest } from './nearest';
import type { Finding, Path } from './problem';
import { experimentShape } from './shape';
import type { ListShape, NamedShape, ObjectShape, ScalarShape, Shape, WordShape } from './shape';
import { code, described, enumerate, expected, subject } from './wording';

/** Where a value breaks the form of an experiment file: keys, types, ranges and words. */
export function checkShape(value: unknown): Finding[] {
  return [...findingsAt(experimentShape(), value, [])];
}

function* findingsAt(shape: Shape, value: unknown, path: Path): Generator<Finding> {
  if (value === null || value === undefined) {
    yield emptyValue(shape, path);
    return;
  }
  const meant = resolve(shape, value);
  if (meant === undefined || !takes(meant, value)) {
    yield wrongType(shape, value, path);
    return;
  }
  switch (meant.type) {
    case 'object':
      yield* inObject(meant, value as Mapping, path);
      return;
    case 'named':
      yield* inNamed(meant, value as Mapping, path);
      return;
    case 'list':
      yield* inList(meant, value as readonly unknown[], path);
      return;
    case 'word':
      yield* inWord(meant, shape, value as string | number, path);
      return;
    case 'text':
    case 'number':
    case 'boolean':
      yield* inScalar(meant, shape, value, path);
      return;
    case 'either':
      throw new Error('An alternative among alternatives was not resolved.');
  }
}

function* inObject({ keys }: ObjectShape, value: Mapping, path: Path): Generator<Finding> {
  for (const [name, entry] of Object.entries(value)) {
    const key = keys.get(name);
    if (key) yield* findingsAt(key.value, entry, [...path, name]);
    else yield unknownKey(name, keys, value, path);
  }
  for (const { name, required, value: shape } of keys.values()) {
    if (required && !Object.hasOwn(value, name)) yield missingKey(name, shape, path);
  }
}

function unknownKey(name: string, keys: ObjectShape['keys'], value: Mapping, path: Path): Finding {
  const free = [...keys.keys()].filter((known) => !Object.hasOwn(value, known));
  const suggestion = nearest(name, free);
  const place = path.length === 0 ? 'this file' : subject(path);
  const remedy = suggestion === undefined ? otherRemedy(name, keys, free, path) : `Did you mean ${code(suggestion)}?`;
  return {
    code: 'unknown-key',
    severity: 'error',
    message: `${code(name)} is not a key of ${place}. ${remedy}`,
    path: [...path, name],
    atKey: true,
    ...(suggestion !== undefined && { suggestion }),
  };
}

function otherRemedy(name: string, keys: ObjectShape['keys'], free: readonly string[], path: Path): string {
  const written = nearest(name, keys.keys());
  if (written !== undefined) return `${code(written)} is written already. Take one of them out.`;
  const home = homeOf(name, path);
  if (home !== undefined) return `It belongs below ${code(home.join('.'))}.`;
  return free.length > 0 ? `Keys that it can have: ${enumerate(free)}.` : 'Take it out.';
}

/** The section that has a key of exactly this name, should only one have it. */
function homeOf(name: string, path: Path): readonly string[] | undefined {
  const homes: string[][] = [];
  const search = (shape: Shape, at: string[]): void => {
    if (shape.type === 'either') shape.options.forEach((option) => search(option, at));
    if (shape.type !== 'object') return;
    if (shape.keys.has(name)) homes.push(at);
    for (const key of shape.keys.values()) search(key.value, [...at, key.name]);
  };
  search(experimentShape(), []);
  const distinct = [...new Map(homes.map((home) => [home.join('.'), home])).values()];
  const elsewhere = distinct.length === 1 && distinct[0].length > 0 && distinct[0].join('.') !== path.join('.');
  return elsewhere ? distinct[0] : undefined;
}

function missingKey(name: string, { description }: Shape, path: Path): Finding {
  const meaning = description === undefined ? '' : `: ${description.charAt(0).toLowerCase()}${description.slice(1)}`;
  const message = `${subject(path)} needs the key ${code(name)}${meaning}`;
  return {
    code: 'missing-key',
    severity: 'error',
    message: message.endsWith('.') ? message : `${message}.`,
    path,
    atKey: true,
  };
}

function* inNamed({ entries }: NamedShape, value: Mapping, path: Path): Generator<Finding> {
  for (const [name, entry] of Object.entries(value)) {
    if (name === '') {
      const message = 'A name is empty here. Write a name before the colon.';
      yield { code: 'empty-name', severity: 'error', message, path: [...path, name], atKey: true };
    }
    yield* findingsAt(entries, entry, [...path, name]);
  }
}

function* inList({ element, least }: ListShape, value: readonly unknown[], path: Path): Generator<Finding> {
  if (value.length < least) {
    const message = `${subject(path)} is an empty list. Write at least ${least === 1 ? 'one value' : `${least} values`} in it.`;
    yield { code: 'too-few', severity: 'error', message, path };
  }
  for (const [index, entry] of value.entries()) yield* findingsAt(element, entry, [...path, index]);
}

function* inWord({ words }: WordShape, shape: Shape, value: string | number, path: Path): Generator<Finding> {
  const written = String(value);
  const word = words.find(({ name }) => name === written);
  if (word?.needs) {
    const keys = word.needs.map((need) => `${need}: …`).join(', ');
    const message = `${code(written)} needs ${enumerate(word.needs)}. Write ${code(`{ name: ${written}, ${keys} }`)}.`;
    yield { code: 'missing-key', severity: 'error', message, path };
  }
  if (word) return;
  const near = nearest(
    written,
    words.map(({ name }) => name),
  );
  const suggestion = typeof value === 'number' ? undefined : near;
  const remedy = suggestion === undefined ? '' : ` Did you mean ${code(suggestion)}?`;
  yield {
    code: 'unknown-value',
    severity: 'error',
    message: `${subject(path)} must be ${wordsOrMore(words, shape)}, but is ${described(value)}.${remedy}`,
    path,
    ...(suggestion !== undefined && { suggestion }),
  };
}

/** The words that fit, and what else fits but a mapping: who wrote a word meant no mapping. */
function wordsOrMore(words: WordShape['words'], shape: Shape): string {
  const others =
    shape.type === 'either' ? shape.options.filter(({ type }) => type !== 'word' && type !== 'object') : [];
  return [expected({ type: 'word', words }), ...others.map(expected)].join(', or ');
}

function* inScalar({ schema }: ScalarShape, shape: Shape, value: unknown, path: Path): Generator<Finding> {
  const result = schema.safeParse(value);
  if (result.success) return;
  const outside = result.error.issues.some(({ code: issue }) => issue === 'too_small' || issue === 'too_big');
  yield {
    code: outside ? 'out-of-range' : 'wrong-type',
    severity: 'error',
    message: `${subject(path)} must be ${expected(shape)}, but is ${described(value)}.`,
    path,
  };
}

function wrongType(shape: Shape, value: unknown, path: Path): Finding {
  const message = `${subject(path)} must be ${expected(shape)}, but is ${described(value)}.`;
  const finding: Finding = { code: 'wrong-type', severity: 'error', message, path };
  const suggestion = converted(shape, value);
  if (suggestion === undefined) return finding;
  return { ...finding, message: `${message} Write ${code(suggestion)}.`, suggestion };
}

/** The same value in the kind that is wanted, as YAML: without quotes, with quotes, or as a list of one. */
function converted(shape: Shape, value: unknown): string | undefined {
  if (shape.type === 'text' && (typeof value === 'number' || typeof value === 'boolean')) return `"${value}"`;
  if (shape.type === 'boolean' && typeof value === 'string') {
    if (/^(yes|on|true|y)$/i.test(value)) return 'true';
    if (/^(no|off|false|n)$/i.test(value)) return 'false';
  }
  if (shape.type === 'number' && typeof value === 'string' && value.trim() !== '') {
    const number = Number(value);
    if (Number.isFinite(number) && shape.schema.safeParse(number).success) return String(number);
  }
  if (shape.type === 'list' && takes(shape.element, value) && !isMapping(value) && !Array.isArray(value)) {
    return typeof value === 'string' ? `[${JSON.stringify(value)}]` : `[${String(value)}]`;
  }
  return undefined;
}

function emptyValue(shape: Shape, path: Path): Finding {
  const last = path.at(-1);
  const section = shape.type === 'object' || shape.type === 'named';
  const remedy = section ? 'Write its keys below it' : `Write ${expected(shape)}`;
  const otherwise = typeof last === 'string' ? ', or take the line out' : '';
  const message = `${subject(path)} has no value. ${remedy}${otherwise}.`;
  return { code: 'empty-value', severity: 'error', message, path, atKey: true };
}
