import type { EngineName } from './executor';

/** What went wrong between a step's code and its run. */
export type ProgramErrorCode =
  | 'trace/nested'
  | 'trace/reads-value'
  | 'trace/unknown-kernel'
  | 'trace/foreign-tensor'
  | 'trace/bad-update'
  | 'trace/outside'
  | 'trace/not-linear'
  | 'graph/fixed-rows'
  | 'executor/missing-kernel'
  | 'executor/missing-files'
  | 'executor/native-not-available'
  | 'executor/native-failed'
  | 'executor/bad-state'
  | 'executor/bad-input'
  | 'executor/unknown-program'
  | 'executor/disposed';

/** An error of the engine: the message says what is wrong and what to do. */
export class ProgramError extends Error {
  constructor(
    readonly code: ProgramErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'ProgramError';
  }
}

/** What is said of a kernel that an engine does not know. */
export function missingKernel(kernel: string, engine: EngineName): ProgramError {
  return new ProgramError(
    'executor/missing-kernel',
    `The engine ${engine} has no kernel ${kernel}. Use another engine, or write the step with other operations.`,
  );
}
