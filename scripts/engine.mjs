// @ts-check
/**
 * Installs the native engine for this clone, into .cache/engine.
 *   npm run engine:native [-- --force] [--python PATH]
 */
import path from 'node:path';
import { cacheFolder, distFolder, runCommand, runMain } from './project.mjs';
import { checkNode, ensureBuild, ensureDependencies } from './setup.mjs';

await runMain(async () => {
  checkNode();
  await ensureDependencies();
  await ensureBuild();
  const { code } = await runCommand(process.execPath, [
    ...[path.join(distFolder, 'cli.js'), 'engine', 'install'],
    ...['--folder', path.join(cacheFolder, 'engine'), ...process.argv.slice(2)],
  ]);
  return code;
});
