export type InputErrorCode =
  | 'unknown-method'
  | 'unknown-measure'
  | 'groups'
  | 'invalid-options'
  | 'gradients-missing'
  | 'shape'
  | 'not-finite'
  | 'not-a-gramian'
  | 'task-order';

/** What a caller can mend: the message says what is wrong and how. */
export class InputError extends Error {
  override readonly name = 'InputError';

  constructor(
    readonly code: InputErrorCode,
    message: string,
  ) {
    super(message);
  }
}
