import type { FromWebviewMessage, PanelState, ToWebviewMessage } from '../../src/protocol/messages';

interface Host {
  postMessage(message: FromWebviewMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): Host;

/** The one line to the extension host, with what this panel keeps over a reload. */
export interface Connection {
  readonly post: (message: FromWebviewMessage) => void;
  /** What was kept, unchecked: it may come from an older version. */
  readonly kept: Readonly<Record<string, unknown>>;
  readonly keep: (state: PanelState & Readonly<Record<string, unknown>>) => void;
}

/** Connects to the host. Called once per page. */
export function connect(receive: (message: ToWebviewMessage) => void): Connection {
  const host = acquireVsCodeApi();
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (isMessage(data)) receive(data);
  });
  const state = host.getState();
  return {
    post: (message) => host.postMessage(message),
    kept: typeof state === 'object' && state !== null ? (state as Record<string, unknown>) : {},
    keep: (next) => host.setState(next),
  };
}

function isMessage(data: unknown): data is ToWebviewMessage {
  if (typeof data !== 'object' || data === null || !('type' in data)) return false;
  return data.type === 'snapshot' || data.type === 'events' || data.type === 'listings';
}
