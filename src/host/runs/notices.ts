import * as vscode from 'vscode';
import { commands } from '../../protocol/commands';
import { isLive, type ShownPhase } from '../labels/phase';
import { runLabel, runTooltip, shownPhase, statusText } from '../labels/runLabel';
import { shortened } from '../labels/figures';
import { t } from '../words';
import { Changes } from './changes';
import type { RunEntry, RunList } from './runList';

/** The status bar's word on runs that go on. */
export function showStatus(runs: RunList): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('mtl.status', vscode.StatusBarAlignment.Left, 10);
  item.name = t('MTL runs');
  const update = () => {
    const live = runs.all().filter((entry) => isLive(shownPhase(entry)));
    const text = statusText(live);
    if (text === undefined) return item.hide();
    item.text = text;
    item.tooltip = new vscode.MarkdownString(
      live
        .slice(0, 5)
        .map((entry) => runTooltip(entry, Date.now()))
        .join('\n\n---\n\n'),
    );
    item.command = { command: commands.showCurves, title: t('Show Loss Curves'), arguments: [live[0].run.record.id] };
    item.show();
  };
  const end = runs.onChange(update);
  return vscode.Disposable.from(item, { dispose: end });
}

/**
 * Says so, once, when a run that was going on has failed or was interrupted; also of those that were interrupted while no
 * window was open, such as by a crash of the machine.
 */
export function tellFailures(runs: RunList, memory: vscode.Memento): vscode.Disposable {
  const phases = new Map<string, ShownPhase>();
  const told = new Set(memory.get<readonly string[]>(toldKey, []));
  const found = new Changes<string>(gatherMilliseconds);
  found.listen((ids) => void offerResume([...ids].flatMap((id) => runs.get(id) ?? [])));
  const tellOnce = (id: string) => {
    if (told.has(id)) return false;
    told.add(id);
    void memory.update(toldKey, [...told].slice(-toldKept));
    return true;
  };
  const end = runs.onChange((ids) => {
    for (const id of ids) {
      const entry = runs.get(id);
      if (entry === undefined) continue;
      const before = phases.get(id);
      const now = shownPhase(entry);
      phases.set(id, now);
      if (isLive(now)) told.delete(id);
      if (now !== 'failed' && now !== 'interrupted') continue;
      const started = isLive(before) || (before === undefined && entry.run.record.created > activatedAt);
      const isRecent = (entry.summary?.updated ?? 0) > activatedAt - recentMilliseconds;
      if (started ? tellOnce(id) : now === 'interrupted' && isRecent && tellOnce(id)) {
        if (started) void tellFailure(entry);
        else found.add(id);
      }
    }
  });
  return vscode.Disposable.from({ dispose: end }, found);
}

const activatedAt = Date.now();
/** Where the ids of runs are kept that were told of. */
const toldKey = 'mtl.toldInterrupted';
const toldKept = 500;
/** Runs that were interrupted longer ago than two weeks are no news. */
const recentMilliseconds = 14 * 24 * 3600 * 1000;
/** Runs that are found to be interrupted within this time are told of together. */
const gatherMilliseconds = 2000;

function interruptedWords(entry: RunEntry): string {
  return t('"{0}" was interrupted: its process ended before the run was over.', shortened(runLabel(entry), 60));
}

async function offerResume(entries: readonly RunEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const resume = t('Resume');
  const words =
    entries.length === 1
      ? interruptedWords(entries[0])
      : t('{0} runs were interrupted: their processes ended before they were over.', entries.length);
  const answer = await vscode.window.showWarningMessage(words, resume);
  if (answer !== resume) return;
  await vscode.commands.executeCommand(commands.resume, ...(entries.length === 1 ? [entries[0].run.record.id] : []));
}

async function tellFailure(entry: RunEntry): Promise<void> {
  const log = t('Show Log');
  const resume = t('Resume');
  const reason = entry.summary?.failure ?? entry.problem?.message;
  const words =
    reason === undefined
      ? interruptedWords(entry)
      : t('"{0}" failed: {1}', shortened(runLabel(entry), 60), shortened(reason, 400));
  const offers = entry.summary?.continuable ? [resume, log] : [log];
  const answer = await vscode.window.showErrorMessage(words, ...offers);
  const command = answer === resume ? commands.resume : answer === log ? commands.showLog : undefined;
  if (command !== undefined) await vscode.commands.executeCommand(command, entry.run.record.id);
}

/** Tells menus what there is: runs at all, and runs that go on. */
export function keepContextKeys(runs: RunList): vscode.Disposable {
  const known = new Map<string, boolean>();
  const set = (key: string, value: boolean) => {
    if (known.get(key) === value) return;
    known.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  };
  const update = () => {
    const phases = runs.all().map(shownPhase);
    set('mtl.hasRuns', phases.length > 0);
    set('mtl.noRuns', phases.length === 0);
    set('mtl.hasLiveRuns', phases.some(isLive));
    set(
      'mtl.hasRunsToResume',
      runs.all().some((entry) => shownPhase(entry) === 'paused' || entry.summary?.continuable === true),
    );
  };
  const end = runs.onChange(update);
  void runs.refresh().then(update);
  return { dispose: end };
}
