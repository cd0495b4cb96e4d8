import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runFiles } from '../../runs/record';
import { findRun } from '../../runs/store';
import { runPositional, runsOption, runsRoot, type Command, type RunPositional, type RunsOption } from '../command';
import { exitCodes, UsageError } from '../errors';
import { nearest } from '../nearest';
import { clean, note } from '../terminal';

interface ExportOptions extends RunPositional, RunsOption {
  readonly what: string;
  readonly out: string | undefined;
}

/** What can be exported: where it goes without `--out`, and how it is made. */
const exports = {
  tensorboard: {
    place: runFiles.tensorboard,
    async write(run: string, out: string) {
      const { exportTensorBoard } = await import('../../outputs/tensorboard/export');
      await exportTensorBoard(run, out);
    },
    usage: (out: string) => `tensorboard --logdir ${out}`,
  },
  'saved-model': {
    place: join(runFiles.model, 'saved_model'),
    async write(run: string, out: string) {
      const { exportGraph } = await import('../../outputs/modelFolder');
      await exportGraph(run, 'savedModel', out);
    },
    usage: (out: string) => `tf.saved_model.load("${out}")`,
  },
  tfjs: {
    place: join(runFiles.model, 'tfjs'),
    async write(run: string, out: string) {
      const { exportGraph } = await import('../../outputs/modelFolder');
      await exportGraph(run, 'graphModel', out);
    },
    usage: (out: string) => `tf.loadGraphModel("file://${out}/model.json")`,
  },
} as const;

export const exportCommand: Command<ExportOptions> = {
  name: 'export',
  takes: '<what> <run>',
  summary: 'Write a run as tensorboard, saved-model or tfjs',
  examples: [
    ['mtl export tensorboard latest', 'Event files, to be seen with: tensorboard --logdir DIR'],
    ['mtl export saved-model latest --out served/1', 'A SavedModel for TensorFlow Serving or Python'],
    ['mtl export tfjs latest', 'A graph model for TensorFlow.js'],
  ],
  positionals: {
    what: { type: 'string', demandOption: true, describe: `One of ${Object.keys(exports).join(', ')}` },
    ...runPositional,
  },
  options: {
    out: { type: 'string', requiresArg: true, describe: 'The folder to write. Without it: one in the run folder' },
    ...runsOption,
  },
  async run({ what, run: name, runs, out }) {
    const chosen = Object.hasOwn(exports, what) ? exports[what as keyof typeof exports] : undefined;
    if (chosen === undefined) throw new UsageError(`Unknown format "${what}". ${advice(what)}`);
    const { folder } = await findRun(name, await runsRoot(runs));
    const target = out === undefined ? join(folder, chosen.place) : resolve(out);
    if (out !== undefined && what !== 'tensorboard') refuseOthers(target);
    await chosen.write(folder, target);
    note(`Wrote ${clean(target)}\n  ${clean(chosen.usage(target))}`);
    return exitCodes.success;
  },
};

function advice(what: string): string {
  const names = Object.keys(exports);
  const meant = nearest(what, names);
  return meant === undefined ? `Formats: ${names.join(', ')}.` : `Did you mean "${meant}"?`;
}

/** A folder is replaced whole, so it must be empty or from an earlier export. */
function refuseOthers(folder: string): void {
  if (!existsSync(folder)) return;
  const names = statSync(folder).isDirectory() ? readdirSync(folder) : [folder];
  if (names.every((name) => /^(saved_model\.pb|model\.json|group1-shard\d+of\d+\.bin)$/.test(name))) return;
  throw new UsageError(`--out names something that holds other files: ${folder}. Name a new folder.`);
}
