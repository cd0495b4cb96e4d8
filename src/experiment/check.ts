import { isMapping } from './branch';
import { checkShape } from './checkShape';
import { sharedDocument } from './document';
import type { ExperimentDocument } from './document';
import { checkMeaning } from './meaning';
import { comparePositions, placeIn, wholeText } from './place';
import type { Finding, Problem } from './problem';
import { experimentSchema } from './schema';
import type { Experiment } from './schema';
import { isBlank } from './syntax';
import { described } from './wording';

export interface CheckedText {
  /** In the order of the text. */
  readonly problems: readonly Problem[];
  /** With every default filled in; only where no problem is an error. */
  readonly experiment?: Experiment;
}

/** Files beyond this are refused: no person writes them, and an editor that reads them at every key would stall. */
const longestText = 5_000_000;

/** Reads an experiment file and finds everything that is wrong with it, short of reading its data. */
export function checkExperiment(text: string): CheckedText {
  const refused = refuse(text);
  if (refused) return { problems: [{ ...refused, range: wholeText(text) }] };
  const source = sharedDocument(text);
  if (source.problems.length > 0) return { problems: source.problems };
  const { findings, experiment } = checkDocument(source);
  const problems = placeIn(source, findings).sort((a, b) => comparePositions(a.range.start, b.range.start));
  const wrong = problems.some(({ severity }) => severity === 'error');
  return { problems, ...(!wrong && experiment && { experiment }) };
}

function refuse(text: string): Finding | undefined {
  const error = (code: string, message: string): Finding => ({ code, severity: 'error', message, path: [] });
  // A file that is no text has NUL characters, or bytes that decode to the replacement character.
  if (text.includes('\0') || (text.match(/\uFFFD/g)?.length ?? 0) > text.length / 20) {
    return error('not-text', 'This file is not text, so it is no experiment file. Open a file that ends in .mtl.yaml.');
  }
  if (text.length > longestText) {
    return error('file-too-large', 'This file is too large for an experiment file. Keep data in a file of its own.');
  }
  return undefined;
}

function checkDocument(source: ExperimentDocument): { findings: readonly Finding[]; experiment?: Experiment } {
  const whole = (code: string, message: string) => ({
    findings: [{ code, severity: 'error', message, path: [] } satisfies Finding],
  });
  if (isBlank(source.document)) {
    return whole('empty-file', 'The file is empty. Start with the keys `name`, `data` and `tasks`.');
  }
  const read = plainValue(source);
  if ('failure' in read) return whole('yaml-alias', read.failure);
  if (!isMapping(read.value)) {
    const start = 'An experiment file is made of keys such as `name`, `data` and `tasks`';
    return whole('not-an-experiment', `${start}, but this file is ${described(read.value)}.`);
  }
  const findings = checkShape(read.value);
  if (findings.length > 0) return { findings };
  const parsed = experimentSchema.safeParse(read.value);
  if (!parsed.success) {
    const findings = parsed.error.issues.map(({ message, path }): Finding => {
      return { code: 'invalid', severity: 'error', message: `${message}.`, path: path.map(stepOf) };
    });
    return { findings };
  }
  return { findings: checkMeaning(parsed.data, read.value), experiment: parsed.data };
}

function stepOf(step: PropertyKey): string | number {
  return typeof step === 'number' ? step : String(step);
}

/** The document as plain values; aliases can be too many to be written out. */
export function plainValue({
  document,
}: Pick<ExperimentDocument, 'document'>): { value: unknown } | { failure: string } {
  try {
    return { value: document.toJS({ maxAliasCount: 1000 }) as unknown };
  } catch {
    const why = 'The aliases (`*`) lead to too many values or in circles, or a merge (`<<`) has no mapping to merge.';
    return { failure: `${why} Write the values out.` };
  }
}
