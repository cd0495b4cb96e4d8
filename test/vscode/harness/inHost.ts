import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder } from '../../../scripts/project.mjs';
import { startBrowser, startVSCode } from './machine';
import { hostTestsFolder } from './places';

/** One test that ran in the extension host. */
export interface HostTest {
  readonly name: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly error?: string;
}

interface MochaTest {
  readonly fullTitle: string;
  readonly err: { readonly message?: string; readonly stack?: string };
}
interface MochaReport {
  readonly tests: readonly MochaTest[];
  readonly pending: readonly MochaTest[];
  readonly failures: readonly MochaTest[];
}

/** VS Code wants an extension under development; the packed one is installed, so this one is empty. */
function emptyExtension(): string {
  const folder = path.join(cacheFolder, 'test', 'empty-extension');
  mkdirSync(folder, { recursive: true });
  const manifest = { name: 'empty', publisher: 'test', version: '0.0.1', engines: { vscode: '*' } };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}

function readReport(file: string, log: readonly string[]): HostTest[] {
  if (!existsSync(file)) throw new Error(`The tests in the extension host left no report.\n${log.join('\n')}`);
  const { tests, pending, failures } = JSON.parse(readFileSync(file, 'utf8')) as MochaReport;
  const skipped = new Set(pending.map((test) => test.fullTitle));
  const known = new Set(tests.map((test) => test.fullTitle));
  // A hook that fails is no test, but is a failure all the same.
  return [...tests, ...failures.filter((failure) => !known.has(failure.fullTitle))].map((test) => {
    if (skipped.has(test.fullTitle)) return { name: test.fullTitle, outcome: 'skipped' };
    const failure = failures.find((candidate) => candidate.fullTitle === test.fullTitle);
    if (failure === undefined) return { name: test.fullTitle, outcome: 'passed' };
    return { name: test.fullTitle, outcome: 'failed', error: failure.err.stack ?? failure.err.message ?? 'failed' };
  });
}

/**
 * Runs the tests of test/vscode/host with mocha inside the extension host of a real VS Code.
 * @param workspace folder that is open in the window
 * @param limit milliseconds after which the run is given up
 */
export async function runInExtensionHost(workspace: string, limit = 300_000): Promise<readonly HostTest[]> {
  const reportFolder = path.join(cacheFolder, 'test');
  mkdirSync(reportFolder, { recursive: true });
  const report = path.join(mkdtempSync(path.join(reportFolder, 'report-')), 'host.json');
  const server = await startVSCode({ testDriver: true, environment: { MTL_HOST_TEST_REPORT: report } });
  const browser = await startBrowser();
  const log: string[] = [];
  try {
    const page = await browser.newPage();
    const exit = new Promise<void>((resolve) => {
      void page.exposeFunction('codeAutomationExit', () => resolve());
      setTimeout(() => {
        log.push(`No end after ${String(limit / 1000)} s.`);
        resolve();
      }, limit).unref();
    });
    await page.exposeFunction('codeAutomationLog', (_type: string, parts: readonly unknown[]) => {
      log.push(parts.map(String).join(' '));
    });
    const remote = (file: string): string => `vscode-remote://127.0.0.1:${String(server.port)}${encodeURI(file)}`;
    const payload = [
      ['extensionDevelopmentPath', remote(emptyExtension())],
      ['extensionTestsPath', remote(path.join(hostTestsFolder, 'index.js'))],
      ['skipWelcome', 'true'],
    ];
    await page.goto(`${server.address(workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
    await exit;
    return readReport(report, log);
  } finally {
    await browser.close();
    await server.stop();
  }
}
