import type { FinishedRun } from './gain';
import type { RunRecord } from './record';
import { readOutline, type ReadRun } from './read';
import type { RunState } from './state';
import { listRuns, type StoredRun } from './store';

/**
 * The runs of one start, and the baselines of another that they are compared with, in the order in which they were
 * started; of long journals the beginning and the end.
 */
export async function readGroup(
  root: string,
  { group, against }: Pick<RunRecord, 'group' | 'against'>,
): Promise<readonly ReadRun[]> {
  const members = (await listRuns(root)).runs
    .filter(({ record }) => record.group === group || (record.group === against && record.role === 'baseline'))
    .reverse();
  const runs: ReadRun[] = [];
  for (const run of members) runs.push(await readOutline(run));
  return runs;
}

/** What the finished ones among some runs ended with. Others did not have the same budget, and are left out. */
export function finishedRuns(
  runs: readonly (Pick<StoredRun, 'record'> & { readonly state: RunState })[],
): readonly FinishedRun[] {
  return runs.flatMap(({ record: { seed, role, network }, state: { phase, tasks, ending } }) =>
    phase === 'finished' && ending !== undefined && ending.metrics.length > 0
      ? [
          {
            seed,
            tasks,
            metrics: ending.metrics,
            ...(ending.pooled && { pooled: ending.pooled }),
            ...(role && { role }),
            ...(network && { network }),
          },
        ]
      : [],
  );
}
