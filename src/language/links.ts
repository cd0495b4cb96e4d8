import { isMap, isScalar, isSeq } from 'yaml';
import type { Node } from 'yaml';
import { pairOf, positionAt, sharedDocument } from '../experiment/document';
import type { ExperimentDocument } from '../experiment/document';
import type { Range } from '../experiment/problem';

/** A data file that the text names. */
export interface FileLink {
  readonly range: Range;
  /** The file as written: relative to the experiment file, or absolute. */
  readonly target: string;
}

/** The data files that an experiment file names, patterns and addresses excepted. */
export function links(text: string): readonly FileLink[] {
  const source = sharedDocument(text);
  const root = source.document.contents;
  const tasks = below(root, 'tasks');
  const own = isMap(tasks) ? tasks.items.map(({ value }) => below(value as Node | null, 'data')) : [];
  return [below(root, 'data'), ...own].flatMap((data) => linksOf(source, below(data, 'source')));
}

function below(node: Node | null | undefined, name: string): Node | null | undefined {
  return isMap(node) ? pairOf(node, name)?.value : undefined;
}

function linksOf(source: ExperimentDocument, node: Node | null | undefined): FileLink[] {
  if (isSeq(node)) return node.items.flatMap((item) => linksOf(source, item as Node));
  if (!isScalar(node) || typeof node.value !== 'string' || !node.range) return [];
  const target = node.value;
  if (target === '' || /[*?[\]]|^[a-z][a-z0-9+.-]+:\/\//i.test(target)) return [];
  const [start, end] = node.range;
  return [{ range: { start: positionAt(source.lines, start), end: positionAt(source.lines, end) }, target }];
}
