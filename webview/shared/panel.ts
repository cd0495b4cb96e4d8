import type { FromWebviewMessage } from '../../src/protocol/messages';
import { connect } from './messaging';
import type { RunsView } from './runStore';
import { applyMessage, emptyView, leavesGap } from './runStore';
import { createScheduler } from './scheduler';
import type { Theme } from './theme';
import { readTheme, watchTheme } from './theme';

/** What both panels stand on: the runs as the host tells them, the theme, and when to draw. */
export interface Panel {
  readonly root: HTMLElement;
  readonly view: RunsView;
  readonly theme: Theme;
  readonly post: (message: FromWebviewMessage) => void;
  /** The settings that were kept, unchecked. */
  readonly kept: unknown;
  /** Keeps settings over a reload. */
  readonly keep: (settings: object) => void;
  /** Draws at the next frame: for what a person did. */
  readonly renderSoon: () => void;
  /** To be called once, when the page is built. */
  readonly start: () => void;
}

/** Drawing for what the host tells happens at most five times a second. */
const interval = 200;

/** Sets up the panel. `render` is called whenever something changed. */
export function startPanel(render: () => void): Panel {
  const root = document.getElementById('root');
  if (root === null) throw new Error('The page has no element with the id root.');
  let view = emptyView;
  let theme = readTheme();
  let askedAt = -Infinity;
  const scheduler = createScheduler(render, interval);
  const connection = connect((message) => {
    if (leavesGap(view, message)) askAgain();
    view = applyMessage(view, message);
    if (message.type === 'snapshot') keepAll();
    if (message.type === 'events') scheduler.later();
    else scheduler.soon();
  });
  let settings: object = settingsOf(connection.kept);

  function askAgain(): void {
    if (performance.now() - askedAt < 1000) return;
    askedAt = performance.now();
    connection.post({ type: 'ready' });
  }

  function keepAll(): void {
    connection.keep({ ids: view.runs.map(({ id }) => id), settings });
  }

  return {
    root,
    get view() {
      return view;
    },
    get theme() {
      return theme;
    },
    post: connection.post,
    kept: settings,
    keep(next) {
      settings = next;
      keepAll();
    },
    renderSoon: scheduler.soon,
    start() {
      watchTheme((next) => {
        theme = next;
        scheduler.soon();
      });
      scheduler.soon();
      connection.post({ type: 'ready' });
    },
  };
}

function settingsOf(kept: Readonly<Record<string, unknown>>): object {
  const { settings } = kept;
  return typeof settings === 'object' && settings !== null ? settings : {};
}
