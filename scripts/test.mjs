// @ts-check
/**
 * Sets everything up and runs all checks and tests; goes on after a failure and sums up at the end.
 *   npm test [-- --only types|lint|unit|vscode] [FILTER …]
 * A filter is part of a test file's path, for the unit and vscode stages.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import {
  cacheFolder,
  option,
  readJson,
  refuseUnknownOptions,
  root,
  runCommand,
  runMain,
  UserError,
} from './project.mjs';
import { checkNode, ensureBuild, ensureDependencies } from './setup.mjs';

const reports = path.join(cacheFolder, 'test', 'reports');

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ status: string, fullName: string, failureMessages?: readonly string[] }} TestResult
 * @typedef {{ name: string, status: string, message?: string, assertionResults: readonly TestResult[] }} FileResult
 * @typedef {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, testResults: readonly FileResult[] }} VitestReport
 * @typedef {{ succeeded: boolean, counts?: Counts, failures?: readonly string[] }} Result
 * @typedef {Result & { title: string, seconds: number }} Outcome
 * @typedef {{ name: string, title: string, run: () => Promise<Result> }} Stage
 */

/**
 * @param {string} tool as npm installs it in node_modules: package folder, then the script in it
 * @param {readonly string[]} parameters
 */
async function succeeds(tool, parameters) {
  const { code } = await runCommand(process.execPath, [path.join(root, 'node_modules', tool), ...parameters]);
  return { succeeded: code === 0 };
}

/**
 * @param {FileResult} file
 * @param {string} test
 * @param {string | undefined} message
 */
function failure(file, test, message) {
  const reason = (message ?? '').split('\n').slice(0, 6).join('\n    ');
  return `${path.relative(root, file.name)} > ${test}\n    ${reason}`;
}

/**
 * @param {string} file that vitest's json reporter has written
 * @returns {{ counts: Counts, failures: readonly string[] }}
 */
function outcomeIn(file) {
  if (!existsSync(file)) return { counts: { passed: 0, failed: 1, skipped: 0 }, failures: [] };
  const report = /** @type {VitestReport} */ (readJson(file));
  // A file that cannot even be loaded has no tests to fail.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return {
    counts: {
      passed: report.numPassedTests,
      failed: report.numFailedTests + broken.length,
      skipped: report.numPendingTests + report.numTodoTests,
    },
    failures: [
      ...broken.map((result) => failure(result, 'the whole file', result.message)),
      ...report.testResults.flatMap((result) =>
        result.assertionResults
          .filter(({ status }) => status === 'failed')
          .map(({ fullName, failureMessages }) => failure(result, fullName, failureMessages?.[0])),
      ),
    ],
  };
}

/** @returns {string[]} the words of the command line that are no options */
function filters() {
  const words = process.argv.slice(2);
  return words.filter((word, index) => !word.startsWith('--') && words[index - 1] !== '--only');
}

/**
 * @param {string} name of the report
 * @param {readonly string[]} parameters
 */
async function vitest(name, parameters) {
  const report = path.join(reports, `${name}.json`);
  rmSync(report, { force: true });
  mkdirSync(reports, { recursive: true });
  const { code } = await runCommand(process.execPath, [
    ...[path.join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...parameters],
    ...['--reporter=verbose', '--reporter=json', `--outputFile.json=${report}`],
    ...(filters().length > 0 ? ['--passWithNoTests'] : []),
    ...filters(),
  ]);
  return { succeeded: code === 0, ...outcomeIn(report) };
}

/** @type {readonly Stage[]} */
const stages = [
  { name: 'types', title: 'Types (tsc)', run: () => succeeds('typescript/bin/tsc', ['--noEmit', '-p', '.']) },
  { name: 'lint', title: 'Lint (eslint)', run: () => succeeds('eslint/bin/eslint.js', ['.']) },
  {
    name: 'lint',
    title: 'Format (prettier)',
    run: () => succeeds('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']),
  },
  { name: 'lint', title: 'Unused code and packages (knip)', run: () => succeeds('knip/bin/knip.js', []) },
  { name: 'unit', title: 'Unit tests (vitest)', run: () => vitest('unit', []) },
  {
    name: 'vscode',
    title: 'Tests in a real VS Code',
    run: () => vitest('vscode', ['--config', 'test/vscode/vitest.config.mts']),
  },
];

/** @param {string} text */
function heading(text) {
  console.log(`\n=== ${text} ===`);
}

/**
 * @param {readonly Stage[]} chosen
 * @returns {Promise<Outcome[]>}
 */
async function runStages(chosen) {
  /** @type {Outcome[]} */
  const outcomes = [];
  for (const { title, run } of chosen) {
    heading(title);
    const started = Date.now();
    outcomes.push({ title, ...(await run()), seconds: (Date.now() - started) / 1000 });
  }
  return outcomes;
}

await runMain(async () => {
  refuseUnknownOptions(['only']);
  const only = option('only');
  const chosen = stages.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0) {
    throw new UserError(`There is no stage "${only ?? ''}".`, 'Use --only types, lint, unit or vscode.');
  }
  checkNode();
  await ensureDependencies();
  await ensureBuild();
  const outcomes = await runStages(chosen);

  heading('Summary');
  for (const { title, succeeded, seconds } of outcomes) {
    console.log(`${succeeded ? 'passed' : 'FAILED'}  ${title}, ${seconds.toFixed(0)} s`);
  }
  for (const failed of outcomes.flatMap(({ failures }) => failures ?? [])) console.log(`\nFAILED  ${failed}`);
  /** @param {keyof Counts} key */
  const sum = (key) => outcomes.reduce((total, { counts }) => total + (counts?.[key] ?? 0), 0);
  console.log(`\n${String(sum('passed'))} passed, ${String(sum('failed'))} failed, ${String(sum('skipped'))} skipped`);
  return outcomes.every(({ succeeded }) => succeeded) ? 0 : 1;
});
