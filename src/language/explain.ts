import type { MethodDescription } from '../common/method';
import type { Shape, Word } from '../experiment/shape';
import type { ColumnSummary } from '../experiment/tableSummary';
import { expected } from '../experiment/wording';
import { withPlainFormulas } from './formula';
import { codeSpan, paragraphs } from './markdown';

/** What a key is for, what may stand there, and what stands there if nothing is written; Markdown. */
export function explainKey(name: string, shape: Shape, required: boolean): string {
  const title = shape.title === undefined ? codeSpan(name) : `**${shape.title}** (${codeSpan(name)})`;
  const usual = defaultOf(shape);
  return paragraphs([
    title,
    shape.description,
    [`Takes ${expected(shape)}.`, defaultText(usual, required), exampleOf(shape)].filter(Boolean).join(' '),
  ]);
}

function defaultText(usual: string | undefined, required: boolean): string {
  if (usual !== undefined) return `Default: ${codeSpan(usual)}.`;
  return required ? 'Required.' : '';
}

function exampleOf({ examples }: Shape): string | undefined {
  return examples && examples.length > 0 ? `Example: ${codeSpan(flow(examples[0]))}.` : undefined;
}

/** The value that stands where nothing is written, as YAML; undefined where there is none to show. */
export function defaultOf(shape: Shape): string | undefined {
  return 'default' in shape ? flow(shape.default) : undefined;
}

/** A plain value on one line of YAML. */
export function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  return typeof value === 'string' ? value || '""' : String(value);
}

/** What a word of an enum means; of a method its definition and where it is from; Markdown. */
export function explainWord({ name, description, method }: Word): string {
  return method ? explainMethod(method) : paragraphs([codeSpan(name), description]);
}

function explainMethod({ name, title, summary, details, source }: MethodDescription): string {
  return paragraphs([
    `**${title}** (${codeSpan(name)})`,
    summary,
    withPlainFormulas(details),
    source === undefined ? undefined : `*${source}*`,
  ]);
}

/** What is known of a column; Markdown. */
export function explainColumn({ name, kind, missing, levels }: ColumnSummary): string {
  return paragraphs([
    `Column ${codeSpan(name)}`,
    kind === 'numeric' ? 'Numbers.' : 'Texts.',
    missing > 0 ? `Missing in ${missing} ${missing === 1 ? 'row' : 'rows'}.` : undefined,
    levels.length > 0
      ? `Values: ${levels.slice(0, 12).map(codeSpan).join(', ')}${levels.length > 12 ? ', …' : ''}`
      : undefined,
  ]);
}
