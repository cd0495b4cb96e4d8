import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkExperiment } from '../experiment/check';
import { applyOverrides } from '../experiment/overrides';
import { renderExperiment } from '../experiment/render';
import { experimentOfRun } from '../experiment/replicate';
import type { Experiment } from '../experiment/schema';
import { RunFolderError } from './errors';
import { runFiles } from './record';
import type { StoredRun } from './store';

/**
 * The experiment that a run is one replicate of. The run's own copy has its seed alone, and the split of that seed; so
 * where the file that it was started from still says the same, it is that of the file.
 * @throws RunFolderError where the run's copy cannot be read
 */
export async function sourceExperiment({ folder, record }: StoredRun): Promise<Experiment> {
  const text = await readFile(join(folder, runFiles.experiment), 'utf8').catch(() => '');
  const { experiment: resolved } = checkExperiment(text);
  if (resolved === undefined) {
    const message = `${runFiles.experiment} of the run cannot be read: ${folder}`;
    throw new RunFolderError('not-readable', message, folder, 'Start the run anew.');
  }
  const written = await readFile(record.file, 'utf8').catch(() => '');
  const { experiment } = checkExperiment(applyOverrides(written, record.overrides).text);
  const { engine, threads } = resolved;
  const same =
    experiment !== undefined &&
    renderExperiment(experimentOfRun(experiment, { seed: record.seed, engine, threads })) === text;
  return same ? { ...experiment, engine, threads } : resolved;
}
