/** The token that a cursor is in, as far as it can be told from the text before it, however broken the rest is. */
export interface CursorToken {
  /** Where the token starts and ends; both are the cursor where nothing is written yet. */
  readonly start: number;
  readonly end: number;
  /** Whether the cursor is between brackets. */
  readonly inFlow: boolean;
  /** Whether the token is the first thing of its line, so that in a block it can become a key. */
  readonly first: boolean;
  /** Whether a colon follows: the token is a key. */
  readonly key: boolean;
}

interface State {
  /** Open brackets, each with the indentation of the line that it is on. */
  readonly brackets: number[];
  tokenStart: number;
  first: boolean;
  quote?: string;
  /** Within a comment or a block text, where nothing is completed. */
  silent: boolean;
}

/** The token at an offset; undefined in comments and block texts. */
export function tokenAt(text: string, offset: number): CursorToken | undefined {
  const state: State = { brackets: [], tokenStart: 0, first: true, silent: false };
  let lineStart = 0;
  let blockIndent: number | undefined;
  while (lineStart <= offset) {
    const end = lineEnd(text, lineStart);
    const indent = indentOf(text, lineStart, end);
    const blank = text.slice(lineStart + indent, end).trim() === '';
    if (blockIndent !== undefined && !blank && indent <= blockIndent) blockIndent = undefined;
    if (blockIndent === undefined) {
      startLine(state, lineStart + indent, indent, blank);
      scanLine(text, state, lineStart + indent, Math.min(end, offset), indent);
      if (opensBlock(text, state, lineStart, end)) blockIndent = indent;
    }
    if (end >= offset) break;
    lineStart = end + 1;
  }
  const inBlock = blockIndent !== undefined && lineStart > 0 && indentOf(text, lineStart, offset) > blockIndent;
  if (state.silent || inBlock) return undefined;
  return tokenFrom(text, state, offset);
}

function lineEnd(text: string, start: number): number {
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

function indentOf(text: string, start: number, end: number): number {
  let position = start;
  while (position < end && text[position] === ' ') position++;
  return position - start;
}

function startLine(state: State, start: number, indent: number, blank: boolean): void {
  // A line that is not indented beyond the line of an open bracket shows that the bracket was forgotten.
  while (!blank && state.brackets.length > 0 && indent <= state.brackets[0]) state.brackets.pop();
  state.silent = false;
  if (state.quote !== undefined && state.brackets.length === 0 && blank) state.quote = undefined;
  if (state.quote !== undefined) return;
  state.tokenStart = start;
  state.first = true;
}

function scanLine(text: string, state: State, start: number, end: number, indent: number): void {
  for (let position = start; position < end && !state.silent; position++) {
    const character = text[position];
    if (state.quote !== undefined) {
      if (state.quote === '"' && character === '\\') position++;
      else if (character === state.quote) state.quote = undefined;
    } else position = scanPlain(text, state, position, indent);
  }
}

/** Takes one character outside quotes; gives the position of the last one taken. */
function scanPlain(text: string, state: State, position: number, indent: number): number {
  const character = text[position];
  const atStart = position === state.tokenStart;
  const next = text[position + 1];
  const beforeSpace = next === undefined || /\s/.test(next);
  const begin = (at: number, first = false) => {
    state.tokenStart = at;
    state.first = first;
  };
  if (atStart && /\s/.test(character)) begin(position + 1, state.first);
  else if (atStart && (character === '"' || character === "'")) state.quote = character;
  else if (character === '#' && (position === 0 || /\s/.test(text[position - 1]))) state.silent = true;
  else if (atStart && (character === '[' || character === '{')) {
    state.brackets.push(indent);
    begin(position + 1);
  } else if (state.brackets.length > 0 && (character === ']' || character === '}')) {
    state.brackets.pop();
    begin(position + 1);
  } else if (state.brackets.length > 0 && character === ',') begin(position + 1);
  else if (character === ':' && (beforeSpace || (state.brackets.length > 0 && /[,[\]{}"']/.test(next)))) {
    begin(position + 1);
  } else if (atStart && character === '-' && beforeSpace && state.brackets.length === 0) begin(position + 1);
  return position;
}

/** Whether the value of this line is `|` or `>`: the deeper lines after it are text. */
function opensBlock(text: string, state: State, start: number, end: number): boolean {
  return state.brackets.length === 0 && /(?:^|[:-] +)[|>][+\-\d]*\s*$/.test(text.slice(start, end));
}

function tokenFrom(text: string, state: State, offset: number): CursorToken {
  const inFlow = state.brackets.length > 0;
  const start = Math.min(state.tokenStart, offset);
  const rest = text.slice(offset, lineEnd(text, offset));
  const length = restLength(rest, inFlow, state.quote);
  const after = rest.slice(length);
  return { start, end: offset + length, inFlow, first: state.first, key: /^\s*:(?:\s|$)/.test(after) };
}

/** How much of the line behind the cursor belongs to its token. */
function restLength(rest: string, inFlow: boolean, quote: string | undefined): number {
  if (quote !== undefined) {
    const closing = rest.indexOf(quote);
    return closing < 0 ? rest.trimEnd().length : closing + 1;
  }
  const stop = rest.search(inFlow ? /[,[\]{}]|:(?=\s|$)|\s#/ : /:(?=\s|$)|\s#/);
  return (stop < 0 ? rest : rest.slice(0, stop)).trimEnd().length;
}
