import type { Job } from './observe';
import { byTraining, labelKinds, others, usual, type Point } from './points';
import { structureNames, type StructureName } from './structures';

export const noises = [0.1, 1, 3] as const;
export const rowCounts = [500, 2000, 8000] as const;
/** What can be learned is a thousandth of the variance of a target. */
const hopeless = 30;
/** At which the number of rows is held, where it does not vary. */
export const usualRows = 2000;
/** Too few for a task alone, so that others can help it. */
export const fewRows = 250;

export interface Plan {
  readonly structures: readonly StructureName[];
  readonly seeds: readonly number[];
}

/** What of the study is wanted. */
export interface Wanted {
  /** A structure, `recovery`: all of them, `cost`, or `trainings`: measures that train more networks. Without it all but the latter. */
  readonly only?: string;
  /** These measures alone; all without it. */
  readonly measures?: readonly string[];
  readonly quick: boolean;
}

/** What is trained of it, without what records none of the measures. */
export function jobsOf({ only, measures, quick }: Wanted, seeds: readonly number[]): readonly Job[] {
  const structures = structureNames.filter((name) => [undefined, 'recovery', name].includes(only));
  const jobs = quick ? quickJobs() : only === 'trainings' ? trainingJobs(seeds) : planJobs({ structures, seeds });
  return jobs.flatMap((job) => {
    const wanted = job.setting.measures.filter((name) => measures?.includes(name) ?? true);
    return wanted.length === 0 ? [] : [{ ...job, setting: { ...job.setting, measures: wanted } }];
  });
}

/** All that the study trains: every replicate of every point. */
export function planJobs({ structures, seeds }: Plan): readonly Job[] {
  return structures.flatMap((structure) =>
    pointsOf(structure).flatMap((point) =>
      seeds.flatMap((seed) =>
        [usual, ...(showsOthers(point) ? others : [])].map((setting) => ({ point, seed, setting })),
      ),
    ),
  );
}

/** What takes a hundred networks a matrix: fewer points. */
export function trainingJobs(seeds: readonly number[]): readonly Job[] {
  return (['clusters', 'chain'] as const).flatMap((structure) =>
    noises
      .filter((noise) => noise <= 1)
      .flatMap((noise) => [fewRows, usualRows].map((rows) => ({ ...pointOf(structure, rows), noise })))
      .flatMap((point) => seeds.map((seed) => ({ point, seed, setting: byTraining }))),
  );
}

/** A minute's worth: two structures with little noise, by hard sharing. */
export function quickJobs(): readonly Job[] {
  return looks(noises[0], [1, 2]);
}

/** The same tasks under so much noise that nothing can be learned: what a measure finds of the truth there it cannot know. */
export function controlJobs(): readonly Job[] {
  return looks(hopeless, [1, 2, 3]);
}

function looks(noise: number, seeds: readonly number[]): readonly Job[] {
  return (['clusters', 'chain'] as const).flatMap((structure) =>
    seeds.map((seed) => ({ point: { ...pointOf(structure, usualRows), noise }, seed, setting: usual })),
  );
}

function pointsOf(structure: StructureName): Point[] {
  const usually = pointOf(structure, usualRows);
  return noises.flatMap((noise) => [
    ...rowCounts.map((rows) => ({ ...usually, noise, rows })),
    { ...usually, noise, sines: false },
    ...labelKinds.slice(1).map((labels) => ({ ...usually, noise, labels })),
  ]);
}

function pointOf(structure: StructureName, rows: number): Omit<Point, 'noise'> {
  return { structure, labels: labelKinds[0], sines: true, rows };
}

function showsOthers({ labels, sines, rows }: Point): boolean {
  return labels === 'numbers' && sines && rows === usualRows;
}
