import { createRequire } from 'node:module';
import { stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { csvLine } from '../../outputs/predictedColumns';
import { RunFolderError, systemReason } from '../../runs/errors';
import { newShortId, runFolderName } from '../../runs/folderName';
import { ensureFolder, ignoreInGit, nearestRunsFolder } from '../../runs/store';
import type { drawStudy, StudyChart } from '../../studies/chart';
import { studyFiles } from '../../studies/study';
import { studyRows } from '../../studies/summary';
import { UsageError } from '../errors';
import { trainScript } from '../replicates';

/**
 * The folder of a study: a new one, or one that it goes on in.
 * @throws UsageError where there is no study folder of that name.
 */
export async function openStudyFolder(
  name: string,
  { out, resume }: { readonly out: string | undefined; readonly resume: string | undefined },
): Promise<string> {
  if (resume !== undefined) {
    const folder = resolve(resume);
    const there = await stat(join(folder, studyFiles.runs)).catch(() => undefined);
    if (there?.isDirectory()) return folder;
    throw new UsageError(
      `--resume "${resume}" is no study folder: it has no folder ${studyFiles.runs}. Name one of .mtl/studies.`,
    );
  }
  const root = out === undefined ? join(dirname(await nearestRunsFolder(process.cwd())), 'studies') : resolve(out);
  const folder = join(root, runFolderName(Date.now(), name, newShortId()));
  try {
    await ensureFolder(join(folder, studyFiles.runs));
    await ignoreInGit(root);
    return folder;
  } catch (error) {
    const message = `No study folder can be made in ${root}: ${systemReason(error)}.`;
    throw new RunFolderError('not-writable', message, root, 'Choose another folder with --out.', { cause: error });
  }
}

/** Writes what came of a study: each file whole, in the place of one from before. */
export async function writeStudy(folder: string, report: object, chart: StudyChart): Promise<void> {
  // The library that draws is large, so it is a bundle of its own that is only read here.
  const { drawStudy: draw } = createRequire(trainScript)('./studyChart.js') as { drawStudy: typeof drawStudy };
  const table = studyRows(chart.panels).map(csvLine).join('');
  const svg = await draw(chart);
  try {
    await writeFileAtomic(join(folder, studyFiles.report), `${JSON.stringify(report, undefined, 2)}\n`);
    await writeFileAtomic(join(folder, studyFiles.table), table);
    await writeFileAtomic(join(folder, studyFiles.chart), svg);
  } catch (error) {
    const message = `The study cannot be written (${systemReason(error)}): ${folder}`;
    const remedy = 'Free some space, then go on with --resume.';
    throw new RunFolderError('not-writable', message, folder, remedy, { cause: error });
  }
}
