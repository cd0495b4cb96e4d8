import { dirname } from 'node:path';
import type { Ending, RunEventBody } from '../runs/events';
import { RunFolderError } from '../runs/errors';
import { groupGain, type GroupGain } from '../runs/gain';
import { finishedRuns, readGroup } from '../runs/group';
import type { ReadRun } from '../runs/read';
import type { RunRecord } from '../runs/record';
import { measuredRuns, overReplicates, type Replicated } from '../runs/replicated';
import type { RunState } from '../runs/state';
import { roundedMatrix } from './means';

/**
 * What a run knows of its group before it ends, as events: what sharing brought so far, where it has baselines, and what
 * was measured over its replicates. None where it is the only one; a warning where the other runs cannot be read.
 * @param ending Of this run, whose journal has no end yet.
 * @param compared Whether there are baselines to compare with.
 */
export async function groupEvents(
  folder: string,
  record: RunRecord,
  tasks: RunState['tasks'],
  ending: Ending,
  compared: boolean,
): Promise<readonly RunEventBody[]> {
  if (record.role !== undefined) return [];
  try {
    const others = (await readGroup(dirname(folder), record)).filter((run) => run.record.id !== record.id);
    const gain = compared ? gainWith(others, record, tasks, ending) : undefined;
    const replicated = replicatedWith(others, record, tasks, ending);
    return [
      ...(gain ? [{ type: 'gain', ...gain } as const] : []),
      ...(replicated ? [{ type: 'replicated', ...replicated } as const] : []),
    ];
  } catch (error) {
    if (!(error instanceof RunFolderError)) throw error;
    const unknown = compared ? 'The gain over the baseline is not known' : 'Nothing is known over the replicates';
    return [{ type: 'warning', message: `${unknown}: ${error.message} ${error.remedy}` }];
  }
}

function gainWith(
  others: readonly ReadRun[],
  { seed, network }: RunRecord,
  tasks: RunState['tasks'],
  { metrics, pooled }: Ending,
): GroupGain | undefined {
  const own = { seed, tasks, metrics, ...(pooled && { pooled }), ...(network && { network }) };
  return groupGain([...finishedRuns(others), own]);
}

function replicatedWith(
  others: readonly ReadRun[],
  { seed, network, group }: RunRecord,
  tasks: RunState['tasks'],
  { relatedness }: Ending,
): Replicated | undefined {
  const own = { seed, tasks: tasks.map(({ name }) => name), relatedness, ...(network && { network }) };
  const replicated = overReplicates(own, measuredRuns(others.filter((run) => run.record.group === group)));
  return replicated && { ...replicated, matrices: replicated.matrices.map(roundedMatrix) };
}
