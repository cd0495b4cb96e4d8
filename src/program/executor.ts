import type { Program, TypedArray } from './program';

/** TensorFlow itself, where it is installed, and the embedded engines. */
export type EngineName = 'native' | 'wasm' | 'cpu';

/**
 * Runs programs that share one state. A program's inputs and outputs are plain typed arrays; state lives in the engine
 * between runs.
 */
export interface Executor {
  readonly engine: EngineName;
  /** How many threads it computes with. */
  readonly threads: number;
  /** Of what computes, beyond the tfjs that the workbench is built with; by name. */
  readonly versions: Readonly<Record<string, string>>;
  /**
   * Runs one program once and applies its updates.
   * @param inputs One array per input name, of the input's size; it may be overwritten by the caller afterwards.
   * @returns One array per output name; valid until the next call of `run`.
   */
  run(program: string, inputs: Readonly<Record<string, TypedArray>>): Readonly<Record<string, TypedArray>>;
  /** Copies of every state tensor, by name. */
  readState(): Readonly<Record<string, Float32Array>>;
  /** Overwrites the named state tensors; the others stay. */
  writeState(values: Readonly<Record<string, Float32Array>>): void;
  /** How many tensors the engine's backend holds: flat over steps. */
  tensorCount(): number;
  dispose(): void;
}

/** Programs with their shared initial state, ready to be run. */
export interface ExecutorOptions {
  readonly programs: readonly Program[];
  readonly initialState: Readonly<Record<string, Float32Array>>;
  /** How many threads the native engine may use: settled by the first executor of a process. 1 where nothing is said. */
  readonly threads?: number;
  /**
   * Whether the native engine uses the operations of oneDNN; settled by the first executor of a process. As TensorFlow
   * has it where nothing is said.
   */
  readonly oneDnn?: boolean;
}
