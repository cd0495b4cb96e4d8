import { ExperimentError } from '../experiment/problem';
import { RunFolderError } from '../runs/errors';
import type { RunEventOf } from '../runs/events';
import { TrainingError } from './errors';

/** Code of a failure that nobody thought of. */
export const unexpected = 'unexpected';

type Explanation = Pick<RunEventOf<'failed'>, 'code' | 'message' | 'step' | 'task' | 'final'>;

/** What the journal says of what a run fails by. */
export function explain(error: unknown): Explanation {
  if (error instanceof ExperimentError) {
    return { code: error.findings[0]?.code ?? 'experiment', message: error.message, final: true };
  }
  if (error instanceof RunFolderError) return { code: error.code, message: `${error.message} ${error.remedy}` };
  if (error instanceof TrainingError) {
    const final = error.code === 'loss-not-finite';
    return { code: error.code, message: error.message, ...error.where, ...(final && { final }) };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { code: unexpected, message: `Training ended with an unexpected error: ${message}` };
}
