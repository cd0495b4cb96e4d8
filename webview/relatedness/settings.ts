/** What a person set in the panel; kept over reloads. */
export interface RelatednessSettings {
  /** Name of the measure; the run's first where it has not this one. */
  readonly measure?: string;
  /** The epoch that is looked at; undefined follows the latest. */
  readonly epoch?: number;
  /** Whether the colours run over the values that there are, instead of all that are possible. */
  readonly fitted: boolean;
  readonly table: boolean;
  /** The pair whose history is shown, by the tasks' names: row, column. */
  readonly pair?: readonly [string, string];
}

export const defaultSettings: RelatednessSettings = { fitted: false, table: false };

/** Settings from what was kept, with the default for everything that does not fit. */
export function restoreSettings(kept: unknown): RelatednessSettings {
  if (typeof kept !== 'object' || kept === null) return defaultSettings;
  const { measure, epoch, fitted, table, pair } = kept as Record<string, unknown>;
  return {
    fitted: fitted === true,
    table: table === true,
    ...(typeof measure === 'string' ? { measure } : {}),
    ...(typeof epoch === 'number' && Number.isInteger(epoch) ? { epoch } : {}),
    ...(isPair(pair) ? { pair } : {}),
  };
}

function isPair(value: unknown): value is readonly [string, string] {
  return Array.isArray(value) && value.length === 2 && value.every((name) => typeof name === 'string');
}
