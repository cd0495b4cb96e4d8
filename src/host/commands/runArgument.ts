/** The runs that a panel is asked to show: several ids, or what stands for one run. */
export function runIdsOf(argument: unknown): readonly string[] | undefined {
  if (Array.isArray(argument)) return argument.filter((id) => typeof id === 'string');
  const id = runIdOf(argument);
  return id === undefined ? undefined : [id];
}

/**
 * The run that a command is meant for: a tree item, an id, or nothing when it comes from the palette.
 * @returns The run's id.
 */
export function runIdOf(argument: unknown): string | undefined {
  if (typeof argument === 'string') return argument;
  if (typeof argument !== 'object' || argument === null || !('runId' in argument)) return undefined;
  return typeof argument.runId === 'string' ? argument.runId : undefined;
}
