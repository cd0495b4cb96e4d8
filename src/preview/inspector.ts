import type { InspectionRequest } from '../experiment/inspection';
import { inspect } from './inspect';
import type { TableCache } from '../data/read/loader';

/**
 * The process that reads data for the editor, so that neither a large file nor a fault of the database troubles the
 * editor itself. Forked with a message channel; see `protocol/inspector`.
 */
const cache: TableCache = new Map();
let earlier: Promise<void> = Promise.resolve();

process.on('message', (request: InspectionRequest) => {
  earlier = earlier.then(async () => {
    const response = await inspect(request, cache).catch((cause: unknown) => unanswerable(request, cause));
    if (process.connected) process.send?.(response);
  });
});
process.on('disconnect', () => process.exit(0));

function unanswerable({ id }: InspectionRequest, cause: unknown) {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `The data cannot be checked: ${reason}`;
  return { id, findings: [{ code: 'data-unreadable', severity: 'error', message, path: [] }], tables: [] };
}
