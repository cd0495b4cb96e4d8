import { minus, trimExponent } from '../../common/shortValue';

/** A figure in about four digits, such as `0.1234`, `12.34`, `1.2e−7`. */
export function figureText(value: number): string {
  return minus(digits(value));
}

function digits(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e6) return trimExponent(value.toExponential(2));
  if (size < 1) return value.toFixed(4);
  return size >= 1000 ? value.toFixed(0) : value.toPrecision(4);
}

/** Shortens a text from a person's file for a place with little room. */
export function shortened(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length <= length ? line : `${characters.slice(0, length - 1).join('')}…`;
}

/** A text as Markdown that shows just that text. */
export function markdownText(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]()#+\-.!|~$:@]/g, '\\$&');
}
