import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import util from 'node:util';
import { ProgramError } from '../../errors';
import type { DataType, TypedArray } from '../../program';
import { engineFolders, enginePackage } from './engineFolder';

/** A tensor of tfjs-node. */
export interface NativeTensor {
  readonly dataId: object;
}

/** One signature of a loaded SavedModel. */
export interface NativeModel {
  predict(inputs: Record<string, NativeTensor>): Record<string, NativeTensor>;
  dispose(): void;
}

/** What is used of tfjs-node, whose tfjs is another copy than ours. */
interface NativePackage {
  readonly version: Readonly<Record<string, string>>;
  readonly node: { loadSavedModel(folder: string, tags: string[], signature: string): Promise<NativeModel> };
  engine(): {
    readonly backend: { readonly binding: { readonly TF_Version: string }; numDataIds(): number };
    makeTensor(values: TypedArray, shape: readonly number[], dtype: DataType): NativeTensor;
    readSync(dataId: object): TypedArray;
    disposeTensor(tensor: NativeTensor): void;
  };
}

/** TensorFlow as it runs in this process. */
export interface Tensorflow {
  readonly package: NativePackage;
  /** The engine folder that it was found in. */
  readonly folder: string;
  /** The threads that it uses. */
  readonly threads: number;
  /** Of tfjs-node and of the TensorFlow library behind it, and whether it uses oneDNN, which changes the last bits. */
  readonly versions: Readonly<Record<'tfjsNode' | 'tensorflowLibrary' | 'oneDnn', string>>;
}

let loaded: Tensorflow | undefined;

/**
 * Loads TensorFlow, from the first engine folder that has it.
 * @param threads How many it is to use; settled by the first call in a process, as is the other.
 * @param oneDnn Whether it uses the operations of oneDNN.
 * @throws ProgramError where no folder has it, or where it does not load.
 */
export function loadTensorflow(threads = 1, oneDnn = true): Tensorflow {
  if (loaded) return loaded;
  const folders = engineFolders();
  const installed = folders.filter((folder) => existsSync(path.join(folder, 'node_modules', enginePackage)));
  const failures: string[] = [];
  for (const folder of installed) {
    try {
      const found = requireAlone(folder, threads, oneDnn);
      loaded = { package: found, folder, threads, versions: versionsOf(found) };
      return loaded;
    } catch (error) {
      failures.push(`${folder}: ${firstLine(error)}`);
    }
  }
  throw new ProgramError(
    'executor/native-not-available',
    failures.length === 0
      ? 'TensorFlow is not installed. Run `mtl engine install`.'
      : `TensorFlow does not load (${failures.join('; ')}). Run \`mtl engine install\` again.`,
  );
}

/**
 * Requires tfjs-node. Its copy of tfjs would share the state of ours, which lies in two global variables: backends,
 * kernels, and which of them is active. So it gets a state of its own.
 */
function requireAlone(folder: string, threads: number, oneDnn: boolean): NativePackage {
  // Read by TensorFlow when it is loaded.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  process.env.TF_NUM_INTRAOP_THREADS = String(threads);
  // A negative number runs the operations in the thread that calls, which saves handing over each of them.
  process.env.TF_NUM_INTEROP_THREADS ??= '-1';
  process.env.TF_ENABLE_ONEDNN_OPTS ??= oneDnn ? '1' : '0';
  restoreUtil();
  const globals = globalThis as Record<string, unknown>;
  const names = ['_tfengine', '_tfGlobals'] as const;
  const kept = names.map((name) => globals[name]);
  for (const name of names) delete globals[name];
  try {
    return createRequire(path.join(folder, 'package.json'))(enginePackage) as NativePackage;
  } finally {
    names.forEach((name, index) => (globals[name] = kept[index]));
  }
}

/** Functions that tfjs-node calls, and that Node 23 no longer has. */
function restoreUtil(): void {
  const removed: Readonly<Record<string, (value: unknown) => boolean>> = {
    isNullOrUndefined: (value) => value === null || value === undefined,
    isArray: Array.isArray,
  };
  for (const [name, replacement] of Object.entries(removed)) {
    if (!(name in util)) Object.assign(util, { [name]: replacement });
  }
}

function versionsOf(found: NativePackage): Tensorflow['versions'] {
  return {
    tfjsNode: found.version['tfjs-node'],
    tensorflowLibrary: found.engine().backend.binding.TF_Version,
    oneDnn: process.env.TF_ENABLE_ONEDNN_OPTS === '0' ? 'off' : 'on',
  };
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.trim().split('\n')[0];
}
