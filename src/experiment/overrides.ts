import { isCollection, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { shapeAt } from './branch';
import { checkExperiment, plainValue } from './check';
import { readDocument } from './document';
import type { Finding, Path } from './problem';
import { experimentShape } from './shape';
import { code } from './wording';

export interface Overridden {
  /** The text with the values set; comments stay. */
  readonly text: string;
  /** Overrides that cannot be applied, and errors that they bring in. Their paths are those of the overrides. */
  readonly findings: readonly Finding[];
}

interface Override {
  readonly written: string;
  readonly path: readonly string[];
  readonly value: unknown;
}

/**
 * Sets values from outside, each written as `path=value`: keys joined by dots (`training.epochs=5`), names that hold
 * dots between double quotes (`tasks."a.b".kind=binary`), list items by their number from 0; the value is YAML.
 * A method that is written, or implied, as a word alone becomes an object when one of its options is set.
 */
export function applyOverrides(text: string, overrides: readonly string[]): Overridden {
  const source = readDocument(text);
  if (overrides.length === 0 || source.problems.length > 0) return { text, findings: [] };
  const findings: Finding[] = [];
  const applied: Override[] = [];
  for (const written of overrides) {
    const override = parseOverride(written);
    const mistake = typeof override === 'string' ? override : setValue(source.document, override);
    if (mistake === undefined) applied.push(override as Override);
    else findings.push(finding('override', typeof override === 'string' ? [] : override.path, written, mistake));
  }
  if (applied.length === 0) return { text, findings };
  const changed = source.document.toString({ lineWidth: 0 });
  return { text: changed, findings: [...findings, ...newErrors(text, changed, applied)] };
}

function finding(errorCode: string, path: Path, written: string, message: string): Finding {
  return { code: errorCode, severity: 'error', message: `${code(written)}: ${message}`, path };
}

/** An override's parts, or a sentence that says why it is none. */
function parseOverride(written: string): Override | string {
  const form = 'Write a path, `=` and a value, such as `training.epochs=5`.';
  const match = /^((?:"(?:[^"\\]|\\.)*"|[^="])+)=([^]*)$/.exec(written);
  if (!match) return form;
  const path = pathOf(match[1]);
  if (path === undefined) return `This path cannot be read. ${form}`;
  const value = parseDocument(match[2], { logLevel: 'silent', prettyErrors: false });
  if (value.errors.length > 0) return 'The value is no YAML. Put a text with special characters in quotes.';
  return { written, path, value: value.toJS() as unknown };
}

/** `a."b.c".d` and `a[0]` as keys; undefined where a key is empty or a quote is wrong. */
function pathOf(written: string): string[] | undefined {
  const keys: string[] = [];
  const step = /(?:^|\.)(?:("(?:[^"\\]|\\.)*")|([^."[\]]+))|\[(\d+)\]/y;
  while (step.lastIndex < written.length) {
    const match = step.exec(written);
    if (!match) return undefined;
    try {
      keys.push(match[1] === undefined ? (match[2] ?? match[3]).trim() : (JSON.parse(match[1]) as string));
    } catch {
      return undefined;
    }
  }
  return keys;
}

/** Sets one value in the document; says why, where that cannot be done. */
function setValue(document: Document.Parsed, { path, value }: Override): string | undefined {
  const steps: (string | number)[] = [];
  for (const key of path) {
    const mistake = openCollection(document, steps, key);
    if (mistake !== undefined) return mistake;
    const parent = document.getIn(steps, true);
    steps.push(isSeq(parent) ? Number(key) : key);
  }
  // A scalar that is there keeps its comment when only its value is set.
  const keeps = isScalar(document.getIn(steps, true)) && (typeof value !== 'object' || value === null);
  document.setIn(steps, keeps ? value : document.createNode(value, { flow: true }));
  return undefined;
}

/** Sees to it that a key can be set below `steps`. */
function openCollection(document: Document.Parsed, steps: Path, key: string): string | undefined {
  const node = steps.length === 0 ? document.contents : document.getIn(steps, true);
  if (isMap(node)) return undefined;
  if (isSeq(node)) {
    const index = /^\d+$/.test(key) ? Number(key) : NaN;
    if (index <= node.items.length) return undefined;
    return `${code(steps.join('.'))} is a list of ${node.items.length}; name an item by its number from 0.`;
  }
  const word = methodWord(document, steps);
  const written = isScalar(node) ? node.value : undefined;
  const nothing = written === undefined || written === null;
  if (isCollection(node) || (!nothing && (word === undefined || typeof written !== 'string'))) {
    return `${code(steps.join('.'))} is a single value, so there is nothing below it.`;
  }
  const name = nothing ? word?.usual : written;
  const method = word !== undefined && name !== undefined && key !== 'name';
  document.setIn(steps, document.createNode(method ? { name } : {}, { flow: method }));
  return undefined;
}

/** For a place that takes a method: the name that stands there unless another is written. */
function methodWord(document: Document.Parsed, path: Path): { readonly usual: unknown } | undefined {
  const read = plainValue({ document });
  const shape = shapeAt(experimentShape(), 'value' in read ? read.value : {}, path);
  if (shape?.type !== 'either') return undefined;
  const method = shape.options.some((option) => option.type === 'word' && option.words.some((word) => word.method));
  return method ? { usual: shape.default } : undefined;
}

function newErrors(before: string, after: string, overrides: readonly Override[]): Finding[] {
  const identity = ({ code: errorCode, message, path }: Finding) => JSON.stringify([errorCode, message, path]);
  const known = new Set(checkExperiment(before).problems.map(identity));
  return checkExperiment(after).problems.flatMap((problem): Finding[] => {
    if (problem.severity !== 'error' || known.has(identity(problem))) return [];
    const cause = overrides.find(({ path }) => path.every((step, index) => onTheWay(problem.path, step, index)));
    return cause ? [finding(problem.code, cause.path, cause.written, problem.message)] : [];
  });
}

function onTheWay(path: Path, step: string, index: number): boolean {
  return index >= path.length || String(path[index]) === step;
}
