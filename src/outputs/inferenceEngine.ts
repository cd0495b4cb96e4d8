import { predictStep } from '../model/inference';
import { createExecutor, optimize, traceProgram, type EngineName, type Executor } from '../program';
import { OutputError } from './errors';
import type { TrainedModel } from './modelFolder';

/** An engine that has the programs `predict/<stream>` of some streams. */
export interface InferenceEngine {
  readonly executor: Executor;
  readonly engine: EngineName;
}

/**
 * Puts a trained model onto the fastest engine that starts everywhere.
 * @param batches Streams, and how many rows their batches have.
 * @throws OutputError where no engine starts.
 */
export async function startInference(
  { model, parameters }: TrainedModel,
  batches: readonly { readonly stream: number; readonly rows: number }[],
): Promise<InferenceEngine> {
  const programs = batches.map(({ stream, rows }) => traceProgram(predictStep(model, stream, rows)));
  let failure: unknown;
  for (const engine of ['wasm', 'cpu'] as const) {
    try {
      const options = { programs: programs.map((program) => optimize(program, engine)), initialState: parameters };
      return { executor: await createExecutor(engine, options), engine };
    } catch (error) {
      failure = error;
    }
  }
  const reason = failure instanceof Error ? failure.message : String(failure);
  throw new OutputError('engine-not-available', `No engine starts: ${reason}`, 'Install the workbench again.');
}
