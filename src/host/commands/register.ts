import * as vscode from 'vscode';
import { commands, type CommandId } from '../../protocol/commands';
import type { ExperimentsTree } from '../trees/experimentsTree';
import type { Workbench } from '../workbench';
import { groupTasksOfRun } from './groupTasks';
import { installNativeEngine } from './installEngine';
import { newExperiment } from './newExperiment';
import { exportTensorBoard, predict, revealModel } from './outputCommands';
import { copyRunPath, openExperiment, removeRun, request, revealRun, showLog, showPanel } from './runCommands';
import { runExperiment } from './runExperiment';
import { runStudy } from './runStudy';
import { validate } from './validate';

type Handler = (argument: unknown) => unknown;

/** Registers every command. */
export function registerCommands(workbench: Workbench, experiments: ExperimentsTree): vscode.Disposable {
  const handlers: Readonly<Record<CommandId, Handler>> = {
    [commands.run]: (argument) => runExperiment(workbench, argument),
    [commands.validate]: (argument) => validate(workbench, argument),
    [commands.newExperiment]: () => newExperiment(workbench),
    [commands.stop]: (argument) => request(workbench, 'stop', argument),
    [commands.pause]: (argument) => request(workbench, 'pause', argument),
    [commands.resume]: (argument) => request(workbench, 'resume', argument),
    [commands.showCurves]: (argument) => showPanel(workbench, 'curves', argument),
    [commands.showRelatedness]: (argument) => showPanel(workbench, 'relatedness', argument),
    [commands.showLog]: (argument) => showLog(workbench, argument),
    [commands.openExperiment]: (argument) => openExperiment(workbench, argument),
    [commands.revealRun]: (argument) => revealRun(workbench, argument),
    [commands.copyRunPath]: (argument) => copyRunPath(workbench, argument),
    [commands.predict]: (argument) => predict(workbench, argument),
    [commands.groupTasks]: (argument) => groupTasksOfRun(workbench, argument),
    [commands.study]: (argument) => runStudy(workbench, argument),
    [commands.exportTensorBoard]: (argument) => exportTensorBoard(workbench, argument),
    [commands.revealModel]: (argument) => revealModel(workbench, argument),
    [commands.deleteRun]: (argument) => removeRun(workbench, argument),
    [commands.installEngine]: () => installNativeEngine(workbench),
    [commands.refresh]: async () => {
      experiments.refresh();
      await workbench.runs.refresh();
    },
  };
  const registered = Object.entries(handlers).map(([id, handler]) => vscode.commands.registerCommand(id, handler));
  return vscode.Disposable.from(...registered);
}
