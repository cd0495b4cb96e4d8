import type { RunRecord } from '../runs/record';
import { shorten } from './terminal';

const namesLength = 60;

/** What a run is, where it is not the whole experiment: `baseline`, or `network 2 of 3: price, sold`. */
export function partText({ role, network }: Pick<RunRecord, 'role' | 'network'>): string {
  if (role !== undefined) return role;
  if (network === undefined) return '';
  return `network ${network.number} of ${network.of}: ${shorten(network.serves.join(', '), namesLength)}`;
}

/** A run's experiment, and what part of it the run is. */
export function experimentText(experiment: string, part: Pick<RunRecord, 'role' | 'network'>): string {
  const text = partText(part);
  return text === '' ? experiment : `${experiment} (${text})`;
}
