import { engineFolders, engineFolderVariable } from '../program/executors/native/engineFolder';
import { inspectEngineFolder, reasonIn } from './inspect';
import { runTool } from './tools';

/** Every engine, the fastest first. */
const engineNames = ['native', 'wasm', 'cpu'] as const;
type EngineName = (typeof engineNames)[number];

export function isEngineName(name: string | undefined): name is EngineName {
  return engineNames.some((known) => known === name);
}

/** What is known of an engine on this machine. */
export interface EngineReport {
  readonly engine: EngineName;
  readonly state: 'works' | 'absent' | 'broken';
  /** Why it does not work, and what to do; absent where it works. */
  readonly reason?: string;
  /** Where it was found; absent for engines that are part of the workbench. */
  readonly folder?: string;
  /** Versions by what has them, such as tfjs-node, TensorFlow and Node. */
  readonly versions: Readonly<Record<string, string>>;
  /** The largest difference of a weight from the expected one after some steps; absent where it does not work. */
  readonly difference?: number;
}

/**
 * Looks which engines there are, and has each train a few steps.
 * @param testScript The bundled engineTest.js.
 */
export async function reportEngines(testScript: string, signal?: AbortSignal): Promise<readonly EngineReport[]> {
  const reports: EngineReport[] = [];
  for (const engine of engineNames) {
    reports.push(
      engine === 'native'
        ? await reportNative(testScript, signal)
        : await tested({ engine, versions: { Node: process.versions.node } }, testScript, {}, signal),
    );
  }
  return reports;
}

const remedy = 'Run `mtl engine install --force`, or the command "MTL: Install Native Engine".';

async function reportNative(testScript: string, signal: AbortSignal | undefined): Promise<EngineReport> {
  const versions = { Node: process.versions.node };
  let broken: EngineReport | undefined;
  for (const folder of engineFolders()) {
    const found = await inspectEngineFolder(folder, signal);
    if (found.state === 'absent') continue;
    if (found.state === 'broken') {
      broken ??= {
        engine: 'native',
        state: 'broken',
        reason: `It does not load: ${found.reason} ${remedy}`,
        folder,
        versions,
      };
      continue;
    }
    const known = { 'tfjs-node': found.package, TensorFlow: found.tensorflow, ...versions };
    return tested(
      { engine: 'native', folder, versions: known },
      testScript,
      { [engineFolderVariable]: folder },
      signal,
    );
  }
  const reason = 'It is not installed. Run `mtl engine install`, or the command "MTL: Install Native Engine".';
  return broken ?? { engine: 'native', state: 'absent', reason, versions };
}

async function tested(
  report: Omit<EngineReport, 'state'>,
  testScript: string,
  environment: NodeJS.ProcessEnv,
  signal: AbortSignal | undefined,
): Promise<EngineReport> {
  const end = await runTool(process.execPath, [testScript, report.engine], {
    environment: { ...process.env, ELECTRON_RUN_AS_NODE: '1', ...environment },
    limit: 60_000,
    ...(signal && { signal }),
  });
  if (end.kind === 'ended' && end.code === 0) {
    const { difference } = JSON.parse(end.stdout) as { readonly difference: number };
    return { ...report, state: 'works', difference };
  }
  const reason = end.kind === 'ended' ? reasonIn(end.output) : 'Node is gone.';
  return { ...report, state: 'broken', reason: `The self-test failed: ${reason}` };
}
