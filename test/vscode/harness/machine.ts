import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { inject } from 'vitest';
import { startServer, type Server } from '../../../scripts/vscode/server.mjs';
import { examplesFolder, profilesFolder } from './places';

/** Whether this machine can run these tests at all. */
export const canDriveVSCode = inject('machine') !== undefined;

function machine() {
  const found = inject('machine');
  if (found === undefined) throw new Error('No Chromium on this machine: install the Debian package chromium.');
  return found;
}

/** A VS Code server with an empty profile of its own and the packed extension. */
export async function startVSCode(
  options: {
    readonly workspaceTrust?: boolean;
    readonly testDriver?: boolean;
    readonly settings?: Readonly<Record<string, unknown>>;
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
): Promise<Server> {
  const { node, entry, extension } = machine();
  mkdirSync(profilesFolder, { recursive: true });
  const profile = mkdtempSync(path.join(profilesFolder, 'profile-'));
  const settings = { 'workbench.colorTheme': 'Default Dark Modern', ...options.settings };
  // Where a test run is killed, its server ends by itself.
  return startServer({ installation: { node, entry }, extension, profile, idleSeconds: 300, ...options, settings });
}

const browserFlags = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync'],
];

/** The machine's own Chromium without a window. */
export async function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: machine().chromium, args: browserFlags, headless: true });
}

/** A copy of the examples that a test may change. */
export function copyOfExamples(): { readonly folder: string; readonly remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'mtl-workspace-'));
  cpSync(examplesFolder, folder, { recursive: true, filter: (source) => path.basename(source) !== '.mtl' });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}
