import type { MethodDescription } from '../../common/method';
import { bestNetwork, type Served, type Worth } from './groupValue';

export interface FoundNetworks {
  readonly networks: readonly Served[];
  /** Whether no grouping of this kind has a higher worth. */
  readonly exact: boolean;
}

/** A way to group tasks, listed in index.ts. */
export interface GroupingDescription<Name extends string> extends MethodDescription {
  readonly name: Name;
  /** Set where it chooses at most k networks, which may have tasks in common unless they are to be disjoint. */
  readonly overlaps?: true;
  /**
   * Networks that serve all tasks.
   * @param groups k, from 1 to the number of tasks.
   * @param seed For what is drawn.
   */
  networks(worth: Worth, groups: number, seed: number): FoundNetworks;
}

/** The networks of groups of which each task is in one. */
export function networksOf(worth: Worth, groups: readonly (readonly number[])[]): FoundNetworks {
  return { networks: groups.map((tasks) => bestNetwork(worth, tasks)), exact: false };
}
