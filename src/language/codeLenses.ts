import { locate, sharedDocument } from '../experiment/document';
import type { Range } from '../experiment/problem';

/** A line of commands above an experiment; the host knows the commands. */
export interface CodeLens {
  readonly range: Range;
  readonly title: string;
  readonly command: 'run' | 'validate';
}

/** The lenses of an experiment file, above its first key. */
export function codeLenses(text: string): readonly CodeLens[] {
  const range = locate(sharedDocument(text), [], true);
  return [
    { range, title: 'Run', command: 'run' },
    { range, title: 'Validate', command: 'validate' },
  ];
}
