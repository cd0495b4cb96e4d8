import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { farthestRun } from '../../src/cli/sameRuns';
import type { RunEventBody } from '../../src/runs/events';
import { createRunFolder } from '../../src/runs/store';
import { finishedBody, journalOf, startedBody } from '../runs/fixtures/events';
import { temporaryFolder } from '../runs/fixtures/folders';

const failed = { type: 'failed', step: 3, seconds: 1, code: 'diverged', message: 'The loss is not finite.' } as const;
const endings: Readonly<Record<string, RunEventBody>> = {
  finished: finishedBody(0.8),
  stopped: { ...finishedBody(0.8), type: 'stopped' },
  failed,
  'failed for good': { ...failed, final: true },
};

/** Names of runs are what they ended with, newest first; those before the one that is taken are counted. */
async function taken(...ends: readonly string[]): Promise<number | undefined> {
  const root = temporaryFolder();
  const runs = [];
  for (const end of ends) {
    const about = { group: 'g', experiment: 'x', file: '', folder: '', seed: 1, overrides: [], version: '0' };
    const run = await createRunFolder(root, { ...about, engine: 'cpu' }, '');
    const events = journalOf([startedBody(), endings[end]]);
    writeFileSync(join(run.folder, 'events.jsonl'), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    runs.push(run);
  }
  const found = await farthestRun(runs);
  return found && runs.findIndex(({ folder }) => folder === found.folder);
}

describe('of runs of one experiment', () => {
  test('one that has finished is used again, whatever came after it', async () => {
    expect(await taken('failed for good', 'stopped', 'finished', 'finished')).toBe(2);
  });

  test('else the newest that can go on, whatever became of older ones', async () => {
    expect(await taken('stopped', 'failed', 'failed for good')).toBe(0);
    expect(await taken('failed for good', 'failed', 'stopped')).toBe(1);
  });

  test('none that would fail again', async () => {
    expect(await taken('failed for good')).toBeUndefined();
    expect(await taken()).toBeUndefined();
  });
});
