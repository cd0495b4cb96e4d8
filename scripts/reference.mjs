// @ts-check
/**
 * Writes the pages of docs/reference: of the experiment file from its schema, and of the relatedness measures.
 *   node scripts/reference.mjs
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Pages, the file that makes each and the name of its function. */
const pages = [
  { page: 'experiment-file.md', source: ['experiment', 'referencePage.ts'], make: 'referencePage' },
  { page: 'relatedness.md', source: ['relatedness', 'referencePage.ts'], make: 'relatednessPage' },
];

for (const { page, source, make } of pages) {
  const bundle = join(root, '.cache', 'reference', page.replace('.md', '.mjs'));
  await build({
    entryPoints: [join(root, 'src', ...source)],
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
  const file = join(root, 'docs', 'reference', page);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, /** @type {Record<string, () => string>} */ (bundled)[make]());
  console.log(file);
}
