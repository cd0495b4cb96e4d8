import { readdirSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/** VS Code calls this in its extension host: runs every bundled test beside it, with a report for who started it. */
export function run(): Promise<void> {
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 60_000,
    reporter: 'json',
    reporterOptions: { output: process.env['MTL_HOST_TEST_REPORT'] },
  });
  for (const file of readdirSync(__dirname)) {
    if (file.endsWith('.host.js')) mocha.addFile(path.join(__dirname, file));
  }
  return new Promise((resolve, reject) => {
    mocha.run((failures) => (failures === 0 ? resolve() : reject(new Error(`${String(failures)} tests failed.`))));
  });
}
