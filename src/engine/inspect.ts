import { existsSync } from 'node:fs';
import path from 'node:path';
import { enginePackage } from '../program/executors/native/engineFolder';
import { runTool } from './tools';

/** The folder of tfjs-node in an engine folder. */
export function packageFolder(engineFolder: string): string {
  return path.join(engineFolder, 'node_modules', enginePackage);
}

/** What an engine folder holds. */
export type FolderState =
  | { readonly state: 'absent' }
  | { readonly state: 'broken'; readonly reason: string }
  | { readonly state: 'ready'; readonly package: string; readonly tensorflow: string };

/** Requires tfjs-node in a process of its own, because an addon that does not fit may end the process. */
const inspection = `
const util = require('node:util');
util.isNullOrUndefined ??= (value) => value === null || value === undefined;
util.isArray ??= Array.isArray;
const tf = require(${JSON.stringify(enginePackage)});
const product = tf.matMul([[1, 2]], [[3], [4]]).dataSync()[0];
if (product !== 11) throw new Error('1 * 3 + 2 * 4 is said to be ' + product);
console.log(JSON.stringify({ package: tf.version['tfjs-node'], tensorflow: tf.backend().binding.TF_Version }));
`;

/** Looks whether the engine in a folder loads and computes in this Node, and which versions it has. */
export async function inspectEngineFolder(folder: string, signal?: AbortSignal): Promise<FolderState> {
  // Without its addon the package is only what npm leaves where install scripts do not run.
  if (!existsSync(path.join(packageFolder(folder), 'lib'))) return { state: 'absent' };
  const end = await runTool(process.execPath, ['-e', inspection], {
    folder: path.resolve(folder),
    environment: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '', TF_CPP_MIN_LOG_LEVEL: '2' },
    limit: 60_000,
    ...(signal && { signal }),
  });
  if (end.kind === 'missing') return { state: 'broken', reason: `${process.execPath} is gone.` };
  if (end.code !== 0) return { state: 'broken', reason: reasonIn(end.output) };
  const { package: version, tensorflow } = JSON.parse(end.stdout.trim().split('\n').at(-1) ?? '') as Versions;
  return { state: 'ready', package: version, tensorflow };
}

interface Versions {
  readonly package: string;
  readonly tensorflow: string;
}

/** The line of Node's report that names the error. */
export function reasonIn(output: string): string {
  const lines = output.trim().split('\n');
  const named = lines.find((line) => /^\w*Error\b.*: /.test(line)) ?? lines.find((line) => /error/i.test(line));
  return (named ?? lines.at(-1) ?? '').trim() || 'The process ended without a word.';
}
