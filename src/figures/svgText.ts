import { oneLine } from './labels';

/** Fonts of which every viewer has one. */
export const svgFonts = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

/** The colour of what is secondary, on white. */
export const pale = '#595959';

/** A text for an XML document: in one line, with no character that XML refuses, and none that means something in it. */
export function xmlText(text: string): string {
  return oneLine(text)
    .replace(/[\p{Cs}\uFFFE\uFFFF]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}

/** An element. Attribute values are numbers, or texts that are escaped here; the content is XML. */
export function xml(name: string, attributes: Readonly<Record<string, string | number>>, content?: string): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${attribute(value)}"`);
  return content === undefined ? `<${name}${list.join('')}/>` : `<${name}${list.join('')}>${content}</${name}>`;
}

/** A text whose line begins, or as `text-anchor` says, at a place. */
export function textAt(x: number, y: number, text: string, style: Readonly<Record<string, string | number>>): string {
  return xml('text', { x, y, ...style }, xmlText(text));
}

function attribute(value: string | number): string {
  return typeof value === 'number' ? String(Number(value.toFixed(2))) : xmlText(value);
}

/**
 * About how wide a text is in a sans-serif font of this size: nothing here can measure one, and viewers have fonts of
 * their own. Rather too wide than too narrow; numbers as in DejaVu Sans, the widest of `svgFonts`.
 */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width * size;
}

function widthOf(character: string): number {
  if (/[ijltfI.,:;|'!()[\]]/.test(character)) return 0.34;
  if (/[mwMW@%]/.test(character)) return 0.92;
  if (/[#+−=<>~]/.test(character)) return 0.84;
  if (/[A-Z&]/.test(character)) return 0.7;
  if (/\d/.test(character)) return 0.64;
  return (character.codePointAt(0) ?? 0) < 0x1100 ? 0.58 : 1.1;
}

/** A text cut to a width, with an ellipsis before its last third: names often differ at their end only. */
export function fitted(text: string, size: number, width: number): string {
  const line = oneLine(text);
  if (textWidth(line, size) <= width) return line;
  let [head, tail] = ['', ''];
  const all = [...line];
  for (let [left, right] = [0, all.length - 1]; left < right;) {
    const fromEnd = tail.length * 2 < head.length;
    const next = fromEnd ? all[right--] : all[left++];
    const grown = fromEnd ? `${head}…${next}${tail}` : `${head}${next}…${tail}`;
    if (textWidth(grown, size) > width) break;
    if (fromEnd) tail = `${next}${tail}`;
    else head += next;
  }
  return `${head.trimEnd()}…${tail}`;
}

/** A text in lines no wider than this, broken at spaces. */
export function lines(text: string, size: number, width: number): readonly string[] {
  const result: string[] = [];
  for (const word of oneLine(text).split(' ')) {
    const last = result.at(-1);
    const longer = last === undefined ? word : `${last} ${word}`;
    if (last !== undefined && textWidth(longer, size) <= width) result[result.length - 1] = longer;
    else result.push(fitted(word, size, width));
  }
  return result;
}
