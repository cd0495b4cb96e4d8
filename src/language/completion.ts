import type { Range } from '../experiment/problem';

/** One thing that can be written at the cursor. */
export interface Completion {
  readonly label: string;
  readonly kind: 'key' | 'section' | 'word' | 'method' | 'value' | 'column' | 'level' | 'task';
  /** A few words beside the label. */
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  readonly insertText: string;
  /** Whether `insertText` is a snippet (`$1`, `${1:name}`) rather than plain text. */
  readonly snippet: boolean;
  /** What is replaced. */
  readonly range: Range;
  /** Completions are shown in the order of these texts. */
  readonly sortText: string;
  /** What is typed is compared with this: the label, between quotes where the person has opened some. */
  readonly filterText: string;
  /** Whether there is something to complete right behind what is inserted. */
  readonly suggestNext: boolean;
}

/** A completion before its place and its order are known. */
export type Candidate = Pick<Completion, 'label' | 'kind' | 'insertText'> &
  Partial<Pick<Completion, 'detail' | 'documentation' | 'snippet' | 'suggestNext'>>;
