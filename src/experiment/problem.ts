/** A place in a text; both zero-based, columns in UTF-16 units as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Keys and indices from the root of the experiment file to a value. */
export type Path = readonly (string | number)[];

export type Severity = 'error' | 'warning' | 'information';

/** Something wrong with an experiment that a person can mend, before it has a position. */
export interface Finding {
  /** A stable word, such as `unknown-key` or `column-not-found`. */
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong, and what to do about it. */
  readonly message: string;
  readonly path: Path;
  /** Whether the key rather than the value is meant. */
  readonly atKey?: boolean;
  /** What the marked text should probably be; the editor offers it as a quick fix. */
  readonly suggestion?: string;
}

/** A finding at its place in the file. */
export interface Problem extends Finding {
  readonly range: Range;
}

/** Thrown where work on a valid-looking experiment meets something that a person must mend. */
export class ExperimentError extends Error {
  constructor(readonly findings: readonly Finding[]) {
    super(findings.map(({ message }) => message).join('\n'));
    this.name = 'ExperimentError';
  }
}
