import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ProgramError } from '../../errors';
import type { Executor, ExecutorOptions } from '../../executor';
import type { Graph, Signature } from '../../graph/graph';
import { encodeSavedModel, savedModelFile, savedModelTag } from '../../graph/savedModel';
import { doneOutput, stateSignatures, trainingGraph } from '../../graph/trainingGraph';
import type { Program, StateSpec, TypedArray } from '../../program';
import { checkAlive, checkInputs, checkState, findProgram } from '../checks';
import { loadTensorflow, type NativeModel, type NativeTensor, type Tensorflow } from './tensorflow';

/** A way into the graph, and what it takes. */
interface Entry {
  readonly signature: Signature;
  readonly model: NativeModel;
}

/**
 * Brings programs into TensorFlow as one graph, whose variables are the state.
 * @param specs Every state tensor of the programs, once.
 * @throws ProgramError where TensorFlow does not load, or refuses the graph.
 */
export async function createNativeExecutor(
  { programs, initialState, threads, oneDnn }: ExecutorOptions,
  specs: ReadonlyMap<string, StateSpec>,
): Promise<Executor> {
  const graph = trainingGraph(programs, [...specs.values()]);
  const tensorflow = loadTensorflow(threads, oneDnn);
  const entries = await loadGraph(tensorflow, graph);
  const executor = new NativeExecutor(tensorflow, programs, specs, entries);
  executor.writeState(Object.fromEntries([...specs.keys()].map((name) => [name, initialState[name]])));
  return executor;
}

/** TensorFlow takes a graph from a folder; it is needed no longer once it has been read. */
async function loadGraph(tensorflow: Tensorflow, graph: Graph): Promise<ReadonlyMap<string, Entry>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), `mtl-graph-${process.pid}-`));
  try {
    await writeFile(path.join(folder, savedModelFile), encodeSavedModel(graph));
    const entries = new Map<string, Entry>();
    for (const signature of graph.signatures) {
      const model = await tensorflow.package.node.loadSavedModel(folder, [savedModelTag], signature.name);
      entries.set(signature.name, { signature, model });
    }
    return entries;
  } catch (error) {
    throw nativeFailure('TensorFlow does not take the graph', error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

class NativeExecutor implements Executor {
  readonly engine = 'native';
  readonly threads: number;
  readonly versions: Readonly<Record<string, string>>;
  private readonly tfjs: ReturnType<Tensorflow['package']['engine']>;
  private readonly programs: ReadonlyMap<string, Program>;
  private disposed = false;

  constructor(
    tensorflow: Tensorflow,
    programs: readonly Program[],
    private readonly specs: ReadonlyMap<string, StateSpec>,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {
    this.threads = tensorflow.threads;
    this.versions = tensorflow.versions;
    this.tfjs = tensorflow.package.engine();
    this.programs = new Map(programs.map((program) => [program.name, program]));
  }

  run(name: string, inputs: Readonly<Record<string, TypedArray>>): Readonly<Record<string, TypedArray>> {
    checkAlive(this.disposed);
    checkInputs(findProgram(this.programs, name), inputs);
    return this.call(name, inputs);
  }

  readState(): Readonly<Record<string, Float32Array>> {
    checkAlive(this.disposed);
    return this.call(stateSignatures.read, {}) as Readonly<Record<string, Float32Array>>;
  }

  writeState(values: Readonly<Record<string, Float32Array>>): void {
    checkAlive(this.disposed);
    checkState(this.specs, values);
    const all = Object.keys(values).length === this.specs.size ? values : { ...this.readState(), ...values };
    this.call(stateSignatures.write, all);
  }

  tensorCount(): number {
    return this.tfjs.backend.numDataIds();
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    for (const { model } of this.entries.values()) model.dispose();
  }

  private call(name: string, inputs: Readonly<Record<string, TypedArray>>): Record<string, TypedArray> {
    const { signature, model } = this.entries.get(name) as Entry;
    const given: Record<string, NativeTensor> = {};
    let found: Record<string, NativeTensor> = {};
    try {
      for (const [input, { shape, dtype }] of Object.entries(signature.inputs)) {
        given[input] = this.tfjs.makeTensor(inputs[input], shape, dtype);
      }
      found = model.predict(given);
      const results: Record<string, TypedArray> = {};
      for (const output in found) if (output !== doneOutput) results[output] = this.tfjs.readSync(found[output].dataId);
      return results;
    } catch (error) {
      throw nativeFailure(`TensorFlow failed in ${name}`, error);
    } finally {
      for (const input in given) this.tfjs.disposeTensor(given[input]);
      for (const output in found) this.tfjs.disposeTensor(found[output]);
    }
  }
}

function nativeFailure(what: string, error: unknown): ProgramError {
  const message = error instanceof Error ? error.message : String(error);
  return new ProgramError('executor/native-failed', `${what}: ${message} Use \`engine: wasm\` instead.`);
}
