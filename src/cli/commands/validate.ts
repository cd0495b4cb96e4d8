import { jsonOption, type Command } from '../command';
import { exitCodes } from '../errors';
import type { MeasureEstimate } from '../../experiment/measureEstimate';
import { checkExperimentFile, hasError, type CheckedExperiment } from '../experimentFile';
import { problemLine, problemRecord } from '../problems';
import { renderTable } from '../tables';
import { clean, print, printJson } from '../terminal';

interface ValidateOptions {
  readonly files: readonly string[];
  readonly json: boolean;
  readonly 'no-data': boolean;
}

export const validateCommand: Command<ValidateOptions> = {
  name: 'validate',
  takes: '<files..>',
  summary: 'Find what is wrong with experiment files and their data',
  examples: [
    ['mtl validate census.mtl.yaml', 'Problems as file:line:column: severity: message'],
    ['mtl validate *.mtl.yaml --no-data', 'The files alone, without reading data'],
  ],
  positionals: { files: { type: 'string', array: true, demandOption: true, describe: 'Experiment files' } },
  options: {
    ...jsonOption,
    'no-data': { type: 'boolean', default: false, describe: 'Do not read the data' },
  },
  async run({ files, json, 'no-data': noData }) {
    const checked = [];
    for (const file of files) checked.push(await checkExperimentFile(file, { data: !noData }));
    const valid = !checked.some(({ problems }) => hasError(problems));
    if (json) {
      const problems = checked.flatMap(({ file, problems: own }) => own.map((problem) => problemRecord(file, problem)));
      const costs = checked.flatMap((one) => costsOf(one).map((cost) => ({ file: one.file, ...cost })));
      printJson({ valid, problems, costs });
    } else {
      for (const { file, problems } of checked) {
        for (const problem of problems) print(problemLine(file, problem));
        if (problems.length === 0) print(`${clean(file)}: no problems`);
      }
      for (const one of checked) {
        const costs = costsOf(one);
        const heading = checked.length > 1 ? `\n${clean(one.file)}\n` : '\n';
        if (costs.length > 0) print(`${heading}${renderCosts(costs)}`);
      }
    }
    return valid ? exitCodes.success : exitCodes.failed;
  },
};

/** What the measures of relatedness are about to cost; `explanation` is for the editor, which shows formulas. */
function costsOf({ costs = [] }: CheckedExperiment): readonly Omit<MeasureEstimate, 'explanation'>[] {
  return costs.map(({ explanation: _, ...cost }) => cost);
}

function renderCosts(costs: ReturnType<typeof costsOf>): string {
  const rows = costs.map(({ measure, label }) => [measure, label]);
  return renderTable(['measure', 'about what it costs'], rows, 2);
}
