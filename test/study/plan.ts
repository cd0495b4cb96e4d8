import type { Job } from './observe';
import { byTraining, labelKinds, others, usual, type Point } from './points';
import type { StructureName } from './structures';

export const noises = [0.1, 1, 3] as const;
export const rowCounts = [500, 2000, 8000] as const;
/** At which the number of rows is held, where it does not vary. */
export const usualRows = 2000;
/** Too few for a task alone, so that others can help it. */
export const fewRows = 250;

export interface Plan {
  readonly structures: readonly StructureName[];
  readonly seeds: readonly number[];
  /** These measures alone; all without it. */
  readonly measures?: readonly string[];
}

/** All that the study trains: every replicate of every point. */
export function planJobs({ structures, seeds, measures }: Plan): readonly Job[] {
  return structures.flatMap((structure) =>
    pointsOf(structure).flatMap((point) =>
      seeds.flatMap((seed) =>
        [usual, ...(showsOthers(point) ? others : [])].flatMap((setting) => {
          const wanted = setting.measures.filter((name) => measures?.includes(name) ?? true);
          return wanted.length === 0 ? [] : [{ point, seed, setting: { ...setting, measures: wanted } }];
        }),
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
  return (['clusters', 'chain'] as const).flatMap((structure) =>
    [1, 2].map((seed) => ({
      point: { structure, labels: 'numbers' as const, sines: true, noise: noises[0], rows: usualRows },
      seed,
      setting: usual,
    })),
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
