// @ts-check
import { existsSync } from 'node:fs';
import path from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const macPlaces = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * @param {readonly string[]} wanted names of a program
 * @returns {string | undefined} the first of them on the PATH
 */
export function findOnPath(wanted) {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  return wanted
    .flatMap((name) => folders.flatMap((folder) => endings.map((ending) => path.join(folder, name + ending))))
    .find((file) => existsSync(file));
}

/** @returns {string | undefined} a Chromium of this machine, which the tests of the user interface need */
export function findChromium() {
  return findOnPath(names) ?? macPlaces.find((file) => existsSync(file));
}
