// @ts-check
/**
 * Writes docs/reference/experiment-file.md from the schema of the experiment file.
 *   node scripts/reference.mjs
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bundle = join(root, '.cache', 'reference', 'referencePage.mjs');
const page = join(root, 'docs', 'reference', 'experiment-file.md');

await build({
  entryPoints: [join(root, 'src', 'experiment', 'referencePage.ts')],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // Packages are loaded as they are: one of them is CommonJS.
  packages: 'external',
  logLevel: 'warning',
});

/** @type {unknown} */
const bundled = await import(pathToFileURL(bundle).href);
const { referencePage } = /** @type {{ referencePage: () => string }} */ (bundled);
mkdirSync(dirname(page), { recursive: true });
writeFileSync(page, referencePage());
console.log(page);
