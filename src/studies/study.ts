import type { Experiment } from '../experiment/schema';

/** What is said to be good of sharing, and is put to the test. */
export const studyNames = ['less-data', 'robustness', 'transfer'] as const;
export type StudyName = (typeof studyNames)[number];

/** Names within a study folder. */
export const studyFiles = { runs: 'runs', report: 'study.json', table: 'study.csv', chart: 'study.svg' } as const;

/** One run of a study. */
export interface StudyRun {
  /** What is compared, such as `single` and `shared`. */
  readonly arm: string;
  /** Where on the axis of the study, as a share or a number of rows; null for a run that serves all places. */
  readonly at: number | null;
  readonly seed: number;
  /** The resolved experiment of exactly this run. */
  readonly experiment: Experiment;
}

/** What a study takes of an experiment, whichever it is. */
export interface StudyBase {
  readonly experiment: Experiment;
  readonly seeds: readonly number[];
  /** Rows of the training split of the largest table. */
  readonly trainingRows: number;
}

/** A quantity that is varied, and how it is drawn. */
export interface StudyAxis {
  readonly name: string;
  readonly title: string;
  readonly logarithmic: boolean;
  /** Whether the numbers are shares, to be shown in per cent. */
  readonly share: boolean;
}
