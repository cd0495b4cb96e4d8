import { Document, Scalar } from 'yaml';
import { openShapes } from '../experiment/branch';
import type { KeyShape, ObjectShape, Shape } from '../experiment/shape';

/** A text as one YAML scalar that reads as exactly this text, between brackets too. */
export function asYaml(text: string): string {
  const scalar = new Scalar(text);
  // Commas and brackets mean something between brackets; line breaks and the marks of documents would make a block.
  if (/[,[\]{}\r\n]|^(?:---|\.\.\.)/.test(text) || text === '<<') scalar.type = Scalar.QUOTE_DOUBLE;
  return new Document(scalar).toString({ lineWidth: 0 }).replace(/\n$/, '');
}

/** A value of a column: numbers and truth values are compared as texts anyway, and read better without quotes. */
export function asValue(value: string): string {
  return value === 'true' || value === 'false' || String(Number(value)) === value ? value : asYaml(value);
}

/** Text within a snippet, where `$`, `}` and `\` mean something. */
export function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}

/** What follows a key that is inserted: a snippet with the places that a person fills in. */
export function valueSnippet(shape: Shape, inFlow: boolean, stops = new Stops()): string {
  const first = simplest(openShapes(shape, undefined));
  switch (first.type) {
    case 'list':
      return ` [${stops.next()}]`;
    case 'object':
      return inFlow ? ` { ${flowKeys(first, stops)} }` : `\n  ${blockKeys(first, stops)}`;
    case 'named':
      return inFlow ? ` { ${stops.next()} }` : `\n  ${stops.next('name')}: ${entrySnippet(first.entries, stops)}`;
    case 'word':
    case 'text':
    case 'number':
    case 'boolean':
    case 'either':
      return ` ${stops.next()}`;
  }
}

/** Of alternatives the first that asks for least; names come before all else, as they need examples most. */
function simplest(shapes: readonly Shape[]): Shape {
  const weight = (shape: Shape) => (shape.type === 'object' ? requiredKeys(shape).length : 0);
  const named = shapes.find(({ type }) => type === 'named');
  return named ?? shapes.reduce((best, shape) => (weight(shape) < weight(best) ? shape : best));
}

/** What stands behind a name: all keys that it must have, on one line. */
export function entrySnippet(shape: Shape, stops: Stops): string {
  return shape.type === 'object' ? `{ ${flowKeys(shape, stops)} }` : stops.next();
}

function requiredKeys({ keys }: ObjectShape): KeyShape[] {
  return [...keys.values()].filter(({ required }) => required);
}

function flowKeys(shape: ObjectShape, stops: Stops): string {
  const keys = requiredKeys(shape).map(({ name, value }) => `${name}:${valueSnippet(value, true, stops)}`);
  return keys.length > 0 ? keys.join(', ') : stops.next();
}

function blockKeys(shape: ObjectShape, stops: Stops): string {
  const keys = requiredKeys(shape).map(({ name, value }) => `${name}:${valueSnippet(value, true, stops)}`);
  return keys.length > 0 ? keys.join('\n  ') : stops.next();
}

/** The places of a snippet that the cursor goes to, in order. */
export class Stops {
  private count = 0;

  next(usual?: string): string {
    this.count++;
    return usual === undefined ? `$${this.count}` : `\${${this.count}:${usual}}`;
  }
}
