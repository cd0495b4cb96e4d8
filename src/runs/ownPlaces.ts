import type { RelatednessMatrix, RunEventBody } from './events';

/**
 * An event as the journal has it: its relatedness matrices name their step and their tasks, so that each can be read by
 * itself, by whatever reads lines of JSON.
 * @param tasks Names of the run's tasks, in its order.
 * @param step Of events that have none of their own.
 */
export function withOwnPlaces(event: RunEventBody, tasks: readonly string[], step: number): RunEventBody {
  switch (event.type) {
    case 'relatedness':
      return { ...event, matrices: placed(event.matrices, tasks, event.step) };
    case 'replicated':
      return { ...event, matrices: placed(event.matrices, tasks, step) };
    case 'finished':
    case 'stopped':
      return { ...event, relatedness: placed(event.relatedness, tasks, event.step) };
    default:
      return event;
  }
}

function placed(
  matrices: readonly RelatednessMatrix[],
  tasks: readonly string[],
  step: number,
): readonly RelatednessMatrix[] {
  return matrices.map(({ measure, ...rest }) => ({ measure, step, tasks, ...rest }));
}
