/**
 * What every method that a person can name in an experiment file says of itself. The editor's hovers and completions,
 * the JSON Schema and the reference page are made of these texts.
 */
export interface MethodDescription {
  /** The word written in the experiment file. */
  readonly name: string;
  /** The method's name in prose. */
  readonly title: string;
  /** One sentence. */
  readonly summary: string;
  /** Markdown: the definition, with its equation, ranges and when to use it. */
  readonly details: string;
  /** The paper or book, as `Author, Title, year`; absent where the method is folklore. */
  readonly source?: string;
}
