import { availableParallelism } from 'node:os';
import { highestSeed } from '../experiment/trainingSchema';
import { UsageError } from './errors';

/** So many that a verdict can be told, if there is one. */
export const usualSeeds: readonly number[] = [1, 2, 3, 4, 5];

const mostAtOnce = 256;

/** One seed, as `--seed` has it. */
export function parseSeed(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (isSeed(text)) return Number(text);
  throw new UsageError(`"${text}" is no seed. Use a whole number from 0 to ${highestSeed}.`);
}

/** Different seeds with commas between, in their order, as `--seeds` has them. */
export function parseSeeds(text: string | undefined): readonly number[] | undefined {
  if (text === undefined) return undefined;
  const words = text.split(',').map((word) => word.trim());
  const seeds = words.map(Number);
  if (words.every(isSeed) && new Set(seeds).size === seeds.length) return seeds;
  throw new UsageError(
    `"${text}" is no list of seeds. Write different whole numbers from 0 to ${highestSeed} with commas between: 1,2,3.`,
  );
}

function isSeed(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) <= highestSeed;
}

/** How many runs at one time, as `--at-once` has it: as many as there are cores if not given. */
export function parseAtOnce(text: string | undefined): number {
  if (text === undefined) return availableParallelism();
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= mostAtOnce) return number;
  throw new UsageError(`"${text}" is no number of runs. Use a whole number from 1 to ${mostAtOnce}.`);
}
