import type { RunsView } from './runStore';

/** A message with a codicon. */
export interface Words {
  readonly icon: string;
  readonly title: string;
  readonly text: string;
}

export interface EmptyState extends Words {
  /** Whether a button is offered that runs an experiment. */
  readonly action: boolean;
}

/** What fills the panel when there is no run to show; undefined when there is one. */
export function emptyStateOf(view: RunsView, subject: string): EmptyState | undefined {
  if (view.runs.length > 0) return undefined;
  if (!view.received) return { icon: 'loading', title: 'Loading runs', text: '', action: false };
  const refused = view.notice !== undefined;
  if (view.listings.length > 0) {
    return {
      icon: 'list-selection',
      title: 'Choose a run',
      text: `Pick one in the list above to see its ${subject}.${refused ? ` ${view.notice}` : ''}`,
      action: !refused,
    };
  }
  if (refused) return { icon: 'shield', title: 'Nothing to show yet', text: view.notice ?? '', action: false };
  return {
    icon: 'beaker',
    title: 'No run yet',
    text: `Open an experiment file (its name ends in .mtl.yaml) and run it. Its ${subject} will be drawn here while it trains.`,
    action: true,
  };
}
