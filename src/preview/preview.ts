import { checkData } from '../data/check';
import type { TableCache } from '../data/read/loader';
import type { MeasureEstimate } from '../experiment/measureEstimate';
import type { Finding } from '../experiment/problem';
import type { Experiment } from '../experiment/schema';
import type { TableSummary } from '../experiment/tableSummary';

/** What can be told of an experiment before it runs. */
export interface Preview {
  /** What is wrong or odd about its data. */
  readonly findings: readonly Finding[];
  /** The tables that could be read. */
  readonly tables: readonly TableSummary[];
  /** What its measures of relatedness are about to cost; absent where anything is wrong with the data. */
  readonly costs?: readonly MeasureEstimate[];
}

/** Prepares the data as training would, and tells beforehand what the measures cost. */
export async function previewExperiment(experiment: Experiment, folder: string, cache?: TableCache): Promise<Preview> {
  const { findings, tables, taskSet } = await checkData(experiment, folder, cache);
  if (taskSet === undefined || experiment.relatedness.measures.length === 0) return { findings, tables };
  // What traces programs is loaded when there is something to trace.
  const { estimateCosts } = await import('./estimate');
  return { findings, tables, costs: estimateCosts(experiment, taskSet) };
}
