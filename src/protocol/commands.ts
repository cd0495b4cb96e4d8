/** Ids of the commands; package.json contributes exactly these, which a test checks. */
export const commands = {
  run: 'mtl.run',
  validate: 'mtl.validate',
  newExperiment: 'mtl.newExperiment',
  stop: 'mtl.stop',
  pause: 'mtl.pause',
  resume: 'mtl.resume',
  showCurves: 'mtl.showCurves',
  showRelatedness: 'mtl.showRelatedness',
  showLog: 'mtl.showLog',
  openExperiment: 'mtl.openExperiment',
  revealRun: 'mtl.revealRun',
  copyRunPath: 'mtl.copyRunPath',
  predict: 'mtl.predict',
  groupTasks: 'mtl.groupTasks',
  study: 'mtl.study',
  exportTensorBoard: 'mtl.exportTensorBoard',
  revealModel: 'mtl.revealModel',
  deleteRun: 'mtl.deleteRun',
  installEngine: 'mtl.installEngine',
  refresh: 'mtl.refresh',
} as const;
export type CommandId = (typeof commands)[keyof typeof commands];

/** Ids of the activity bar's container and its views. */
export const views = {
  container: 'mtl',
  experiments: 'mtl.experiments',
  runs: 'mtl.runs',
  session: 'mtl.session',
} as const;

/** Environment variable: an experiment file that is opened and run, with both panels, once when the window opens. */
export const runOnStartVariable = 'MTL_WORKBENCH_RUN_ON_START';
