import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reportEngines, type EngineReport } from '../../engine/engines';
import { EngineError } from '../../engine/errors';
import { installFolder } from '../../engine/folders';
import { installEngine } from '../../engine/install';
import { jsonOption, type Command } from '../command';
import { exitCodes, UsageError } from '../errors';
import { takeInterrupts } from '../interrupts';
import { renderTable } from '../tables';
import { clean, note, print, printJson } from '../terminal';

interface EngineOptions {
  readonly what: string;
  readonly folder: string | undefined;
  readonly python: string | undefined;
  readonly force: boolean;
  readonly json: boolean;
}

const actions: Readonly<Record<string, (options: EngineOptions, signal: AbortSignal) => Promise<number>>> = {
  list,
  install,
};

export const engineCommand: Command<EngineOptions> = {
  name: 'engine',
  takes: '<what>',
  summary: 'Install the native engine, or list which engines work here',
  examples: [
    ['mtl engine list', 'Each engine with its versions and a self-test'],
    ['mtl engine install', 'Get TensorFlow for Node, the fastest engine'],
    ['mtl engine install --python .venv/bin/python', 'Where it is built here: against the TensorFlow of this Python'],
  ],
  positionals: { what: { type: 'string', demandOption: true, describe: '`list` or `install`' } },
  options: {
    ...jsonOption,
    folder: {
      type: 'string',
      requiresArg: true,
      describe: 'Install into this folder. Without it: what MTL_ENGINE_FOLDER says, or the data folder of the user',
    },
    python: {
      type: 'string',
      requiresArg: true,
      describe: 'Look for TensorFlow in this Python. Without it: python3, python',
    },
    force: { type: 'boolean', default: false, describe: 'Install again though the engine works' },
  },
  async run(options) {
    if (!Object.hasOwn(actions, options.what)) {
      throw new UsageError(`"${options.what}" is not known: write \`list\` or \`install\`. See: mtl engine --help`);
    }
    const abort = new AbortController();
    const release = takeInterrupts(() => abort.abort());
    try {
      return await actions[options.what](options, abort.signal);
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'engine/cancelled') throw error;
      note(error.message);
      return exitCodes.stopped;
    } finally {
      release();
    }
  },
};

async function install({ folder, python, force, json }: EngineOptions, signal: AbortSignal): Promise<number> {
  const installed = await installEngine({
    folder: folder === undefined ? installFolder() : resolve(folder),
    pythons: python === undefined ? ['python3', 'python'] : [python],
    force,
    say: (text) => note(clean(text)),
    signal,
  });
  if (json) printJson(installed);
  else {
    const versions = `tfjs-node ${installed.package}, TensorFlow ${installed.tensorflow}`;
    print(`${installed.changed ? 'Installed' : 'Already there'}: ${clean(`${versions} in ${installed.folder}`)}`);
  }
  return exitCodes.success;
}

/** Succeeds where an engine works at all; a native engine that is there but broken is a failure. */
async function list({ json }: EngineOptions, signal: AbortSignal): Promise<number> {
  const script = join(dirname(fileURLToPath(import.meta.url)), 'engineTest.js');
  const engines = await reportEngines(script, signal);
  if (json) printJson({ engines });
  else {
    print(renderTable(['engine', 'state', 'self-test', 'versions', 'folder'], engines.map(cells), 5));
    for (const { engine, reason } of engines) if (reason !== undefined) note(clean(`${engine}: ${reason}`));
  }
  return engines.some(({ state }) => state === 'broken') ? exitCodes.failed : exitCodes.success;
}

function cells({ engine, state, difference, versions, folder }: EngineReport): readonly string[] {
  return [
    engine,
    state,
    difference === undefined ? '-' : `off by ${difference.toExponential(0)}`,
    Object.entries(versions)
      .map((entry) => entry.join(' '))
      .join(', '),
    folder ?? '-',
  ];
}
