/**
 * How the bench talks with the processes of its contenders: one JSON object a line. A process says `ready` or
 * `unavailable` once; then it is sent numbers of steps, and answers each with the times of the steps.
 */
export type Reply =
  | { readonly kind: 'ready'; readonly versions: Readonly<Record<string, string>> }
  | { readonly kind: 'unavailable'; readonly reason: string }
  | {
      readonly kind: 'times';
      /** Milliseconds of each step, by what the contender distinguishes; the empty name for the step as such. */
      readonly rows: Readonly<Record<string, readonly number[]>>;
      /** Other figures, such as a number of rows. */
      readonly figures?: Readonly<Record<string, number>>;
    };

/** @throws Error where the line is none of a contender's. */
export function parseReply(line: string): Reply {
  const reply = JSON.parse(line) as Partial<Reply> | null;
  if (reply?.kind === 'ready' || reply?.kind === 'unavailable' || reply?.kind === 'times') return reply as Reply;
  throw new Error(`A contender answered: ${line.slice(0, 200)}`);
}

/** Cuts a stream of text into its lines. */
export class Lines {
  private rest = '';

  /** @returns the lines that are complete with this piece of text; empty ones are left out. */
  take(text: string): string[] {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    return lines.filter((line) => line.trim() !== '');
  }
}
