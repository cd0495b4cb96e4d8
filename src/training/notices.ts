import { fstatSync, ftruncateSync, readFileSync, statSync, writeSync } from 'node:fs';

const standardError = 2;

/** What TensorFlow says that is no error, in its older and its newer form, and the line that comes before the first. */
const notice =
  /^(?:WARNING: All log messages before absl::|[IW]\d{4} \d\d:|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IW] )/;

/**
 * Does some work and takes out of the log of this process what TensorFlow noticed meanwhile, such as that it uses oneDNN: it says so
 * while it is loaded, whatever it is asked for. Errors stay. Does nothing where standard error goes elsewhere.
 * @param log The file.
 */
export async function withoutNotices<Result>(log: string, work: () => Promise<Result>): Promise<Result> {
  const before = isLog(log) ? fstatSync(standardError).size : undefined;
  try {
    return await work();
  } finally {
    if (before !== undefined) dropNotices(log, before);
  }
}

function isLog(log: string): boolean {
  const file = statSync(log, { throwIfNoEntry: false });
  const error = fstatSync(standardError);
  return file !== undefined && error.isFile() && file.ino === error.ino && file.dev === error.dev;
}

function dropNotices(log: string, before: number): void {
  try {
    const said = readFileSync(log).subarray(before).toString('utf8');
    const kept = said.split('\n').filter((line) => !notice.test(line));
    if (kept.join('\n') === said) return;
    ftruncateSync(standardError, before);
    if (kept.join('') !== '') writeSync(standardError, kept.join('\n'));
  } catch {
    // The log is gone or cannot be written: then there is no place to say so, either.
  }
}
