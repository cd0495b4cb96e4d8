import { join } from 'node:path';
import { renderExperiment } from '../experiment/render';
import { experimentOfRun } from '../experiment/replicate';
import type { Experiment } from '../experiment/schema';
import { newGroup } from '../runs/folderName';
import { startRun, type StartedRun } from '../runs/lifecycle';
import type { ReadRun } from '../runs/read';
import type { RunRecord } from '../runs/record';
import { takeUp } from '../runs/resume';
import { listRuns, type StoredRun } from '../runs/store';
import { version } from '../../package.json';
import type { TrialPart, WrittenTrial } from './groupTrial';
import { networkRuns } from './networkRuns';
import { trainScript } from './replicates';
import { experimentTextOf, farthestRun } from './sameRuns';

/** A run of a trial: one that has finished before, or how it is started, joined or continued. */
export interface TrialRun extends Pick<RunRecord, 'seed' | 'role' | 'network'> {
  readonly part: TrialPart;
  readonly finished?: ReadRun;
  /** Absent where it has finished. */
  readonly start?: () => Promise<StartedRun>;
}

interface Planned extends Pick<RunRecord, 'seed' | 'role' | 'network' | 'against'> {
  readonly part: TrialPart;
  readonly group: string;
  readonly text: string;
}

/**
 * The runs of a trial, in the order in which they are to be started: first each task alone, which the others are
 * compared with and which takes longest. Runs of an earlier trial of the same files that were of the very same
 * experiment count, and those that did not come to their end go on.
 * @param parts Which of the three are trained.
 * @param root The folder of run folders.
 */
export async function planTrial(
  { trial, files }: WrittenTrial,
  parts: readonly TrialPart[],
  root: string,
): Promise<readonly TrialRun[]> {
  const { runs } = await listRuns(root);
  const groupOf = (part: TrialPart, against?: string) =>
    runs.find(({ record }) => isOf(record, files[part].file, against))?.record.group ?? newGroup();
  const alone = groupOf('alone');
  const { seeds } = trial.together.training;
  const planned = (part: TrialPart): Planned[] => {
    const group = part === 'alone' ? alone : groupOf(part, alone);
    const role = part === 'alone' ? ({ role: 'baseline' } as const) : ({ against: alone } as const);
    return seeds.flatMap((seed) =>
      networkRuns(trial[part]).map(({ experiment, network }) => {
        const text = renderExperiment(experimentOfRun(experiment, { seed, ...computing(experiment) }));
        return { part, seed, group, text, ...role, ...(network && { network }) };
      }),
    );
  };
  const order = (['alone', 'together', 'grouped'] as const).filter((part) => parts.includes(part));
  const found: TrialRun[] = [];
  for (const plan of order.flatMap(planned)) found.push(await trialRun(plan, runs, { trial, files }, root));
  return found;
}

/** Several runs at a time are fastest with a thread each, and figures should not depend on how many they are. */
function computing({ engine, threads }: Experiment): Pick<Experiment, 'engine' | 'threads'> {
  return { engine, threads: threads === 'auto' ? 1 : threads };
}

/** Whether a run is of an earlier trial of this file. */
function isOf({ file, role, ...record }: RunRecord, wanted: string, against: string | undefined): boolean {
  const inTrial = against === undefined ? role === 'baseline' : record.against === against;
  return file === wanted && inTrial && record.overrides.length === 0 && record.version === version;
}

async function trialRun(
  { part, group, text, ...plan }: Planned,
  runs: readonly StoredRun[],
  { trial, files }: Pick<WrittenTrial, 'trial' | 'files'>,
  root: string,
): Promise<TrialRun> {
  const { seed, role, network } = plan;
  const own = { part, seed, ...(role && { role }), ...(network && { network }) };
  const { file } = files[part];
  const same: StoredRun[] = [];
  for (const run of runs) {
    const { record } = run;
    const isPlanned = record.group === group && isOf(record, file, plan.against) && record.seed === seed;
    if (!isPlanned || record.network?.number !== network?.number) continue;
    if ((await experimentTextOf(run)) === text) same.push(run);
  }
  const there = await farthestRun(same);
  if (there?.phase === 'finished') return { ...own, finished: there };
  const again = there && takeUp(there, trainScript);
  if (again !== undefined) return { ...own, start: again };
  const { name, engine } = trial[part];
  const start = () =>
    startRun({
      root,
      group,
      experiment: name,
      file,
      folder: join(file, '..'),
      ...plan,
      engine,
      overrides: [],
      experimentText: text,
      trainScript,
    });
  return { ...own, start };
}
