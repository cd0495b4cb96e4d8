import { expect, test, vi } from 'vitest';
import { createProgress } from '../../src/cli/progress';
import { initialRunState, reduceRuns } from '../../src/runs/state';
import { epochBody, finishedBody, journalOf, startedBody } from '../runs/fixtures/events';

test('epochs that are read together with the end are told as they were', () => {
  const events = journalOf([startedBody(), epochBody(1, 0.25), epochBody(2, 0.5), finishedBody(0.8)]);
  const told: string[] = [];
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => told.push(String(text)) > 0);
  try {
    createProgress(false, 0).show(reduceRuns(initialRunState, events), events);
  } finally {
    write.mockRestore();
  }
  const [first, second] = told.filter((line) => line.startsWith('epoch '));
  expect(first).toMatch(/validation r2 0\.1875 {2}\S.* left\n$/);
  expect(second).toContain('validation r2 0.375  ');
});
