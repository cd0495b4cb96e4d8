import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { applyOverrides } from '../experiment/overrides';
import { checkExperiment } from '../experiment/check';
import { placeFindings } from '../experiment/place';
import type { MeasureEstimate } from '../experiment/measureEstimate';
import type { Problem } from '../experiment/problem';
import type { Experiment } from '../experiment/schema';
import { systemCode, systemReason } from '../runs/errors';

export interface CheckedExperiment {
  /** The file as it was named. */
  readonly file: string;
  readonly problems: readonly Problem[];
  /** Only where no problem is an error. */
  readonly experiment?: Experiment;
  /** What its measures of relatedness are about to cost, where its data was read. */
  readonly costs?: readonly MeasureEstimate[];
}

export interface CheckOptions {
  /** Values set from outside, as `path=value`. */
  readonly overrides?: readonly string[];
  /** Whether the data is read, too. */
  readonly data: boolean;
}

/** Reads an experiment file and finds what is wrong with it, and with its data. */
export async function checkExperimentFile(
  file: string,
  { overrides = [], data }: CheckOptions,
): Promise<CheckedExperiment> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return { file, problems: [unreadable(error)] };
  }
  const { text: overridden, findings: refused } = applyOverrides(text, overrides);
  if (refused.length > 0) {
    return { file, problems: [...checkExperiment(text).problems, ...placeFindings(text, refused)] };
  }
  const checked = checkExperiment(overridden);
  if (checked.experiment === undefined || !data) return { file, ...checked };
  const { previewExperiment } = await import('../preview/preview');
  const { findings, costs } = await previewExperiment(checked.experiment, dirname(resolve(file)));
  const problems = [...checked.problems, ...placeFindings(overridden, findings)];
  return { file, problems, ...(!hasError(problems) && { experiment: checked.experiment, ...(costs && { costs }) }) };
}

export function hasError(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === 'error');
}

function unreadable(error: unknown): Problem {
  const missing = systemCode(error) === 'ENOENT';
  const start = { line: 0, column: 0 };
  return {
    code: missing ? 'file-not-found' : 'file-not-readable',
    severity: 'error',
    message: missing
      ? 'There is no such file. See how the name is written, and from which folder.'
      : `The file cannot be read: ${systemCode(error) === 'EISDIR' ? 'it is a folder' : systemReason(error)}. Name an experiment file (*.mtl.yaml).`,
    path: [],
    range: { start, end: start },
  };
}
