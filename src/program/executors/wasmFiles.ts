import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ProgramError } from '../errors';

const fileName = 'tfjs-backend-wasm-simd.wasm';
const packageName = '@tensorflow/tfjs-backend-wasm';

/**
 * The folder of the WASM engine's binaries: that of the running file, where a build puts them beside the bundle, or the
 * package's own.
 */
export function findWasmFolder(): string {
  // A CommonJS bundle has no import.meta; scripts/build.mjs puts the bundle's address in its place.
  const here = fileURLToPath(import.meta.url);
  const beside = path.dirname(here);
  if (existsSync(path.join(beside, fileName))) return beside;
  try {
    const manifest = createRequire(here).resolve(`${packageName}/package.json`);
    const inPackage = path.join(path.dirname(manifest), 'dist');
    if (existsSync(path.join(inPackage, fileName))) return inPackage;
  } catch {
    // Not installed here: the error below names both places.
  }
  throw new ProgramError(
    'executor/missing-files',
    `The engine's file ${fileName} is neither in ${beside} nor in the package ${packageName}. Build again, or install the package.`,
  );
}
