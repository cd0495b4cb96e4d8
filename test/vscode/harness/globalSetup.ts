import { mkdirSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import type { TestProject } from 'vitest/node';
import { root } from '../../../scripts/project.mjs';
import { ensurePackage } from '../../../scripts/setup.mjs';
import { findChromium } from '../../../scripts/vscode/browser.mjs';
import { ensureVSCode } from '../../../scripts/vscode/install.mjs';
import { hostTestsFolder, profilesFolder, screenshotsFolder } from './places';

declare module 'vitest' {
  export interface ProvidedContext {
    /** What the tests need of this machine; undefined where there is no Chromium, and they are skipped. */
    readonly machine:
      | { readonly chromium: string; readonly extension: string; readonly node: string; readonly entry: string }
      | undefined;
  }
}

/** Bundles each file of test/vscode/host for the extension host. */
async function bundleHostTests(): Promise<void> {
  rmSync(hostTestsFolder, { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: ['test/vscode/host/*.ts'],
    outdir: hostTestsFolder,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
}

/** Packages the extension and makes sure of a VS Code, once for all test files. */
export async function setup(project: TestProject): Promise<void> {
  const chromium = findChromium();
  if (chromium === undefined) {
    project.provide('machine', undefined);
    return;
  }
  rmSync(profilesFolder, { recursive: true, force: true });
  mkdirSync(screenshotsFolder, { recursive: true });
  const [{ node, entry }, extension] = [await ensureVSCode(), await ensurePackage()];
  await bundleHostTests();
  project.provide('machine', { chromium, extension, node, entry });
}
