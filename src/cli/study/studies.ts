import type { TaskSet } from '../../data/taskSet';
import type { Experiment } from '../../experiment/schema';
import { sharesParameters } from '../../experiment/sharing';
import { planLessData, planRobustness, planTransfer, planTrunks, transferArms } from '../../studies/plan';
import type { StudyAxis, StudyBase, StudyName, StudyRun } from '../../studies/study';
import { summariseAxis, type ArmResult, type StudyPanel } from '../../studies/summary';
import { UsageError } from '../errors';
import { count } from '../format';
import { nearest } from '../nearest';
import { parseNumbers, parseRows, type WrittenOptions } from './options';
import { trainRuns, type StudyResult, type StudyTraining } from './training';

/** What a study found, as far as it came. */
export interface StudyOutcome {
  readonly arms: readonly string[];
  readonly results: readonly StudyResult[];
  readonly panels: readonly StudyPanel[];
  /** What was done, in short sentences. */
  readonly subtitle: readonly string[];
  /** What was varied, by the names of the options. */
  readonly varied: Readonly<Record<string, string | readonly number[]>>;
}

export interface StudyInput {
  readonly experiment: Experiment;
  readonly seeds: readonly number[];
  /** Its prepared data. */
  readonly taskSet: TaskSet;
  readonly options: WrittenOptions;
}

/**
 * A study that is ready to be carried out.
 * @throws UsageError where it makes no sense for the experiment, before anything is trained.
 */
export function planStudy(name: StudyName, input: StudyInput): (training: StudyTraining) => Promise<StudyOutcome> {
  checkSharing(input);
  const { experiment, seeds, taskSet } = input;
  const trainingRows = Math.max(...taskSet.streams.map(({ splits }) => splits.train.rows));
  const base: StudyBase = { experiment, seeds, trainingRows };
  switch (name) {
    case 'less-data':
      return lessData(base, input.options);
    case 'robustness':
      return robustness(base, input.options);
    case 'transfer':
      return transfer(base, input);
  }
}

function checkSharing({ experiment, taskSet }: StudyInput): void {
  const { name } = experiment.model.sharing;
  if (!sharesParameters(name)) {
    throw new UsageError(
      `The study is about sharing, and with \`sharing: ${name}\` tasks share nothing. Choose another, such as --set model.sharing=hard`,
    );
  }
  if (taskSet.tasks.length > 1) return;
  throw new UsageError('The study is about sharing, and the experiment trains one task. Add others.');
}

const pairArms = ['single', 'shared'] as const;

function lessData(base: StudyBase, { fractions: written }: WrittenOptions) {
  const fractions = parseNumbers('fractions', written, 0.0001, 1);
  const axis: StudyAxis = { name: 'fraction', title: 'share of the training rows', logarithmic: true, share: true };
  return async (training: StudyTraining): Promise<StudyOutcome> => {
    const results = await trainRuns(planLessData(base, fractions), training);
    return {
      arms: pairArms,
      results,
      panels: summariseAxis(axis, pairArms, armResults(results)),
      subtitle: [`Less data: each task alone and all together, of ${count(base.trainingRows, 'training row')}.`],
      varied: { fractions },
    };
  };
}

const noiseAxis: StudyAxis = {
  name: 'noise',
  title: 'noise on test inputs, in deviations',
  logarithmic: false,
  share: false,
};
const missingAxis: StudyAxis = { name: 'missing', title: 'test inputs taken out', logarithmic: false, share: true };

function robustness(base: StudyBase, { noise: writtenNoise, missing: writtenMissing }: WrittenOptions) {
  const noise = parseNumbers('noise', writtenNoise, 0, Infinity);
  const missing = parseNumbers('missing', writtenMissing, 0, 1);
  return async (training: StudyTraining): Promise<StudyOutcome> => {
    const results = await trainRuns(planRobustness(base), training);
    const { evaluateDisturbed } = await import('./disturbing');
    const found = await evaluateDisturbed(results, { noise, missing }, training.start.folder, training.stop);
    return {
      arms: pairArms,
      results,
      panels: [
        ...summariseAxis(noiseAxis, pairArms, found.noise),
        ...summariseAxis(missingAxis, pairArms, found.missing),
      ],
      subtitle: ['Robustness: trained on undisturbed rows, tested on disturbed ones.'],
      varied: { noise, missing },
    };
  };
}

function transfer(ofAll: StudyBase, { taskSet, options }: StudyInput) {
  const task = newTask(taskSet, options.task);
  const others = taskSet.tasks.map(({ name }) => name).filter((name) => name !== task);
  const trainingRows = labelledRows(taskSet, task);
  const rows = parseRows(options.rows, trainingRows);
  const base: StudyBase = { ...ofAll, trainingRows };
  const axis: StudyAxis = { name: 'rows', title: 'training rows of the new task', logarithmic: true, share: false };
  return async (training: StudyTraining): Promise<StudyOutcome> => {
    const trunks = await trainRuns(planTrunks(ofAll, others), training);
    const folders = new Map(
      trunks.flatMap(({ seed, folder, finished }) => (finished ? [[seed, folder!] as const] : [])),
    );
    const planned: readonly StudyRun[] = training.stop.aborted ? [] : planTransfer(base, task, rows, folders);
    const results = await trainRuns(planned, training);
    return {
      arms: transferArms,
      results: [...trunks, ...results],
      panels: summariseAxis(axis, transferArms, armResults(results)),
      subtitle: [`Transfer to ${task}, from a network of ${count(others.length, 'other task')}.`],
      varied: { task, rows },
    };
  };
}

function newTask({ tasks }: TaskSet, written: string | undefined): string {
  const names = tasks.map(({ name }) => name);
  if (written === undefined) {
    throw new UsageError(`Say which task is the new one: --task ${names[0]}. The tasks are ${names.join(', ')}.`);
  }
  if (names.includes(written)) return written;
  const meant = nearest(written, names);
  const remedy = meant === undefined ? `The tasks are ${names.join(', ')}.` : `Did you mean "${meant}"?`;
  throw new UsageError(`The experiment has no task "${written}". ${remedy}`);
}

function labelledRows({ tasks, streams }: TaskSet, name: string): number {
  const { stream, column } = tasks.find((task) => task.name === name)!;
  const { mask } = streams[stream].splits.train;
  const width = streams[stream].tasks.length;
  return mask.reduce((labels, known, cell) => labels + (cell % width === column ? known : 0), 0);
}

function armResults(results: readonly StudyResult[]): readonly ArmResult[] {
  return results.flatMap(({ arm, at, finished }) =>
    at === null || finished === undefined ? [] : [{ arm, at, runs: [finished] }],
  );
}
