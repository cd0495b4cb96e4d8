import { isMap, isScalar } from 'yaml';
import type { Node, Pair, YAMLMap } from 'yaml';
import { extent, keyName, positionAt, sharedDocument } from '../experiment/document';
import type { ExperimentDocument } from '../experiment/document';
import type { Range } from '../experiment/problem';
import { shorten } from '../experiment/wording';

/** One line of the outline. */
export interface OutlineSymbol {
  readonly name: string;
  readonly detail: string;
  readonly kind: 'section' | 'task' | 'key';
  /** The key and all that belongs to it. */
  readonly range: Range;
  /** The key. */
  readonly selectionRange: Range;
  readonly children: readonly OutlineSymbol[];
}

/** The outline of an experiment file: its keys, sections with theirs, and tasks with what they predict. */
export function symbols(text: string): readonly OutlineSymbol[] {
  const source = sharedDocument(text);
  const { contents } = source.document;
  return isMap(contents) ? keysOf(source, contents, []) : [];
}

function keysOf(source: ExperimentDocument, map: YAMLMap, path: readonly string[]): OutlineSymbol[] {
  return map.items.flatMap((item) => {
    const pair = item as Pair<Node, Node | null>;
    const name = keyName(pair.key);
    return isScalar(pair.key) && name !== '' ? [symbolOf(source, pair, [...path, name])] : [];
  });
}

function symbolOf(source: ExperimentDocument, { key, value }: Pair<Node, Node | null>, path: readonly string[]) {
  const [start, keyEnd] = extent(key, source.text);
  const end = value ? Math.max(keyEnd, extent(value, source.text)[1]) : keyEnd;
  const range = (to: number): Range => ({ start: positionAt(source.lines, start), end: positionAt(source.lines, to) });
  const isTask = path.length === 2 && path[0] === 'tasks' && isMap(value);
  const deeper = isMap(value) && !isTask && path.length < 2;
  return {
    name: shorten(path.at(-1)!) || ' ',
    detail: detailOf(value, isTask),
    kind: isTask ? ('task' as const) : isMap(value) ? ('section' as const) : ('key' as const),
    range: range(end),
    selectionRange: range(keyEnd),
    children: deeper ? keysOf(source, value, path) : [],
  };
}

function detailOf(value: Node | null, isTask: boolean): string {
  if (isScalar(value)) return shorten(keyName(value));
  if (!isTask || !isMap(value)) return '';
  return ['kind', 'target']
    .map((key) => keyName(value.get(key, true)))
    .filter(Boolean)
    .map(shorten)
    .join(' · ');
}
