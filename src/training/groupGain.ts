import { dirname } from 'node:path';
import type { Ending, RunEventBody } from '../runs/events';
import { RunFolderError } from '../runs/errors';
import { groupGain } from '../runs/gain';
import { finishedRuns, readGroup } from '../runs/group';
import type { RunRecord } from '../runs/record';
import type { RunState } from '../runs/state';

/**
 * What sharing brought so far, as the event that a run with a baseline writes before it ends. Undefined where no seed of
 * its group has both runs; a warning where the other runs cannot be read.
 * @param ending Of this run, whose journal has no end yet.
 */
export async function gainEvent(
  folder: string,
  record: RunRecord,
  tasks: RunState['tasks'],
  { metrics, pooled }: Pick<Ending, 'metrics' | 'pooled'>,
): Promise<RunEventBody | undefined> {
  try {
    const others = (await readGroup(dirname(folder), record)).filter((run) => run.record.id !== record.id);
    const { seed, network } = record;
    const own = { seed, tasks, metrics, ...(pooled && { pooled }), ...(network && { network }) };
    const gain = groupGain([...finishedRuns(others), own]);
    return gain && { type: 'gain', ...gain };
  } catch (error) {
    if (!(error instanceof RunFolderError)) throw error;
    return { type: 'warning', message: `The gain over the baseline is not known: ${error.message} ${error.remedy}` };
  }
}
