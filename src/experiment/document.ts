import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Node, Pair, ParsedNode, Scalar, YAMLMap } from 'yaml';
import type { Path, Position, Problem, Range } from './problem';
import { syntaxProblems } from './syntax';

/** Text, and what YAML makes of it. */
export interface ExperimentDocument {
  readonly text: string;
  readonly document: Document.Parsed;
  /** Offsets at which lines start. */
  readonly lines: readonly number[];
  /** Where the text is no YAML. What `document` holds is then a guess. */
  readonly problems: readonly Problem[];
}

let latest: ExperimentDocument | undefined;

/** As `readDocument`, for readers that change nothing: many ask about the same text one after the other. */
export function sharedDocument(text: string): ExperimentDocument {
  if (latest?.text !== text) latest = readDocument(text);
  return latest;
}

/** Reads YAML, however broken it is. */
export function readDocument(text: string): ExperimentDocument {
  const lines = lineStarts(text);
  const document = parseDocument(text, {
    prettyErrors: false,
    uniqueKeys: false,
    merge: true,
    logLevel: 'error',
  });
  const range = (start: number, end: number) => rangeBetween(lines, start, end);
  return { text, document, lines, problems: syntaxProblems(document, text, range) };
}

/** Counted here and not by the YAML reader, which loses count behind some mistakes. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return starts;
}

export function positionAt(lines: readonly number[], offset: number): Position {
  let line = 0;
  for (let beyond = lines.length; beyond - line > 1;) {
    const middle = (line + beyond) >> 1;
    if (lines[middle] <= offset) line = middle;
    else beyond = middle;
  }
  return { line, column: offset - lines[line] };
}

function rangeBetween(lines: readonly number[], start: number, end: number): Range {
  return { start: positionAt(lines, start), end: positionAt(lines, end) };
}

/** A mapping key as the name it stands for. */
export function keyName(key: unknown): string {
  if (typeof key === 'string') return key;
  if (!isScalar(key)) return '';
  const { value } = key as Scalar<string | number | boolean | null>;
  return value === null ? '' : String(value);
}

type KeyPair = Pair<Node, Node | null>;

const pairsOfMaps = new WeakMap<YAMLMap, ReadonlyMap<string, KeyPair>>();

/** The pair of an unchanged document that holds a name; the last one, should the name be there twice. */
export function pairOf(map: YAMLMap, name: string): KeyPair | undefined {
  let pairs = pairsOfMaps.get(map);
  if (!pairs) {
    pairs = new Map(map.items.map((pair) => [keyName(pair.key), pair as KeyPair]));
    pairsOfMaps.set(map, pairs);
  }
  return pairs.get(name);
}

/** Offsets of a node, without the line breaks that a block carries behind it. */
export function extent(node: Node, text: string): [number, number] {
  const [start, end] = node.range ?? [0, 0];
  return [start, start + text.slice(start, end).trimEnd().length];
}

interface Found {
  readonly key?: Node;
  readonly value: Node | null;
  /** Whether the whole path is written. */
  readonly complete: boolean;
}

function find({ document }: ExperimentDocument, path: Path): Found {
  let found: Found = { value: document.contents, complete: true };
  for (const step of path) {
    const node = isAlias(found.value) ? found.value.resolve(document) : found.value;
    if (isMap(node) && typeof step === 'string') {
      const pair = pairOf(node, step);
      if (!pair) return { ...found, complete: false };
      found = { key: pair.key, value: pair.value, complete: true };
    } else if (isSeq(node) && typeof step === 'number' && step < node.items.length) {
      found = { value: node.items[step] as ParsedNode, complete: true };
    } else return { ...found, complete: false };
  }
  return found;
}

/**
 * Where a path leads in the text: to its key, or to its value where that is short. What is not written is placed at
 * the nearest key around it that is.
 */
export function locate(source: ExperimentDocument, path: Path, atKey = false): Range {
  const { text, lines } = source;
  const { key, value, complete } = find(source, path);
  const [start, end] = value ? extent(value, text) : [0, 0];
  const short = end > start && !text.slice(start, end).includes('\n');
  if (complete && !atKey && short) return rangeBetween(lines, start, end);
  if (key) return rangeBetween(lines, ...extent(key, text));
  return value && path.length > 0 && typeof path.at(-1) === 'number' && complete
    ? firstLine(lines, text, start, end)
    : firstKey(source);
}

function firstLine(lines: readonly number[], text: string, start: number, end: number): Range {
  const stop = text.slice(start, end).search(/[\r\n]/);
  return rangeBetween(lines, start, stop < 0 ? end : start + stop);
}

/** Of the whole file its first key, or else its first line with something in it. */
function firstKey({ text, document, lines }: ExperimentDocument): Range {
  const { contents } = document;
  if (isMap(contents) && contents.items.length > 0) {
    const key = contents.items[0].key as Node | null;
    if (key?.range) return rangeBetween(lines, ...extent(key, text));
  }
  const start = Math.max(0, text.search(/\S/));
  return firstLine(lines, text, start, text.length);
}
