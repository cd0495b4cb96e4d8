import { groupGain, type GroupGain } from '../runs/gain';
import { finishedRuns } from '../runs/group';
import { finalReport, type RunReport } from '../runs/report';
import { renderEnd } from './ending';
import { exitCodes } from './errors';
import { groupReport, type GroupReport } from './groupReport';
import { joinReports } from './networkReport';
import type { EndedRun } from './replicates';
import { print, printJson } from './terminal';

/** What is printed of runs that have ended: nothing, a JSON object, or tables. */
export function reportRuns(
  ended: readonly EndedRun[],
  { json, quiet }: { readonly json: boolean; readonly quiet: boolean },
): void {
  if (ended.length === 0) return;
  if (json) printJson(jsonReport(ended));
  else if (!quiet) print(renderEnd(ended, gainOfRuns(ended)));
}

/** Computed from the runs at hand, or else what the last of them knew of its group. */
export function gainOfRuns(ended: readonly EndedRun[]): GroupGain | undefined {
  return groupGain(finishedRuns(ended)) ?? ended.findLast(({ state }) => state.gain !== undefined)?.state.gain;
}

/** The report of a run or of replicates, with the reports of their baselines and what sharing brought. */
type StartReport = (RunReport | GroupReport) & { readonly baselines?: readonly RunReport[] };

function jsonReport(ended: readonly EndedRun[]): StartReport {
  const reports = ended.map(({ folder, record, state, phase }) => finalReport(folder, record, state, phase));
  const baselines = reports.filter(({ role }) => role === 'baseline');
  const own = joinReports(reports.filter(({ role }) => role === undefined));
  const shown = own.length > 0 ? own : baselines;
  const gain = gainOfRuns(ended);
  return {
    ...(shown.length === 1 ? shown[0] : groupReport(shown)),
    ...(own.length > 0 && baselines.length > 0 && { baselines }),
    ...(gain && { gain }),
  };
}

export function replicatesExitCode(ended: readonly EndedRun[], interrupted: boolean): number {
  if (interrupted) return exitCodes.stopped;
  if (ended.some(({ phase }) => phase === 'stopped')) return exitCodes.stopped;
  return ended.every(({ phase }) => phase === 'finished') ? exitCodes.success : exitCodes.failed;
}
