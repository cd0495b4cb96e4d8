import { afterAll, describe, expect, test } from 'vitest';
import { runInExtensionHost } from './harness/inHost';
import { canDriveVSCode, copyOfExamples } from './harness/machine';

if (canDriveVSCode) {
  const workspace = copyOfExamples();
  afterAll(workspace.remove);
  // Mocha runs in the extension host, all at once; each of its tests is told here under its own name.
  const tests = await runInExtensionHost(workspace.folder);
  describe('in the extension host', () => {
    test('some tests ran', () => expect(tests.length).toBeGreaterThan(0));
    for (const { name, outcome, error } of tests) {
      test.skipIf(outcome === 'skipped')(name, () => {
        if (outcome === 'failed') expect.fail(error);
      });
    }
  });
} else {
  test.skip('tests in the extension host (this machine has no Chromium)', () => undefined);
}
