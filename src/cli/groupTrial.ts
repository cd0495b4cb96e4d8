import { basename, join, resolve } from 'node:path';
import { groupTrial, type GroupTrial } from '../experiment/groupTrial';
import type { TaskNetwork } from '../experiment/groups';
import { renderExperiment } from '../experiment/render';
import { writeExperimentFiles, type Written } from '../runs/experimentFiles';
import { namesFilesInQuery, relocated } from '../runs/relocate';
import { sourceExperiment } from '../runs/sourceExperiment';
import type { StoredRun } from '../runs/store';
import { UsageError } from './errors';

/** The parts of a trial, in the order in which they are named and trained. */
export const trialParts = ['grouped', 'together', 'alone'] as const satisfies readonly (keyof GroupTrial)[];
export type TrialPart = (typeof trialParts)[number];

export interface TrialFile {
  readonly file: string;
  readonly written: Written;
}

export interface WrittenTrial {
  readonly folder: string;
  /** Paths of data are relative to the folder. */
  readonly trial: GroupTrial;
  readonly files: Readonly<Record<TrialPart, TrialFile>>;
  /** The page that a check leaves. */
  readonly report: string;
}

export interface TrialRequest {
  readonly networks: readonly TaskNetwork[];
  /** What the groups are by, such as `gradient-cosine`. */
  readonly by: string;
  readonly folder: string;
  readonly seeds: readonly number[];
  readonly overwrite: boolean;
}

/**
 * Writes the three experiments that tell whether groups of a run's tasks are better than all together and each alone.
 * @throws UsageError where the run's experiment is none that this can be told of
 */
export async function writeTrial(run: StoredRun, request: TrialRequest): Promise<WrittenTrial> {
  const { networks, by, seeds, overwrite } = request;
  const folder = resolve(request.folder);
  const source = await sourceExperiment(run);
  const { folder: from } = run.record;
  if (source.model.sharing.name === 'single-task') {
    throw new UsageError('The run shares nothing, so there is nothing that groups could be compared with.');
  }
  if (resolve(from) !== folder && namesFilesInQuery(source)) {
    throw new UsageError(`The query of the data names files relative to ${from}. Write there: --write ${from}`);
  }
  const count = `${networks.length} ${networks.length === 1 ? 'group' : 'groups'}`;
  const trial = groupTrial(relocated(source, from, folder), networks, { of: `${count} by ${by}`, seeds });
  const start = basename(run.record.file).replace(/(\.mtl)?\.ya?ml$/i, '');
  const stem = `${start}-${count.replace(' ', '-')}-by-${by.replace(/\W+/g, '-')}`;
  const names = { grouped: stem, together: `${start}-together`, alone: `${start}-alone` };
  const heads = {
    grouped: `Which tasks to train together: groups by ${by}, from what run ${run.record.id} measured.`,
    together: 'All tasks in one network, to compare groups of them with.',
    alone: 'Each task alone, to compare groups of them with.',
  };
  const files = trialParts.map((part) => ({
    name: `${names[part]}.mtl.yaml`,
    text: `# ${heads[part]} Written by \`mtl group\`.\n${renderExperiment(trial[part])}`,
  }));
  const written = await writeExperimentFiles(folder, files, overwrite);
  const fileOf = (place: number): TrialFile => ({ file: join(folder, files[place].name), written: written[place] });
  const paths = { grouped: fileOf(0), together: fileOf(1), alone: fileOf(2) };
  return { folder, trial, files: paths, report: join(folder, `${stem}-check.md`) };
}
