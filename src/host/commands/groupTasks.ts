import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { exitCodes } from '../../protocol/exitCodes';
import { groupingChoices, type GroupTasksArgument } from '../../protocol/groupTasks';
import { readRun } from '../../runs/read';
import { figuresOf } from '../../runs/report';
import { readRecord, type StoredRun } from '../../runs/store';
import { shortened } from '../labels/figures';
import { runCommandLine } from '../runs/commandLine';
import { startCommandLine } from '../runs/start';
import { t } from '../words';
import type { Workbench } from '../workbench';
import { cliScript, withoutMark } from './cliScript';
import { pickRun } from './pick';
import { mayRun } from './trust';

/** What the command line prints of a grouping, as far as it is looked at here. */
interface Grouping {
  readonly groups: readonly { readonly serves: readonly string[]; readonly helpers: readonly string[] }[];
}
interface WrittenGrouping extends Grouping {
  readonly files: Readonly<Record<'grouped' | 'together' | 'alone', { readonly file: string }>>;
  readonly report: string;
}

interface Choice {
  readonly run: StoredRun;
  readonly measure: string;
  readonly method: (typeof groupingChoices)[number];
  readonly groups: number;
}

/**
 * Groups the tasks of a run: asks by what, shows the groups, writes the experiments that check them, opens that of the
 * groups, and runs the check if that is wanted. Whatever the argument says is not asked for.
 */
export async function groupTasksOfRun(workbench: Workbench, argument: unknown): Promise<void> {
  if (!(await mayRun())) return;
  const given = givenBy(argument);
  const run = await runOf(workbench, argument, given);
  const choice = run && (await choose(run, given));
  if (choice === undefined) return;
  const words = ['group', choice.run.folder, '--groups', String(choice.groups), '--measure', choice.measure];
  words.push('--method', choice.method.method, ...(choice.method.disjoint ? ['--disjoint'] : []));
  const grouping = await ask<Grouping>(workbench, words);
  if (grouping === undefined) return;
  const [write, check] = [t('Write Experiments'), t('Write and Check')];
  const answer = await vscode.window.showInformationMessage(
    t('Groups by {0}: {1}', choice.measure, grouping.groups.length),
    { modal: true, detail: detailOf(grouping) },
    write,
    check,
  );
  if (answer === undefined) return;
  const written = await writeExperiments(workbench, [...words, '--write', choice.run.record.folder]);
  if (written === undefined) return;
  await vscode.window.showTextDocument(vscode.Uri.file(written.files.grouped.file), { preview: false });
  if (answer === check) await startCheck(workbench, choice.run, words, written);
  else await offerCheck(workbench, choice.run, words, written);
}

function givenBy(argument: unknown): Partial<GroupTasksArgument> {
  if (typeof argument !== 'object' || argument === null) return {};
  const value = (key: string): unknown => Reflect.get(argument, key);
  const [folder, measure, groups, method] = ['folder', 'measure', 'groups', 'method'].map(value);
  const known = groupingChoices.find((choice) => choice.method === method)?.method;
  return {
    ...(typeof folder === 'string' && { folder }),
    ...(typeof measure === 'string' && { measure }),
    ...(typeof groups === 'number' && { groups }),
    ...(known && { method: known, disjoint: value('disjoint') === true }),
  };
}

async function runOf(
  { runs }: Workbench,
  argument: unknown,
  { folder }: Partial<GroupTasksArgument>,
): Promise<StoredRun | undefined> {
  if (folder === undefined) {
    const title = t('Group Tasks of Run');
    return (await pickRun(runs, argument, title, ({ run }) => run.record.role === undefined))?.run;
  }
  const found = await readRecord(folder);
  if ('record' in found) return found;
  void vscode.window.showErrorMessage(t('This is no run: {0}', folder));
  return undefined;
}

async function choose(run: StoredRun, given: Partial<GroupTasksArgument>): Promise<Choice | undefined> {
  const { state } = await readRun(run);
  const measures = figuresOf(state).relatedness.map(({ measure }) => measure);
  if (measures.length === 0 || state.tasks.length < 2) {
    void vscode.window.showInformationMessage(
      t('This run has no relatedness matrix to group its tasks by. Give `relatedness.measures` a measure, and run it.'),
    );
    return undefined;
  }
  const measure = given.measure ?? (await pickMeasure(measures));
  const method = measure === undefined ? undefined : await methodOf(given);
  if (measure === undefined || method === undefined) return undefined;
  const groups = given.groups ?? (await pickNumber(state.tasks.length, method.method === 'tag'));
  return groups === undefined ? undefined : { run, measure, method, groups };
}

async function pickMeasure(measures: readonly string[]): Promise<string | undefined> {
  if (measures.length === 1) return measures[0];
  return vscode.window.showQuickPick(measures, {
    title: t('Group Tasks (1 of 3)'),
    placeHolder: t('By which measure of relatedness?'),
  });
}

async function methodOf({ method, disjoint }: Partial<GroupTasksArgument>): Promise<Choice['method'] | undefined> {
  const given = groupingChoices.find((choice) => choice.method === method && choice.disjoint === (disjoint ?? false));
  // Of a method that has no such choice, what else there is.
  if (method !== undefined) return given ?? groupingChoices.find((choice) => choice.method === method);
  const items = groupingChoices.map((choice) => ({ label: choice.title, detail: choice.summary, choice }));
  const picked = await vscode.window.showQuickPick(items, {
    title: t('Group Tasks (2 of 3)'),
    placeHolder: t('How shall they be grouped?'),
  });
  return picked?.choice;
}

const mostOffered = 30;

async function pickNumber(tasks: number, atMost: boolean): Promise<number | undefined> {
  const usual = Math.max(2, Math.round(tasks / 3));
  const numbers = Array.from({ length: Math.min(tasks, mostOffered) }, (_, place) => place + 1);
  const ordered = [usual, ...numbers.filter((number) => number !== usual)];
  const picked = await vscode.window.showQuickPick(
    ordered.map((number) => ({
      label: number === 1 ? t('1 group') : t('{0} groups', number),
      description: number === usual ? t('about three tasks in each') : '',
      number,
    })),
    { title: t('Group Tasks (3 of 3)'), placeHolder: atMost ? t('How many groups at most?') : t('How many groups?') },
  );
  return picked?.number;
}

function detailOf({ groups }: Grouping): string {
  const shown = groups.slice(0, 20).map(({ serves, helpers }, place) => {
    const help = helpers.length === 0 ? '' : t(', helped by {0}', helpers.join(', '));
    return shortened(`${place + 1}: ${serves.join(', ')}${help}`, 200);
  });
  const more = groups.length > shown.length ? [t('and {0} more', groups.length - shown.length)] : [];
  const what = t(
    'Three experiments are written beside the one of the run: these groups, all tasks together, each task alone. The check trains them over five seeds and says whether the groups are better.',
  );
  return [...shown, ...more, '', what].join('\n');
}

/** Has the command line write the experiments; files that are in the way are replaced only after asking. */
async function writeExperiments(workbench: Workbench, words: readonly string[]): Promise<WrittenGrouping | undefined> {
  const end = await jsonOf(workbench, words);
  if (!/with another content/.test(end.said)) return told<WrittenGrouping>(end);
  const overwrite = t('Overwrite');
  const detail = withoutMark(end.said.split('\n')[0]);
  const question = t('Replace experiment files that are there already?');
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, overwrite);
  return answer === overwrite ? ask<WrittenGrouping>(workbench, [...words, '--overwrite']) : undefined;
}

async function offerCheck(
  workbench: Workbench,
  run: StoredRun,
  words: readonly string[],
  written: WrittenGrouping,
): Promise<void> {
  const check = t('Run the Check');
  const text = t('The experiments were written. The check trains them and says whether the groups are better.');
  const answer = await vscode.window.showInformationMessage(text, check);
  if (answer === check) await startCheck(workbench, run, words, written);
}

/** Runs the check in a process that outlives the window; says what came out, if the window is still there. */
async function startCheck(
  { context, runs }: Workbench,
  run: StoredRun,
  words: readonly string[],
  { report }: WrittenGrouping,
): Promise<void> {
  const { folder } = run.record;
  runs.addRoot(dirname(run.folder));
  const script = cliScript(context);
  const { ended } = await startCommandLine(script, [...words, '--write', folder, '--check', '--quiet'], folder);
  const open = t('Open Report');
  void vscode.window.showInformationMessage(
    t('The check has started. Its runs appear under Runs; its report will be {0}', report),
  );
  const { code, said } = await ended;
  if (code !== 0) {
    if (code !== exitCodes.stopped)
      void vscode.window.showErrorMessage(t('The check ended early: {0}', withoutMark(said)));
    return;
  }
  const answer = await vscode.window.showInformationMessage(t('The check of the groups has finished.'), open);
  if (answer === open) await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.file(report));
}

async function ask<Value>(workbench: Workbench, words: readonly string[]): Promise<Value | undefined> {
  return told<Value>(await jsonOf(workbench, words));
}

function jsonOf({ context }: Workbench, words: readonly string[]) {
  return runCommandLine(cliScript(context), [...words, '--json'], dirname(words[1]));
}

function told<Value>({ code, printed, said }: Awaited<ReturnType<typeof jsonOf>>): Value | undefined {
  if (code === 0) return JSON.parse(printed) as Value;
  void vscode.window.showErrorMessage(withoutMark(said));
  return undefined;
}
