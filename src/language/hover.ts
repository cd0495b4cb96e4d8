import { openShapes, shapeAt } from '../experiment/branch';
import { plainValue } from '../experiment/check';
import { positionAt, sharedDocument } from '../experiment/document';
import type { Path, Position, Range } from '../experiment/problem';
import { experimentShape } from '../experiment/shape';
import type { KeyShape, Shape } from '../experiment/shape';
import type { TableSummary } from '../experiment/tableSummary';
import { offsetAt, wordAt } from './cursor';
import { explainColumn, explainKey, explainWord } from './explain';
import { codeSpan, paragraphs } from './markdown';
import { columnAt, columnOfLevels, valueAt } from './tables';

export interface Hover {
  readonly markdown: string;
  /** The word that is explained. */
  readonly range: Range;
}

/** What the key or the value at a place means; undefined where there is nothing to say. */
export function hover(text: string, position: Position, tables: readonly TableSummary[]): Hover | undefined {
  const source = sharedDocument(text);
  const word = wordAt(source.document, offsetAt(text, position));
  if (!word) return undefined;
  const read = plainValue(source);
  const root = 'value' in read ? read.value : undefined;
  const markdown = word.role === 'key' ? keyText(root, word.path) : valueText(root, word.path, word.text, tables);
  if (markdown === undefined) return undefined;
  const range = { start: positionAt(source.lines, word.start), end: positionAt(source.lines, word.end) };
  return { markdown, range };
}

function keyText(root: unknown, path: Path): string | undefined {
  const name = String(path.at(-1));
  const around = path.slice(0, -1);
  const shape = shapeAt(experimentShape(), root, around);
  if (!shape) return undefined;
  const open = openShapes(shape, valueAt(root, around));
  for (const option of open) {
    const key = option.type === 'object' ? option.keys.get(name) : undefined;
    if (key) return keyDescription(key);
  }
  const named = open.find((option) => option.type === 'named');
  if (!named) return undefined;
  const { title, description } = named.entries;
  return paragraphs([`**${title ?? 'Name'}** ${codeSpan(name)}`, description]);
}

function keyDescription({ name, value, required }: KeyShape): string {
  return explainKey(name, value, required);
}

function valueText(root: unknown, path: Path, text: string, tables: readonly TableSummary[]): string | undefined {
  const shape = shapeAt(experimentShape(), root, path);
  if (!shape) return undefined;
  for (const option of openShapes(shape, undefined)) {
    const word = option.type === 'word' ? option.words.find(({ name }) => name === text) : undefined;
    if (word) return explainWord(word);
  }
  const inList = typeof path.at(-1) === 'number';
  const reference = shape.refersTo ?? (inList ? listReference(root, path) : undefined);
  if (reference === 'column') {
    const column = columnAt(root, path, text, tables);
    return column && explainColumn(column);
  }
  if (reference !== 'level') return undefined;
  const column = columnOfLevels(root, path, tables);
  return column && paragraphs([`Value ${codeSpan(text)} of:`, explainColumn(column)]);
}

function listReference(root: unknown, path: Path): Shape['refersTo'] {
  return shapeAt(experimentShape(), root, path.slice(0, -1))?.refersTo;
}
