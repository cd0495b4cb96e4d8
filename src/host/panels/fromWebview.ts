import { z } from 'zod';
import { groupingChoices } from '../../protocol/groupTasks';
import type { FromWebviewMessage, PanelState } from '../../protocol/messages';
import { requestNames } from '../../runs/record';

const longestExport = 100_000_000;
const ids = z.array(z.string().max(1000)).max(1000);

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('select'), ids }),
  z.object({ type: z.literal('request'), id: z.string(), request: z.enum(requestNames) }),
  z.object({
    type: z.literal('open'),
    target: z.enum(['curves', 'relatedness', 'log', 'experiment']),
    id: z.string(),
  }),
  z.object({ type: z.literal('runExperiment') }),
  z.object({
    type: z.literal('group'),
    id: z.string(),
    measure: z.string().max(1000),
    groups: z.int().positive(),
    method: z.enum(groupingChoices.map(({ method }) => method)),
    disjoint: z.boolean(),
  }),
  z.object({
    type: z.literal('export'),
    name: z.string().max(1000),
    format: z.enum(['png', 'csv', 'svg', 'tex']),
    content: z.string().max(longestExport),
  }),
]) satisfies z.ZodType<FromWebviewMessage>;

const stateSchema = z.object({ ids }) satisfies z.ZodType<PanelState>;

/** A message of a webview, or undefined where it is none that is known. */
export function parseFromWebview(message: unknown): FromWebviewMessage | undefined {
  return messageSchema.safeParse(message).data;
}

/** The ids that a panel kept over a reload; none where it kept nothing that is known. */
export function parsePanelState(state: unknown): readonly string[] {
  return stateSchema.safeParse(state).data?.ids ?? [];
}

/** A file name that is safe to offer, whatever the webview said. */
export function exportName(name: string, format: string): string {
  const stem = name
    .replace(new RegExp(`\\.${format}$`, 'i'), '')
    .replace(/[^\p{Letter}\p{Number} _.-]+/gu, '-')
    .replace(/^[-.\s]+|[-.\s]+$/g, '')
    .slice(0, 100);
  return `${stem || 'export'}.${format}`;
}
