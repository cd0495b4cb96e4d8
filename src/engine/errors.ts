export type EngineErrorCode =
  | 'engine/cancelled'
  | 'engine/no-npm'
  | 'engine/npm-failed'
  | 'engine/unsupported-platform'
  | 'engine/no-python'
  | 'engine/no-tensorflow'
  | 'engine/no-compiler'
  | 'engine/compile-failed'
  | 'engine/does-not-load'
  | 'engine/disk-full'
  | 'engine/not-writable';

/** What keeps the native engine from being installed: the message says what, the remedy what to do. */
export class EngineError extends Error {
  constructor(
    readonly code: EngineErrorCode,
    message: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'EngineError';
  }
}

export function cancelled(): EngineError {
  return new EngineError('engine/cancelled', 'The installation was cancelled; nothing was changed.', 'Start it again.');
}

/** Whether a system error, or what a tool printed, says that the disk is full. */
export function saysDiskFull(text: string): boolean {
  return /ENOSPC|EDQUOT|no space left on device|disk quota exceeded/i.test(text);
}

export function diskFull(folder: string): EngineError {
  return new EngineError(
    'engine/disk-full',
    `The disk is full: ${folder}`,
    'The native engine needs 1.5 GB while it is installed. Free some space, or name another folder with --folder.',
  );
}
