import type { RunRecord } from '../../runs/record';

/** What the rules below need to know of a run. */
export type SelectableRun = Pick<RunRecord, 'id' | 'file' | 'group' | 'role' | 'created'>;

/**
 * Whether a panel that shows these runs goes on to the next run of their experiment by itself: it shows nothing, or just
 * the newest start of one experiment. Anything else was picked by hand and stays.
 * @param known All runs there are.
 */
export function followsNewRuns(ids: readonly string[], known: readonly SelectableRun[]): boolean {
  const shown = known.filter(({ id }) => ids.includes(id));
  const [first] = shown;
  if (first === undefined) return true;
  const newest = newestStart(known, first.file);
  return shown.every(({ id }) => newest.includes(id)) && shown.some(({ id }) => id === newest[0]);
}

/**
 * The runs that a panel shows after a run has started: the new run where the panel follows its experiment or shows
 * nothing, with the earlier replicates of the same start behind it; otherwise what it showed. A baseline does not take
 * the place of the runs that are compared with it.
 * @param known All runs there were before.
 */
export function selectionAfterStart(
  ids: readonly string[],
  started: SelectableRun,
  known: readonly SelectableRun[],
): readonly string[] {
  if (ids.includes(started.id) || !followsNewRuns(ids, known)) return ids;
  const shown = known.filter(({ id }) => ids.includes(id));
  if (shown.some(({ file }) => file !== started.file)) return ids;
  const next = newestStart([...known, started], started.file);
  return next.includes(started.id) ? next : ids;
}

/** What a panel shows that is opened without saying which run: the newest run of the file, or else the newest of all. */
export function defaultSelection(known: readonly SelectableRun[], file: string | undefined): readonly string[] {
  const ofFile = file === undefined ? [] : newestStart(known, file);
  const newest = newestOf(known);
  return ofFile.length > 0 || newest === undefined ? ofFile : newestStart(known, newest.file);
}

/**
 * The newest run of a file with the replicates of the same start behind it; none where the file was never run. Baselines
 * only while there is nothing else.
 */
export function newestStart(known: readonly SelectableRun[], file: string): readonly string[] {
  const runs = known.filter((run) => run.file === file);
  const newest = newestOf(runs);
  if (newest === undefined) return [];
  const started = runs.filter(({ group }) => group === newest.group);
  const own = started.filter(({ role }) => role === undefined);
  return (own.length > 0 ? own : started).sort(newestFirst).map(({ id }) => id);
}

function newestFirst(one: SelectableRun, other: SelectableRun): number {
  return other.created - one.created;
}

function newestOf(runs: readonly SelectableRun[]): SelectableRun | undefined {
  return runs.reduce<SelectableRun | undefined>(
    (newest, run) => (newest === undefined || run.created > newest.created ? run : newest),
    undefined,
  );
}
