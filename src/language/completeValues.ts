import { isMapping, openShapes, shapeAt } from '../experiment/branch';
import { metricsOf, taskKinds } from '../experiment/metric';
import type { MetricName } from '../experiment/metric';
import type { Path } from '../experiment/problem';
import { experimentShape } from '../experiment/shape';
import type { Shape, Word } from '../experiment/shape';
import type { TableSummary } from '../experiment/tableSummary';
import type { Candidate } from './completion';
import type { Cursor } from './cursor';
import { defaultOf, explainColumn, explainWord, flow } from './explain';
import { asValue, asYaml, escapeSnippet } from './insert';
import { columnOfLevels, columnsAt, taskNames, valueAt } from './tables';

/** Values that can stand at the cursor: words, columns, levels, defaults, and brackets for what needs them. */
export function valueCandidates(cursor: Cursor, tables: readonly TableSummary[]): Candidate[] {
  const shape = shapeAt(experimentShape(), cursor.root, cursor.path);
  if (!shape) return [];
  const found = [...references(shape, cursor, tables), ...candidatesOf(shape, cursor, tables)];
  const unique = new Map(found.map((candidate) => [`${candidate.kind} ${candidate.label}`, candidate]));
  return [...unique.values()];
}

function candidatesOf(shape: Shape, cursor: Cursor, tables: readonly TableSummary[]): Candidate[] {
  const options = openShapes(shape, undefined);
  const brackets = options.some(({ type }) => type === 'object' || type === 'named');
  // A value of a column can be `true`, but hardly ever is.
  const onlyBoolean = options.every(({ type }) => type === 'boolean');
  return [
    ...options.flatMap((option) => {
      if (option.type === 'word') return wordCandidates(fitting(option.words, shape, cursor));
      if (option.type === 'boolean') return onlyBoolean ? ['true', 'false'].map(plainValue) : [];
      return option.type === 'list' ? listCandidates(cursor, tables) : [];
    }),
    ...suggestedValues(shape),
    ...(brackets && !cursor.ownLine ? [bracket('{ }', '{ $1 }')] : []),
  ];
}

/** Metrics that no task has are no help. */
function fitting(words: readonly Word[], { refersTo }: Shape, { root }: Cursor): readonly Word[] {
  if (refersTo !== 'metric') return words;
  const tasks = valueAt(root, ['tasks']);
  const holders = isMapping(tasks) ? [tasks, ...Object.values(tasks)] : [];
  const kinds = taskKinds.filter((kind) => holders.some((task) => isMapping(task) && task.kind === kind));
  if (kinds.length === 0) return words;
  const metrics = metricsOf(kinds);
  return words.filter(({ name }) => metrics.includes(name as MetricName));
}

function wordCandidates(words: readonly Word[]): Candidate[] {
  return words.map((word) => ({
    label: word.name,
    kind: word.method ? 'method' : 'word',
    ...(word.method && { detail: word.method.title }),
    documentation: explainWord(word),
    ...(word.needs ? withNeeds(word.name, word.needs) : { insertText: word.name }),
  }));
}

function withNeeds(name: string, needs: readonly string[]): Pick<Candidate, 'insertText' | 'snippet'> {
  const keys = needs.map((need, index) => `${need}: { $${index + 1} }`).join(', ');
  return { insertText: `{ name: ${escapeSnippet(name)}, ${keys} }`, snippet: true };
}

function plainValue(label: string): Candidate {
  return { label, kind: 'value', insertText: label };
}

function bracket(label: string, insertText: string): Candidate {
  return { label, kind: 'value', insertText, snippet: true, suggestNext: true };
}

/** The default and the examples of a value, where it is no word. */
function suggestedValues(shape: Shape): Candidate[] {
  const usual = defaultOf(shape);
  const examples = (shape.examples ?? []).map((example) => plainValue(flow(example)));
  return [...(usual === undefined ? [] : [{ ...plainValue(usual), detail: 'default' }]), ...examples].filter(
    ({ label }) => !openShapes(shape, undefined).some((option) => hasWord(option, label)),
  );
}

function hasWord(shape: Shape, label: string): boolean {
  return shape.type === 'word' && shape.words.some(({ name }) => name === label);
}

/** Items on a line below the key get their dash; on the line of the key the brackets come first. */
function listCandidates(cursor: Cursor, tables: readonly TableSummary[]): Candidate[] {
  if (!cursor.ownLine) return [bracket('[ ]', '[$1]')];
  const path = [...cursor.path, 0];
  const items = valueCandidates({ ...cursor, path, ownLine: false }, tables);
  return items.map((item) => ({ ...item, insertText: `- ${item.insertText}` }));
}

function references(shape: Shape, { root, path, ownLine }: Cursor, tables: readonly TableSummary[]): Candidate[] {
  const list = listAround(root, path);
  const inList = list !== undefined;
  const reference = shape.refersTo ?? list?.refersTo;
  const takesText = inList || openShapes(shape, undefined).some(({ type }) => type === 'text');
  if (!takesText || ownLine) return [];
  const taken = list?.values ?? [];
  if (reference === 'column') {
    const columns = columnsAt(root, path, tables).filter(({ name }) => !taken.includes(name));
    return columns.map((column) => ({
      label: column.name,
      kind: 'column',
      detail: column.kind === 'numeric' ? 'numbers' : 'texts',
      documentation: explainColumn(column),
      insertText: asYaml(column.name),
    }));
  }
  if (reference === 'level') {
    const levels = columnOfLevels(root, path, tables)?.levels ?? [];
    const free = levels.filter((level) => !taken.includes(level));
    return free.map((label) => ({ label, kind: 'level', insertText: asValue(label) }));
  }
  if (reference === 'task') {
    const free = taskNames(root).filter((name) => !taken.includes(name));
    return free.map((label) => ({ label, kind: 'task', insertText: asYaml(label) }));
  }
  return [];
}

/** The list that a path leads into: what its items refer to, and the items that are there. */
function listAround(
  root: unknown,
  path: Path,
): { refersTo?: Shape['refersTo']; values: readonly string[] } | undefined {
  if (typeof path.at(-1) !== 'number') return undefined;
  const listPath = path.slice(0, -1);
  const shape = shapeAt(experimentShape(), root, listPath);
  const values = valueAt(root, listPath);
  const written = Array.isArray(values) ? values.map(String) : [];
  return { ...(shape?.refersTo && { refersTo: shape.refersTo }), values: written };
}
