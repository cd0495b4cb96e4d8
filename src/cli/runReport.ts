import { finalReport } from '../runs/report';
import { renderEnd } from './ending';
import { exitCodes } from './errors';
import { groupReport } from './groupReport';
import type { EndedRun } from './replicates';
import { print, printJson } from './terminal';

/** What is printed of runs that have ended: nothing, a JSON object, or tables. */
export function reportRuns(
  ended: readonly EndedRun[],
  { json, quiet }: { readonly json: boolean; readonly quiet: boolean },
): void {
  if (ended.length === 0) return;
  if (json) {
    const reports = ended.map(({ folder, record, state, phase }) => finalReport(folder, record, state, phase));
    printJson(reports.length === 1 ? reports[0] : groupReport(reports));
  } else if (!quiet) {
    print(renderEnd(ended));
  }
}

export function replicatesExitCode(ended: readonly EndedRun[], interrupted: boolean): number {
  if (interrupted) return exitCodes.stopped;
  if (ended.some(({ phase }) => phase === 'stopped')) return exitCodes.stopped;
  return ended.every(({ phase }) => phase === 'finished') ? exitCodes.success : exitCodes.failed;
}
