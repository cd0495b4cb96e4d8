import { spawnSync } from 'node:child_process';

/** The Python that tests use to read files with their real readers. */
const python = process.env.MTL_TEST_PYTHON ?? 'python3';

/** Why the Python of this machine cannot import a package; undefined where it can. Tests that need it skip with this in their name. */
export function lacksPython(...packages: readonly string[]): string | undefined {
  const imports = packages.map((name) => `import ${name}`).join('\n');
  const { status } = spawnSync(python, ['-c', imports], { stdio: 'ignore', timeout: 120_000 });
  return status === 0 ? undefined : `${python} does not import ${packages.join(', ')}`;
}

/**
 * Runs a script and gives what it printed.
 * @throws Error with what it said where it fails.
 */
export function runPython(script: string, ...words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(python, ['-c', script, ...words], {
    encoding: 'utf8',
    timeout: 300_000,
    maxBuffer: 256 * 1024 * 1024,
    env: { ...process.env, PYTHONIOENCODING: 'utf-8', TF_CPP_MIN_LOG_LEVEL: '3', CUDA_VISIBLE_DEVICES: '-1' },
  });
  if (status !== 0) throw new Error(`Python failed: ${stderr}`);
  return stdout;
}
