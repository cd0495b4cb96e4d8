import { defineConfig } from 'vitest/config';

// eslint-disable-next-line no-restricted-syntax -- vitest wants its configuration so
export default defineConfig({
  test: {
    include: ['test/vscode/*.test.ts'],
    globalSetup: ['test/vscode/harness/globalSetup.ts'],
    pool: 'forks',
    // One VS Code at a time: two on two cores would disturb each other's times.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
