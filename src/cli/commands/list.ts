import { shortIdOf } from '../../runs/folderName';
import { readSummary } from '../../runs/read';
import { listRuns, type StoredRun } from '../../runs/store';
import type { RunSummary } from '../../runs/summary';
import { jsonOption, runsOption, runsRoot, type Command, type RunsOption } from '../command';
import { exitCodes } from '../errors';
import { formatDuration, formatNumber, formatTime } from '../format';
import { experimentText } from '../part';
import { renderTable } from '../tables';
import { clean, note, print, printJson, shorten } from '../terminal';

interface ListOptions extends RunsOption {
  readonly json: boolean;
}

export const listCommand: Command<ListOptions> = {
  name: 'list',
  takes: '',
  summary: 'List runs, newest first',
  examples: [
    ['mtl list', 'The runs of this workspace'],
    ['mtl list --json | jq .runs[0].phase', 'The state of the newest'],
  ],
  positionals: {},
  options: { ...runsOption, ...jsonOption },
  async run({ runs: option, json }) {
    const root = await runsRoot(option);
    const { runs, broken } = await listRuns(root);
    const rows: Row[] = [];
    for (const run of runs) rows.push({ run, summary: await readSummary(run, Date.now()) });
    if (json) {
      printJson({ root, runs: rows.map(({ run, summary }) => ({ ...summary, runFolder: run.folder })), broken });
      return exitCodes.success;
    }
    if (rows.length === 0) note(`No runs in ${clean(root)}. Start one with: mtl run FILE`);
    else print(renderTable(head, rows.map(cells), 3));
    for (const { folder, message } of broken) note(clean(`Left out ${folder}: ${message}`));
    return exitCodes.success;
  },
};

interface Row {
  readonly run: StoredRun;
  readonly summary: RunSummary;
}

const head = ['run', 'experiment', 'state', 'seed', 'started', 'time', 'epoch', 'key metric'];

function cells({ summary }: Row): readonly string[] {
  const { id, experiment, phase, seed, created, seconds, epoch, epochs, keyMetric } = summary;
  return [
    shortIdOf(id),
    experimentText(shorten(experiment, 32), summary),
    phase,
    String(seed),
    formatTime(created),
    formatDuration(seconds),
    epochs === 0 ? '-' : `${epoch}/${epochs}`,
    keyMetric === undefined ? '-' : `${keyMetric.split} ${keyMetric.name} ${formatNumber(keyMetric.value)}`,
  ];
}
