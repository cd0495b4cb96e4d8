import { dirname } from 'node:path';
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

/**
 * The finished replicates of a run, itself among them, in the order in which they were started; of two for one seed the
 * later, unless the other is the run. Of a run that has not finished: itself alone.
 */
export async function readReplicates(own: ReadRun): Promise<readonly ReadRun[]> {
  const { record, phase, folder } = own;
  if (phase !== 'finished') return [own];
  const members = await readGroup(dirname(folder), { group: record.group });
  const alike = members.filter(
    (run) =>
      run.phase === 'finished' &&
      run.record.role === record.role &&
      run.record.network?.number === record.network?.number &&
      run.record.seed !== record.seed,
  );
  const replicates = [...new Map(alike.map((run) => [run.record.seed, run])).values(), own];
  return replicates.sort((one, other) => one.record.created - other.record.created);
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
