/** How the command line ends. */
export const exitCodes = { success: 0, failed: 1, badInput: 2, stopped: 130 } as const;

/** What is wrong with how a command was called: printed as it is, exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
