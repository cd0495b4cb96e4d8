import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { renderExperiment } from '../../src/experiment/render';
import { experimentSchema, type ExperimentInput } from '../../src/experiment/schema';
import { readJournal } from '../../src/runs/journalReader';
import type { RunEvent, RunEventOf } from '../../src/runs/events';
import type { RunRecord } from '../../src/runs/record';
import { createRunFolder } from '../../src/runs/store';
import { runFolder, type RunOutcome } from '../../src/training/run';

export type Draft = Omit<ExperimentInput, 'name'>;

export interface DraftRun {
  readonly folder: string;
  readonly events: () => Promise<readonly RunEvent[]>;
}

/** A folder that is gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mtl-training-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface DraftOptions {
  readonly seed?: number;
  readonly engine?: RunRecord['engine'];
  /** Where the run folder goes; outside of a test there must be one. */
  readonly root?: string;
  readonly role?: RunRecord['role'];
}

/** A run folder for an experiment, ready to be run. */
export async function draftRun(
  draft: Draft,
  { seed = 1, engine = 'auto', root = temporaryFolder(), role }: DraftOptions = {},
): Promise<DraftRun> {
  const text = renderExperiment(experimentSchema.parse({ name: 'A test', ...draft }));
  const file = join(root, 'test.mtl.yaml');
  const record = {
    group: 'group',
    experiment: 'A test',
    file,
    folder: root,
    seed,
    ...(role && { role }),
    engine,
    overrides: [],
    version: '0',
  };
  const { folder } = await createRunFolder(join(root, 'runs'), record, text);
  return { folder, events: async () => (await readJournal(folder)).events };
}

/** Runs an experiment to its end. */
export async function run(draft: Draft, options?: Parameters<typeof draftRun>[1]) {
  const drafted = await draftRun(draft, options);
  const outcome: RunOutcome = await runFolder(drafted.folder, new AbortController().signal);
  return { outcome, ...journalOf(await drafted.events()) };
}

export function journalOf(events: readonly RunEvent[]) {
  const of = <Type extends RunEvent['type']>(type: Type) =>
    events.filter((event): event is RunEventOf<Type> => event.type === type);
  return { events, of, last: events.at(-1)! };
}
