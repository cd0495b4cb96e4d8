import { numericColumn, textColumn } from '../table';
import type { Column } from '../table';

/** The columns of an ARFF file, or what is wrong with it and where. */
export type ArffResult =
  { readonly rows: number; readonly columns: readonly Column[] } | { readonly line: number; readonly reason: string };

interface Attribute {
  readonly name: string;
  readonly numeric: boolean;
  /** What a sparse row leaves out: 0, or the first of the nominal values. */
  readonly omitted: string;
}

class ArffError extends Error {
  constructor(
    readonly line: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Reads the attribute-relation file format (ARFF) of Weka: numeric, nominal, string and date attributes, quoted names
 * and values, comments, `?` for missing, dense and sparse rows. `missing` are further texts that mean a missing value.
 */
export function parseArff(text: string, missing: readonly string[]): ArffResult {
  try {
    return parse(text, new Set(['?', ...missing.map((marker) => marker.trim())]));
  } catch (cause) {
    if (cause instanceof ArffError) return { line: cause.line, reason: cause.message };
    throw cause;
  }
}

function parse(text: string, missing: ReadonlySet<string>): ArffResult {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  const attributes: Attribute[] = [];
  let line = 0;
  for (; line < lines.length; line++) {
    const content = lines[line].trim();
    if (/^@data\b/i.test(content)) break;
    if (content === '' || content.startsWith('%') || /^@relation\b/i.test(content)) continue;
    if (!/^@attribute\b/i.test(content)) throw new ArffError(line + 1, 'it is neither an @attribute nor @data');
    attributes.push(parseAttribute(content.slice('@attribute'.length), line + 1));
  }
  if (line === lines.length) throw new ArffError(line, 'the file ends before its @data');
  if (attributes.length === 0) throw new ArffError(line + 1, 'no @attribute comes before the @data');
  return readRows(lines, line + 1, attributes, missing);
}

function parseAttribute(rest: string, line: number): Attribute {
  const { value: name, end } = readToken(rest.trimStart(), 0, ' \t{', line);
  const type = rest.trimStart().slice(end).trim();
  if (name === '' || type === '') throw new ArffError(line, 'the @attribute lacks a name or a type');
  if (/^(numeric|real|integer)\b/i.test(type)) return { name, numeric: true, omitted: '0' };
  if (/^(string|date)\b/i.test(type)) return { name, numeric: false, omitted: '' };
  if (!type.startsWith('{')) throw new ArffError(line, `the type ${type.slice(0, 40)} is not supported`);
  const levels = readValues(type.slice(1, type.lastIndexOf('}')), line);
  return { name, numeric: false, omitted: levels[0] ?? '' };
}

function readRows(
  lines: readonly string[],
  first: number,
  attributes: readonly Attribute[],
  missing: ReadonlySet<string>,
): ArffResult {
  const numbers = attributes.map(({ numeric }) => (numeric ? ([] as number[]) : undefined));
  const texts = attributes.map(({ numeric }) => (numeric ? undefined : ([] as (string | null)[])));
  let rows = 0;
  for (let index = first; index < lines.length; index++) {
    const content = lines[index].trim();
    if (content === '' || content.startsWith('%')) continue;
    const values = content.startsWith('{')
      ? readSparse(content, attributes, index + 1)
      : readValues(content, index + 1);
    if (values.length !== attributes.length) {
      throw new ArffError(
        index + 1,
        `its values are ${values.length}, and the attributes ${attributes.length}; the file may be cut`,
      );
    }
    rows++;
    values.forEach((value, column) => {
      const absent = missing.has(value);
      texts[column]?.push(absent ? null : value);
      numbers[column]?.push(absent ? NaN : readNumber(value, attributes[column], index + 1));
    });
  }
  const columns = attributes.map(({ name }, column): Column => {
    const values = numbers[column];
    return values ? numericColumn(name, Float64Array.from(values)) : textColumn(name, texts[column]!);
  });
  return { rows, columns };
}

function readNumber(text: string, { name }: Attribute, line: number): number {
  const number = Number(text);
  if (text === '' || Number.isNaN(number)) {
    throw new ArffError(
      line,
      `attribute "${name.slice(0, 60)}" is numeric, and its value here is "${text.slice(0, 60)}"`,
    );
  }
  return number;
}

/** `{1 5, 3 'a b'}`: zero-based positions and values; what is left out is 0 or the first nominal value. */
function readSparse(content: string, attributes: readonly Attribute[], line: number): string[] {
  const end = content.lastIndexOf('}');
  if (end < 0) throw new ArffError(line, 'its { has no }; the file may be cut');
  const values = attributes.map(({ omitted }) => omitted);
  const inside = content.slice(1, end);
  let place = 0;
  while (inside.slice(place).trim() !== '') {
    const pair = /^\s*(\d+)\s+/.exec(inside.slice(place));
    if (!pair || Number(pair[1]) >= values.length)
      throw new ArffError(line, 'a sparse row holds pairs of position and value');
    const { value, end: after } = readToken(inside, place + pair[0].length, ',', line);
    values[Number(pair[1])] = value;
    place = after + 1;
  }
  return values;
}

function readValues(content: string, line: number): string[] {
  if (!/['"]/.test(content)) return content.split(',').map((value) => value.trim());
  const values: string[] = [];
  let place = 0;
  while (place <= content.length) {
    const { value, end } = readToken(content, place, ',', line);
    values.push(value);
    place = end + 1;
  }
  return values;
}

/** One value from `start` to before the next stop character or the end; quotes hold stops, a backslash a quote. */
function readToken(content: string, start: number, stops: string, line: number): { value: string; end: number } {
  let place = start;
  while (content[place] === ' ' || content[place] === '\t') place++;
  const quote = content[place];
  if (quote !== "'" && quote !== '"') {
    let end = place;
    while (end < content.length && !stops.includes(content[end])) end++;
    return { value: content.slice(place, end).trim(), end };
  }
  let value = '';
  for (place++; place < content.length && content[place] !== quote; place++) {
    if (content[place] === '\\' && place + 1 < content.length) place++;
    value += content[place];
  }
  if (place >= content.length) throw new ArffError(line, 'a quote does not end');
  place++;
  while (place < content.length && !stops.includes(content[place])) place++;
  return { value, end: place };
}
