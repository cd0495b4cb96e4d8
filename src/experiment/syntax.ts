import { isMap, isScalar, visit } from 'yaml';
import type { Document, ErrorCode, Node, Scalar, YAMLMap } from 'yaml';
import type { Problem, Range } from './problem';
import { code } from './wording';

type Ranged = (start: number, end: number) => Range;

const remedies: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'Give the anchor that this alias (`*`) means, or write the value out.',
  BAD_DQ_ESCAPE:
    'Between double quotes a backslash starts an escape. Write `\\\\` for a backslash, or use single quotes.',
  BAD_INDENT: 'The indentation does not fit the lines around it. Keys of one level start in the same column.',
  BAD_SCALAR_START: 'A value cannot start with this character. Put the value in quotes.',
  BLOCK_AS_IMPLICIT_KEY:
    'A line holds one key and its value. Start a new line, or put a value that holds `: ` in quotes.',
  BLOCK_IN_FLOW: 'Between `{` and `}` or `[` and `]` write values with commas between them, not lines with keys.',
  KEY_OVER_1024_CHARS: 'The `:` of this key is missing or too far from its start.',
  MULTILINE_IMPLICIT_KEY: 'A `:` is missing here, or a bracket or quote is not closed.',
  MULTIPLE_DOCS: 'A file holds one experiment. Take out the `---` and what follows it.',
  TAB_AS_INDENT: 'Indent with spaces; YAML takes no tabs.',
  TAG_RESOLVE_FAILED: 'The tag (`!`) means nothing here. Take it out, or put the value in quotes.',
  UNEXPECTED_TOKEN: 'This does not belong here. See whether a quote, a comma or a bracket is missing before it.',
};

/** Where a text is no YAML, in plain words. Of problems on one line only the first: the others follow from it. */
export function syntaxProblems(document: Document.Parsed, text: string, range: Ranged): Problem[] {
  const problems: Problem[] = [];
  for (const { code: errorCode, message, pos } of [...document.errors, ...document.warnings]) {
    const end = Math.min(text.length, Math.max(pos[1], pos[0] + 1));
    const place = range(Math.min(pos[0], text.length), end);
    if (problems.some((problem) => problem.range.start.line === place.start.line)) continue;
    const said = missingCharacter(message) ?? remedies[errorCode] ?? `This is no YAML: ${message}.`;
    problems.push({ code: 'yaml-syntax', severity: 'error', message: said, path: [], range: place });
  }
  return [
    ...problems,
    ...duplicateKeys(document, range),
    ...unknownAliases(document, range),
    ...oddAnchors(document, range),
  ];
}

function missingCharacter(message: string): string | undefined {
  const quote = /closing (["'])/.exec(message)?.[1];
  if (quote !== undefined) return `The quote is not closed. Add ${code(quote)} at the end of the text.`;
  const bracket = /end with a ([}\]])/.exec(message)?.[1];
  if (bracket === undefined) return message.startsWith('Missing ,') ? 'A comma is missing before this.' : undefined;
  const opened = bracket === '}' ? '{' : '[';
  return `The bracket ${code(opened)} is not closed, or what is in it is not indented. Add ${code(bracket)}.`;
}

function duplicateKeys(document: Document.Parsed, range: Ranged): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Map(_, map: YAMLMap) {
      const names = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key) || key.value === '<<') continue;
        const name = String(key.value);
        if (names.has(name)) problems.push(duplicate(key, name, range));
        names.add(name);
      }
    },
  });
  return problems;
}

function duplicate(key: Scalar, name: string, range: Ranged): Problem {
  const [start, end] = key.range ?? [0, 0];
  const message = `${code(name)} is written twice here. Take one of them out.`;
  return { code: 'duplicate-key', severity: 'error', message, path: [], range: range(start, end) };
}

function unknownAliases(document: Document.Parsed, range: Ranged): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document)) return;
      const [start, end] = alias.range ?? [0, 0];
      const message = `No anchor is named ${code(alias.source)}. Mark the value that is meant with ${code(`&${alias.source}`)}, or put this text in quotes.`;
      problems.push({ code: 'yaml-syntax', severity: 'error', message, path: [], range: range(start, end) });
    },
  });
  return problems;
}

/** Blanks of other scripts and control characters, which the YAML reader takes within the name of an anchor and never writes. */
const notInAnchors = /[\p{White_Space}\p{Control}]/u;

function oddAnchors(document: Document.Parsed, range: Ranged): Problem[] {
  const problems: Problem[] = [];
  visit(document, {
    Node(_, node) {
      if (!('anchor' in node) || node.anchor === undefined || !notInAnchors.test(node.anchor)) return;
      const [start, end] = node.range ?? [0, 0];
      const message =
        'The name of this anchor (`&`) has a blank or a control character in it. Write letters and digits.';
      problems.push({ code: 'yaml-syntax', severity: 'error', message, path: [], range: range(start, end) });
    },
  });
  return problems;
}

/** Whether nothing is written. */
export function isBlank(document: Document.Parsed): boolean {
  const contents: Node | null = document.contents;
  if (contents === null) return true;
  if (isScalar(contents)) return contents.value === null;
  return isMap(contents) && contents.items.length === 0;
}
