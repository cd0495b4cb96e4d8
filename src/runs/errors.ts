export type RunFolderCode =
  /** A folder or file of the run cannot be created or written. */
  | 'not-writable'
  | 'not-readable'
  /** A file is where another one was to be written. */
  | 'file-exists'
  /** The run folder was deleted while the run went on. */
  | 'folder-gone'
  /** Another process runs this run. */
  | 'locked'
  /** The run has nothing left to be continued. */
  | 'not-resumable'
  /** The engine that the run is to go on with does not start. */
  | 'engine-not-available'
  /** The run folder already has a journal. */
  | 'already-run'
  /** No run, or more than one, answers to a name. */
  | 'run-not-found'
  | 'run-ambiguous'
  /** The run's process did not start, or is gone. */
  | 'not-started'
  | 'not-running';

/** What goes wrong around run folders and that a person can mend: the message says what, the remedy what to do. */
export class RunFolderError extends Error {
  constructor(
    readonly code: RunFolderCode,
    message: string,
    readonly path: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'RunFolderError';
  }
}

/** The system's code of an error, such as ENOENT; empty where it has none. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is a file, not a folder',
  EEXIST: 'a part of the path is a file, not a folder',
  ENOENT: 'there is no such folder, or none can be made there',
  ENAMETOOLONG: 'the path is too long',
  ELOOP: 'the path has a loop of links',
};

/** A system error in plain words, such as `the disk is full`. */
export function systemReason(error: unknown): string {
  const code = systemCode(error);
  return reasons[code] ?? (code || (error instanceof Error ? error.message : String(error)));
}
