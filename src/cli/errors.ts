export { exitCodes } from '../protocol/exitCodes';

/** What is wrong with how a command was called: printed as it is, exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}
