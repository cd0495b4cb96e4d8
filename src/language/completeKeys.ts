import { isMapping, openShapes, shapeAt } from '../experiment/branch';
import type { Mapping } from '../experiment/branch';
import { experimentShape } from '../experiment/shape';
import type { KeyShape, NamedShape, Shape } from '../experiment/shape';
import type { TableSummary } from '../experiment/tableSummary';
import { valueCandidates } from './completeValues';
import type { Candidate } from './completion';
import type { Cursor } from './cursor';
import { defaultOf, explainKey } from './explain';
import { asYaml, entrySnippet, escapeSnippet, Stops, valueSnippet } from './insert';
import { taskNames, valueAt } from './tables';

/** Keys that the mapping around the cursor does not have yet, required ones first. */
export function keyCandidates(cursor: Cursor, tables: readonly TableSummary[]): Candidate[] {
  const { root, path } = cursor;
  const shape = shapeAt(experimentShape(), root, path);
  if (!shape) return [];
  const value = valueAt(root, path);
  const written = isMapping(value) ? value : {};
  const open = openShapes(shape, isMapping(value) ? value : undefined);
  const keys = keysOf(open, written).filter(({ name }) => !Object.hasOwn(written, name));
  const required = keys.filter((key) => key.required);
  const optional = keys.filter((key) => !key.required);
  const named = open.filter((option) => option.type === 'named');
  const candidates = [
    ...named.flatMap((option) => nameCandidates(option, cursor, Object.keys(written))),
    ...[...required, ...optional].map((key) => keyCandidate(key, cursor)),
  ];
  // A line of its own below a key may also hold the value itself, such as a word.
  const empty = cursor.ownLine && path.length > 0 && (value === null || value === undefined || isEmptyMapping(value));
  return empty ? [...candidates, ...valueCandidates({ ...cursor, role: 'value' }, tables)] : candidates;
}

function isEmptyMapping(value: unknown): boolean {
  return isMapping(value) && Object.keys(value).length === 0;
}

/**
 * The keys of all objects among the shapes; a key is required only where every one of them requires it. While there is
 * a choice, an object offers the keys that make it the one before all its other keys.
 */
function keysOf(shapes: readonly Shape[], written: Mapping): KeyShape[] {
  const objects = shapes.filter((shape) => shape.type === 'object');
  const keys = new Map<string, KeyShape>();
  for (const { keys: own } of objects) {
    const required = [...own.values()].filter((key) => key.required);
    const undecided = shapes.length > 1 && required.some(({ name }) => !Object.hasOwn(written, name));
    for (const key of undecided ? required : own.values()) if (!keys.has(key.name)) keys.set(key.name, key);
  }
  return [...keys.values()].map((key) => {
    return { ...key, required: objects.every((object) => object.keys.get(key.name)?.required) };
  });
}

function keyCandidate({ name, value, required }: KeyShape, { inFlow, hasColon }: Cursor): Candidate {
  const snippet = valueSnippet(value, inFlow);
  const section = value.type === 'object' || value.type === 'named';
  const usual = defaultOf(value);
  return {
    label: name,
    kind: section ? 'section' : 'key',
    ...(required ? { detail: 'required' } : usual !== undefined && { detail: usual }),
    documentation: explainKey(name, value, required),
    insertText: hasColon ? name : `${name}:${snippet}`,
    snippet: !hasColon,
    suggestNext: !hasColon && /^\s+\$1$/.test(snippet),
  };
}

function nameCandidates(
  { entries, namesReferTo }: NamedShape,
  cursor: Cursor,
  written: readonly string[],
): Candidate[] {
  if (namesReferTo === 'task') {
    const names = taskNames(cursor.root).filter((name) => !written.includes(name));
    return names.map((name) => ({
      label: name,
      kind: 'task',
      insertText: cursor.hasColon ? asYaml(name) : `${escapeSnippet(asYaml(name))}: $1`,
      snippet: !cursor.hasColon,
    }));
  }
  if (cursor.hasColon || entries.type !== 'object') return [];
  const stops = new Stops();
  const title = entries.title ?? 'Entry';
  return [
    {
      label: `new ${title.toLowerCase()}`,
      kind: 'section',
      ...(entries.description !== undefined && { documentation: entries.description }),
      insertText: `${stops.next('name')}: ${entrySnippet(entries, stops)}`,
      snippet: true,
    },
  ];
}
