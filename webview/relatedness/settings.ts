import type { ColourReach } from './scale';

/** What a person set in the panel; kept over reloads. */
export interface RelatednessSettings {
  /** Name of the measure; the run's first where it has not this one. */
  readonly measure?: string;
  /** Name of the measure beside it; none where the run has not this one. */
  readonly second?: string;
  /** The epoch that is looked at; undefined follows the latest. */
  readonly epoch?: number;
  readonly colours: ColourReach;
  /** Whether the mean over replicates is shown, where there is one. */
  readonly overSeeds?: boolean;
  /** Whether rows are as in the experiment file, so that close tasks are neighbours, or those of a group together. */
  readonly order: 'file' | 'clusters' | 'groups';
  readonly grouping?: GroupingSettings | undefined;
  readonly table: boolean;
  /** Text that the names of the tasks that are shown contain; parts by commas. */
  readonly filter: string;
  /** The pair whose history is shown, by the tasks' names: row, column. */
  readonly pair?: readonly [string, string];
}

/** By which method groups are recommended, and how many; about one for three tasks where that is not said. */
export interface GroupingSettings {
  readonly choice: string;
  readonly groups?: number;
}

export const defaultSettings: RelatednessSettings = { colours: 'range', order: 'file', table: false, filter: '' };

/** Settings from what was kept, with the default for everything that does not fit. */
export function restoreSettings(kept: unknown): RelatednessSettings {
  if (typeof kept !== 'object' || kept === null) return defaultSettings;
  const { measure, second, epoch, colours, order, table, filter, pair, grouping, overSeeds } = kept as Record<
    string,
    unknown
  >;
  return {
    colours: colours === 'epochs' || colours === 'epoch' ? colours : defaultSettings.colours,
    order: order === 'clusters' || order === 'groups' ? order : defaultSettings.order,
    table: table === true,
    ...(overSeeds === true && { overSeeds }),
    filter: typeof filter === 'string' ? filter : '',
    ...(typeof measure === 'string' ? { measure } : {}),
    ...(typeof second === 'string' ? { second } : {}),
    ...(typeof epoch === 'number' && Number.isInteger(epoch) ? { epoch } : {}),
    ...(isPair(pair) ? { pair } : {}),
    ...restoreGrouping(grouping),
  };
}

function restoreGrouping(kept: unknown): Pick<RelatednessSettings, 'grouping'> {
  if (typeof kept !== 'object' || kept === null) return {};
  const { choice, groups } = kept as Record<string, unknown>;
  if (typeof choice !== 'string') return {};
  return { grouping: { choice, ...(Number.isInteger(groups) && Number(groups) > 0 && { groups: Number(groups) }) } };
}

function isPair(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((name) => typeof name === 'string');
}
