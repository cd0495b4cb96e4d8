// @ts-check
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Settings of a quiet window: nothing but the workbench and this extension asks for attention. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.reduceMotion': 'on',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'chat.disableAIFeatures': true,
  'remote.autoForwardPorts': false,
  'security.workspace.trust.untrustedFiles': 'open',
};

/**
 * Writes the user's settings of a new profile; one that exists is left as the person has made it.
 * @param {string} userDataFolder
 * @param {Readonly<Record<string, unknown>>} [more]
 */
export function writeSettings(userDataFolder, more = {}) {
  const file = path.join(userDataFolder, 'User', 'settings.json');
  if (existsSync(file)) return;
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...quietSettings, ...more }, null, 2));
}
