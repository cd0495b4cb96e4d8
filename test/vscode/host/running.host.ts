import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { commands } from '../../../src/protocol/commands';
import { watchEventLoop, type Block } from './eventLoop';
import { experimentText, journalOf, openExperiment, runsOf, until, type JournalEvent } from './workspace';

/** The longest that the extension host may be held while a run trains, in milliseconds. */
const longestBlock = 50;

async function startRun(document: vscode.TextDocument): Promise<string> {
  const before = runsOf(document);
  await vscode.commands.executeCommand(commands.run, document.uri);
  return until('the run folder is there', () => runsOf(document).find((run) => !before.includes(run)));
}

function untilEvent(run: string, type: string, seconds = 60): Promise<JournalEvent> {
  return until(`event ${type}`, () => journalOf(run).find((event) => event.type === type), seconds * 1000);
}

function epochsOf(run: string): number {
  return journalOf(run).filter(({ type }) => type === 'epoch').length;
}

describe('running an experiment', () => {
  it('trains it to its end', async () => {
    const document = await openExperiment('short.mtl.yaml', experimentText({ epochs: 3 }));
    const run = await startRun(document);
    await untilEvent(run, 'finished');
    assert.equal(epochsOf(run), 3);
    assert.ok(journalOf(run).some(({ type }) => type === 'relatedness'));
  });

  it('trains the baseline of each seed first, and the run tells what sharing brought', async () => {
    const text = experimentText({ epochs: 2 });
    const document = await openExperiment('compared.mtl.yaml', `${text.trimEnd()}\nbaseline: single-task\n`);
    const baseline = await startRun(document);
    await untilEvent(baseline, 'finished');
    const run = await until('the run follows', () => runsOf(document).find((other) => other !== baseline));
    await untilEvent(run, 'finished');
    const roleOf = (folder: string) =>
      (JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as { readonly role?: string }).role;
    assert.deepEqual([baseline, run].map(roleOf), ['baseline', undefined]);
    assert.deepEqual(
      journalOf(run)
        .map(({ type }) => type)
        .slice(-2),
      ['gain', 'finished'],
    );
  });

  it('predicts with the model that it leaves, and writes event files for TensorBoard', async () => {
    const document = await openExperiment('leaving.mtl.yaml', experimentText({ epochs: 2 }));
    const run = await startRun(document);
    await untilEvent(run, 'finished');
    const { tables, tasks } = JSON.parse(readFileSync(path.join(run, 'model', 'model.json'), 'utf8')) as {
      readonly tables: readonly { readonly inputs: readonly string[] }[];
      readonly tasks: readonly { readonly name: string }[];
    };
    assert.equal(tables.length, 1);
    const [file, out] = ['new.csv', 'new-predictions.csv'].map((name) => path.join(run, name));
    writeFileSync(file, [tables[0].inputs.join(','), tables[0].inputs.map(() => 1).join(',')].join('\n'));
    const runId = path.basename(run);
    await vscode.commands.executeCommand(commands.predict, { runId, file, out });
    const [head, row] = readFileSync(out, 'utf8').split('\n');
    assert.equal(head, ['row', ...tasks.map(({ name }) => name)].join(','));
    assert.match(row, /^1(,-?[\d.e-]+)+$/);
    assert.equal(vscode.window.activeTextEditor?.document.fileName, out);
    // What it tells stays until a person closes it.
    void vscode.commands.executeCommand(commands.exportTensorBoard, runId);
    await until('event files are there', () => existsSync(path.join(run, 'tensorboard', 'train')));
  });

  it('saves the file first, and runs what is in the editor', async () => {
    const document = await openExperiment('unsaved.mtl.yaml', experimentText({ epochs: 3 }));
    const edit = new vscode.WorkspaceEdit();
    const at = document.positionAt(document.getText().indexOf('epochs: 3') + 'epochs: '.length);
    edit.replace(document.uri, new vscode.Range(at, at.translate(0, 1)), '2');
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.isDirty, true);
    const run = await startRun(document);
    assert.equal(document.isDirty, false);
    await untilEvent(run, 'finished');
    assert.equal(epochsOf(run), 2);
  });

  it('does not run a file with an error', async () => {
    const document = await openExperiment('wrong.mtl.yaml', experimentText().replace('epochs: 3', 'epochs: many'));
    await vscode.commands.executeCommand(commands.run, document.uri);
    await delay(2000);
    assert.deepEqual(runsOf(document), []);
  });

  it('pauses, resumes and stops a run', async () => {
    const document = await openExperiment('long.mtl.yaml', experimentText({ epochs: 100_000 }));
    const run = await startRun(document);
    const id = run.slice(run.lastIndexOf('/') + 1);
    await untilEvent(run, 'epoch');
    await vscode.commands.executeCommand(commands.pause, id);
    await untilEvent(run, 'paused');
    const paused = epochsOf(run);
    await delay(1500);
    assert.equal(epochsOf(run), paused, 'no epoch while it is paused');
    await vscode.commands.executeCommand(commands.resume, id);
    await until('it goes on', () => epochsOf(run) > paused);
    await vscode.commands.executeCommand(commands.stop, id);
    await untilEvent(run, 'stopped');
  });

  it('resumes a run whose process was killed, to its end', async () => {
    const document = await openExperiment('killed.mtl.yaml', experimentText({ epochs: 150, everySteps: 5 }));
    const run = await startRun(document);
    await untilEvent(run, 'checkpoint');
    const { processId } = JSON.parse(readFileSync(path.join(run, 'process.json'), 'utf8')) as { processId: number };
    process.kill(processId, 'SIGKILL');
    const id = path.basename(run);
    // As soon as the window has noticed: before that the run seems to go on and cannot be resumed.
    await until('it goes on', async () => {
      await vscode.commands.executeCommand(commands.refresh);
      await vscode.commands.executeCommand(commands.resume, id);
      return journalOf(run).some(({ type }) => type === 'resumed');
    });
    await untilEvent(run, 'finished', 120);
    assert.equal(epochsOf(run), 150);
  });

  it('never holds the extension host for more than 50 ms', async () => {
    await vscode.commands.executeCommand(commands.showCurves);
    await vscode.commands.executeCommand(commands.showRelatedness);
    const document = await openExperiment('watched.mtl.yaml', experimentText({ epochs: 100_000, rows: 4000 }));
    const run = await startRun(document);
    await until('it has trained for some epochs', () => epochsOf(run) >= 3);
    const before = epochsOf(run);
    const watches: (readonly Block[])[] = [];
    // What holds the host does so each time; a machine that is short of cores does so now and then.
    while (watches.length < 3 && watches.every((blocks) => blocks.length > 0)) {
      const end = watchEventLoop(longestBlock);
      await delay(8000);
      const { blocks, ticks } = await end();
      assert.ok(ticks > 160, `the watch saw enough: ${String(ticks)} ticks`);
      watches.push(blocks);
    }
    const trained = epochsOf(run) - before;
    await vscode.commands.executeCommand(commands.stop, run.slice(run.lastIndexOf('/') + 1));
    await untilEvent(run, 'stopped');
    assert.ok(trained > 0, 'it trained meanwhile');
    assert.deepEqual(watches.at(-1), [], JSON.stringify(watches));
  });
});
