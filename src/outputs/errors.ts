export type OutputCode =
  /** The run left no model, or none that can be read. */
  | 'no-model'
  | 'model-damaged'
  /** The model cannot be written as a graph of TensorFlow. */
  | 'no-graph'
  /** A task that the run does not have, or none where one must be chosen. */
  | 'task-not-chosen'
  | 'not-writable'
  | 'engine-not-available';

/** What goes wrong with what a run leaves for others, and that a person can mend. */
export class OutputError extends Error {
  constructor(
    readonly code: OutputCode,
    message: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'OutputError';
  }
}
