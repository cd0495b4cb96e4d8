const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** What a person sees as characters: an emoji of several code points is one. */
export function characters(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** Line breaks and tabs become spaces, other control characters and marks that turn the writing direction go. */
export function oneLine(text: string): string {
  return text
    .replace(/\s+/gu, ' ')
    .replace(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu, '')
    .trim();
}

/**
 * A text of at most `limit` characters. A longer one loses its middle, because names often differ at their end only.
 */
export function shorten(text: string, limit: number): string {
  const line = oneLine(text);
  if (line.length <= limit) return line;
  const all = characters(line);
  if (all.length <= limit) return line;
  const kept = Math.max(1, limit - 1);
  const end = Math.floor(kept / 3);
  return `${all.slice(0, kept - end).join('')}…${all.slice(all.length - end).join('')}`;
}

/** A text in lines of at most `width` characters, broken at spaces where there are some. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = characters(oneLine(text));
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const end = space > width / 3 ? space : width;
    lines.push(rest.slice(0, end).join(''));
    rest = rest.slice(rest[end] === ' ' ? end + 1 : end);
  }
  return [...lines, rest.join('')];
}

/** A file name that every system takes: letters, digits, dots, hyphens; at most 80 characters before the extension. */
export function fileName(parts: readonly string[], extension: string): string {
  const stem = parts
    .map((part) =>
      part
        .normalize('NFKD')
        .replace(/[^A-Za-z0-9.]+/g, '-')
        .replace(/^[-.]+|[-.]+$/g, '')
        .slice(0, 40),
    )
    .filter((part) => part !== '')
    .join('-')
    .slice(0, 80);
  return `${stem === '' ? 'chart' : stem}.${extension}`;
}
