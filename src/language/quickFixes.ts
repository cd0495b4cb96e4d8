import type { Problem, Range } from '../experiment/problem';
import { shorten } from '../experiment/wording';
import { asValue, asYaml } from './insert';

/** A change of the text that mends a problem. */
export interface QuickFix {
  readonly title: string;
  readonly range: Range;
  readonly newText: string;
}

/** How a problem can be mended in one step; none where that takes a person. */
export function quickFixes({ code, suggestion, range }: Problem): readonly QuickFix[] {
  if (suggestion === undefined) return [];
  const newText = written(code, suggestion);
  return [{ title: `Replace with ${shorten(newText)}`, range, newText }];
}

/** A suggestion as it is written: of a wrong type it is YAML already, names are texts, anything else is a value. */
function written(code: string, suggestion: string): string {
  if (code === 'wrong-type') return suggestion;
  const isName = code === 'column-not-found' || code === 'unknown-key' || code === 'unknown-task';
  return isName ? asYaml(suggestion) : asValue(suggestion);
}
