import type { DataSizes } from '../experiment/cost/network';
import type { Finding } from '../experiment/problem';
import type { Experiment } from '../experiment/schema';
import type { TableSummary } from '../experiment/tableSummary';
import { prepare } from './preparation';
import { createLoader } from './read/loader';
import type { TableCache } from './read/loader';
import { sizesOf } from './sizes';

export interface DataCheck {
  /** Errors, warnings and remarks; errors are those that `prepareTasks` would throw. */
  readonly findings: readonly Finding[];
  /** The tables that could be read. */
  readonly tables: readonly TableSummary[];
  /** Of the prepared data; absent where a finding is an error. */
  readonly sizes?: DataSizes;
}

/** Prepares the data as training would and says what is wrong or odd, as much at once as can be told. */
export async function checkData(experiment: Experiment, folder: string, cache?: TableCache): Promise<DataCheck> {
  const { findings, tables, taskSet } = await prepare(experiment, createLoader(folder, cache));
  return { findings, tables, ...(taskSet && { sizes: sizesOf(taskSet) }) };
}
