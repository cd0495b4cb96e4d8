import { basename, dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { writeWhole } from '../runs/experimentFiles';
import { foretold } from '../runs/groupCheck';
import { renderCheck, type Foretelling } from './groupCheckReport';
import { trialParts, type WrittenTrial } from './groupTrial';
import type { TrialOutcome } from './groupCheck';
import { clean } from './terminal';

/** A check with all that is told of it. */
export interface CheckedTrial {
  readonly written: WrittenTrial;
  readonly outcome: TrialOutcome;
  readonly foretelling: Foretelling;
}

/** What came out, with what a person should know of it. */
export function renderOutcome({ outcome, foretelling }: CheckedTrial): string {
  const { runs, warnings, check, kind } = outcome;
  const unfinished = runs.filter(({ phase }) => phase !== 'finished').length;
  const notes = [
    ...(kind.isTogether
      ? ['The groups are one network for all tasks, so they are trained once, as all together.']
      : []),
    ...(kind.isAlone ? ['The groups are a network for each task, so they are trained once, as each alone.'] : []),
    ...(unfinished > 0 ? [`${unfinished} of ${runs.length} runs did not finish; their seeds are left out.`] : []),
    ...warnings,
  ];
  return [renderCheck(check, foretelling), ...(notes.length > 0 ? [notes.map(clean).join('\n')] : [])].join('\n\n');
}

/** Leaves what came out as a page of Markdown beside the experiments. */
export async function writeReport({ written, outcome }: CheckedTrial, text: string): Promise<void> {
  const { files, trial, report } = written;
  const experiments = trialParts.map((part) => `- \`${basename(files[part].file)}\``);
  const runs = outcome.runs.map(({ record }) => `- \`${record.id}\``);
  const page = [
    `# Check of ${trial.grouped.name}`,
    ['```text', stripVTControlCharacters(text), '```'].join('\n'),
    ['The experiments:', '', ...experiments].join('\n'),
    ['The runs:', '', ...runs].join('\n'),
  ];
  await writeWhole(dirname(report), { name: basename(report), text: `${page.join('\n\n')}\n` });
}

/** What `--json` has of a check. */
export function checkRecord({ written, outcome, foretelling }: CheckedTrial) {
  const { check, runs, stopped, warnings } = outcome;
  const { predictions } = foretelling;
  const changes = new Map([...predictions].map(([task, { change }]) => [task, change]));
  return {
    files: written.files,
    report: written.report,
    check: {
      ...check,
      predictions: [...predictions].map(([task, prediction]) => ({ task, ...prediction })),
      ...(check.againstTogether && { foretold: foretold(changes, check.againstTogether.gain) }),
    },
    runs: runs.map(({ part, folder, record: { id, seed, network }, phase }) => ({
      part,
      id,
      runFolder: folder,
      seed,
      ...(network && { network }),
      state: phase,
    })),
    stopped,
    warnings,
  };
}
