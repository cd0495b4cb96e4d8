/** What one measure of relatedness is about to cost. */
export interface MeasureEstimate {
  readonly measure: string;
  /** A few words: `≈ +3 % of training`. */
  readonly label: string;
  /** The same in as few words as there is room for behind a name: `≈ +3 %`. */
  readonly short: string;
  /** Markdown: the formula, and the same in the numbers of the experiment. */
  readonly explanation: string;
  /** Multiplications: of each measured step beside its own, or once in the end. */
  readonly multiplications?: number;
  /** Of those of training without it, 0.03 being 3 per cent. */
  readonly share?: number;
  /** Networks that are trained beside that of the run. */
  readonly trainings?: number;
}
