import { isMap, isPair, isScalar, isSeq, visit } from 'yaml';
import type { Document, Node, Pair } from 'yaml';
import { plainValue } from '../experiment/check';
import { keyName, readDocument } from '../experiment/document';
import type { Path, Position, Range } from '../experiment/problem';
import { tokenAt } from './scan';

/** What a cursor stands at, in a text that may be broken at that very place. */
export interface Cursor {
  /** `key`: a key of the mapping at `path`. `value`: the value at `path`. */
  readonly role: 'key' | 'value';
  readonly path: Path;
  /** The whole file as plain values, without what is being written at the cursor. */
  readonly root: unknown;
  /** What is replaced by a completion. */
  readonly range: Range;
  /** The quote that the token starts with; empty where there is none. */
  readonly quote: string;
  readonly inFlow: boolean;
  /** Whether a colon is there already. */
  readonly hasColon: boolean;
  /** Whether the value starts on a line of its own, below its key. */
  readonly ownLine: boolean;
}

/** Stands for what is being written; a word that no file holds. */
const mark = 'cursorMarkOfTheExperimentFile';

export function offsetAt(text: string, { line, column }: Position): number {
  let start = 0;
  for (let left = line; left > 0; left--) {
    const end = text.indexOf('\n', start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  return Math.min(text.length, start + column);
}

/**
 * What the cursor stands at; undefined where nothing can be completed, as in a comment. The text is read with a mark in
 * the place of the token under the cursor, so that YAML itself says what the place is.
 */
export function cursorAt(text: string, position: Position): Cursor | undefined {
  const offset = offsetAt(text, position);
  const token = tokenAt(text, offset);
  if (!token) return undefined;
  const ownLine = token.first && !token.inFlow;
  const written = ownLine && !token.key ? `${mark}:` : ` ${mark} `;
  const before = text.slice(0, token.start);
  const spaced = ownLine ? written : written.replace(/^ (?=\S)/, /[\s[{]$/.test(before) ? '' : ' ');
  const { document } = readDocument(before + spaced + text.slice(token.end));
  const found = findMark(document);
  if (!found) return undefined;
  const lineStart = offset - position.column;
  const at = (place: number) => ({ line: position.line, column: place - lineStart });
  // A token that began on an earlier line, such as an open quote, is replaced from the cursor's own line on.
  const range = { start: at(Math.max(token.start, lineStart)), end: at(token.end) };
  const quote = /^["']/.exec(text.slice(token.start, token.end))?.[0] ?? '';
  const read = plainValue({ document });
  return {
    ...found,
    root: 'value' in read ? read.value : {},
    range,
    quote,
    inFlow: token.inFlow,
    hasColon: token.key,
    ownLine,
  };
}

/** Finds the mark, and takes it out of the document. */
function findMark(document: Document.Parsed): { role: Cursor['role']; path: Path } | undefined {
  let found: { role: Cursor['role']; path: Path } | undefined;
  visit(document, {
    Scalar(key, scalar, ancestors) {
      if (scalar.value !== mark) return undefined;
      const path = pathOf(ancestors, key);
      const parent = ancestors.at(-1);
      if (key === 'key') {
        const map = ancestors.at(-2);
        if (isMap(map)) map.items = map.items.filter((pair) => pair !== parent);
        found = { role: 'key', path };
      } else {
        found = { role: 'value', path };
        if (isPair(parent)) parent.value = null;
        else if (isSeq(parent)) parent.items.splice(Number(key), 1);
        else document.contents = null;
      }
      return visit.BREAK;
    },
  });
  return found;
}

/** The path to a visited node; of a key that to its mapping. */
function pathOf(ancestors: readonly (Document | Node | Pair)[], last: number | string | null): Path {
  const path: (string | number)[] = [];
  for (const [depth, node] of ancestors.entries()) {
    const next = ancestors[depth + 1];
    if (isSeq(node)) path.push(next === undefined ? Number(last) : node.items.indexOf(next));
    else if (isPair(node) && (next !== undefined || last !== 'key')) path.push(keyName(node.key));
  }
  return path;
}

/** A word of YAML at an offset, with the path to it. */
export interface WrittenWord {
  readonly role: 'key' | 'value';
  readonly path: Path;
  readonly text: string;
  /** Offsets. */
  readonly start: number;
  readonly end: number;
}

/** The key or the plain value at an offset. */
export function wordAt(document: Document.Parsed, offset: number): WrittenWord | undefined {
  let found: WrittenWord | undefined;
  visit(document, {
    Node(_, node) {
      const [start, , end] = node.range ?? [0, 0, 0];
      return offset < start || offset > end ? visit.SKIP : undefined;
    },
    Scalar(key, scalar, ancestors) {
      const [start, end] = scalar.range ?? [0, 0];
      if (offset < start || offset > end || !isScalar(scalar)) return undefined;
      const role = key === 'key' ? 'key' : 'value';
      const path = pathOf(ancestors, key);
      const name = keyName(scalar);
      found = { role, path: role === 'key' ? [...path, name] : path, text: name, start, end };
      return visit.BREAK;
    },
  });
  return found;
}
