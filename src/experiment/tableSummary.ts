/** What the editor knows of a table: enough for completion and for hovers. */
export interface ColumnSummary {
  readonly name: string;
  readonly kind: 'numeric' | 'text';
  readonly missing: number;
  /** The most frequent values of a text column, or all of a numeric column with few; most frequent first. */
  readonly levels: readonly string[];
}

export interface TableSummary {
  /** Path of the `data` object in the experiment: `['data']` or `['tasks', name, 'data']`. */
  readonly path: readonly (string | number)[];
  readonly rows: number;
  readonly columns: readonly ColumnSummary[];
}
