import { stripVTControlCharacters } from 'node:util';

/** Text for a person, without what a terminal would take for an order: escape sequences, control and direction marks. */
export function clean(text: string): string {
  return stripVTControlCharacters(text).replace(unprintable, ' ');
}

// eslint-disable-next-line no-control-regex -- they are what is looked for
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g;

/**
 * Cuts a text to so many characters as a person counts them: a longer one loses its middle, with an ellipsis in its place,
 * because names often differ at their end only.
 */
export function shorten(text: string, length: number): string {
  const whole = clean(text);
  if (whole.length <= length) return whole;
  const segments = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(whole);
  const characters = Array.from(segments, ({ segment }) => segment.slice(0, 16));
  if (characters.length <= length) return characters.join('');
  const end = Math.floor((length - 1) / 3);
  return `${characters.slice(0, length - 1 - end).join('')}…${characters.slice(characters.length - end).join('')}`;
}

/** Whether colours may be used: on a terminal, unless NO_COLOR is set or the terminal is dumb. */
export function usesColour(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return stream.isTTY && TERM !== 'dumb';
}

const styles = { bold: [1, 22], dim: [2, 22], red: [31, 39], yellow: [33, 39] } as const;

export function paint(stream: NodeJS.WriteStream, style: keyof typeof styles, text: string): string {
  const [open, close] = styles[style];
  return usesColour(stream) ? `\u001b[${open}m${text}\u001b[${close}m` : text;
}

/** Prints lines on standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Prints lines on standard error: progress, notices, errors. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Prints exactly one JSON value on standard output. Control characters in it stay escaped. */
export function printJson(value: unknown): void {
  const text = JSON.stringify(value, undefined, 2);
  print(
    text.replace(/[\u007f-\u009f\u2028\u2029]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}

/** Ends the process once all that was printed is out. */
export async function exitWhenPrinted(code: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }
  process.exit(code);
}

/** A reader that has seen enough (`mtl list | head`) is no error. */
export function endQuietlyWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
      throw error;
    });
  }
}
