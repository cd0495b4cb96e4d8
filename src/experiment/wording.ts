import type { Path } from './problem';
import type { ScalarShape, Shape } from './shape';

const longest = 60;

/** A person's text on one line, cut where it is long. */
export function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  const characters = [...line.slice(0, 4 * longest)];
  return characters.length > longest ? `${characters.slice(0, longest).join('')}…` : line;
}

/** A word of the file as messages show it. */
export function code(text: string): string {
  return `\`${shorten(text)}\``;
}

/** `a`, `b` and `c`; of many the first ten. */
export function enumerate(names: readonly string[], joint: 'and' | 'or' = 'and'): string {
  const shown = names.slice(0, 10).map(code);
  if (names.length > shown.length) return `${shown.join(', ')} ${joint} ${names.length - shown.length} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} ${joint} ${shown.at(-1)}`;
}

/** The place that a path leads to, as the subject of a sentence. */
export function subject(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'The file';
  if (typeof last === 'string') return code(last);
  const list = path.findLast((step) => typeof step === 'string');
  return list === undefined ? `Item ${last + 1}` : `Item ${last + 1} of ${code(list)}`;
}

/** What a value is, after the word "is". */
export function described(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (typeof value === 'string') return value === '' ? 'an empty text' : `the text "${shorten(value)}"`;
  if (typeof value === 'number' || typeof value === 'bigint') return Number.isNaN(value) ? 'not a number' : `${value}`;
  if (typeof value === 'boolean') return `\`${value}\``;
  return Array.isArray(value) ? 'a list' : 'a mapping';
}

/** What may stand at a place, after the words "must be". */
export function expected(shape: Shape): string {
  switch (shape.type) {
    case 'text':
      return expectedText(shape);
    case 'number':
      return `a ${numbers(shape, 'number')}`;
    case 'boolean':
      return '`true` or `false`';
    case 'word':
      return shape.words.length === 1
        ? code(shape.words[0].name)
        : `one of ${enumerate(shape.words.map(({ name }) => name))}`;
    case 'list':
      return `a list of ${several(shape.element)}`;
    case 'named':
      return 'a mapping of names';
    case 'object':
      return `a mapping of keys such as ${enumerate([...shape.keys.keys()].slice(0, 3))}`;
    case 'either':
      return [...new Set(alternatives(shape.options).map(expected))].join(', or ');
  }
}

/** Of several objects the first is enough, and it comes last, as it is the longest to say. */
function alternatives(options: readonly Shape[]): Shape[] {
  const object = options.find(({ type }) => type === 'object');
  const others = options.filter(({ type }) => type !== 'object');
  return object ? [...others, object] : others;
}

function expectedText({ limits }: ScalarShape): string {
  if (limits.maxLength === 1) return 'a single character';
  return limits.minLength ? 'a text that is not empty' : 'a text';
}

function several(shape: Shape): string {
  switch (shape.type) {
    case 'number':
      return numbers(shape, 'numbers');
    case 'text':
      return 'texts';
    case 'list':
      return `lists of ${several(shape.element)}`;
    case 'word':
      return `words from ${enumerate(shape.words.map(({ name }) => name))}`;
    case 'either':
    case 'boolean':
    case 'named':
    case 'object':
      return 'values';
  }
}

function numbers({ limits }: ScalarShape, noun: 'number' | 'numbers'): string {
  const range = rangeOf(limits);
  const whole = limits.type === 'integer' ? `whole ${noun}` : noun;
  return range === '' ? whole : `${whole} ${range}`;
}

/** The limits of a number in words, such as `from 0 to 1`; empty where there are none. */
function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: ScalarShape['limits']): string {
  const bounded = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  const least = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER ? minimum : undefined;
  if (least !== undefined && bounded) return `from ${least} to ${maximum}`;
  const parts = [
    least !== undefined && `of at least ${least}`,
    exclusiveMinimum !== undefined && `above ${exclusiveMinimum}`,
    bounded && `of at most ${maximum}`,
    exclusiveMaximum !== undefined && `below ${exclusiveMaximum}`,
  ];
  return parts.filter((part) => part !== false).join(' and ');
}
