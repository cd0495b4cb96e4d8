import type { GroupTasksArgument } from './groupTasks';
import type { RunEvent } from '../runs/events';
import type { RunNetwork, RunRecord } from '../runs/record';
import type { RunPhase } from '../runs/state';

/** The panels of the workbench; also the last part of their view types and the names of their bundles. */
export const panelNames = ['curves', 'relatedness'] as const;
export type PanelName = (typeof panelNames)[number];

/** A run as a panel's run picker lists it. */
export interface RunListing {
  readonly id: string;
  readonly experiment: string;
  readonly seed: number;
  /** Trained to compare others with. */
  readonly role?: RunRecord['role'];
  readonly network?: RunNetwork;
  /** As of the host's last look; `interrupted` when the process is gone without an ending. */
  readonly phase: RunPhase | 'interrupted';
  /** Whether a new process can go on with it. */
  readonly continuable: boolean;
  /** Milliseconds since 1970. */
  readonly created: number;
}

export type ToWebviewMessage =
  | {
      /** The whole truth, sent when a panel becomes ready or visible and when the selection changes. Replaces all before. */
      readonly type: 'snapshot';
      readonly listings: readonly RunListing[];
      /** The runs that the panel shows, with their whole journals; empty when there is no run yet. */
      readonly runs: readonly { readonly id: string; readonly events: readonly RunEvent[] }[];
      /** Why running is not possible, such as an untrusted workspace; shown in the empty state. */
      readonly notice?: string;
    }
  | { readonly type: 'events'; readonly id: string; readonly events: readonly RunEvent[] }
  | { readonly type: 'listings'; readonly listings: readonly RunListing[] };

export type FromWebviewMessage =
  | { readonly type: 'ready' }
  /** Show these runs instead. */
  | { readonly type: 'select'; readonly ids: readonly string[] }
  | { readonly type: 'request'; readonly id: string; readonly request: 'stop' | 'pause' | 'resume' }
  | { readonly type: 'open'; readonly target: 'curves' | 'relatedness' | 'log' | 'experiment'; readonly id: string }
  /** Run the experiment file in the active editor, or ask for one: the empty state's button. */
  | { readonly type: 'runExperiment' }
  /** Write experiments that check these groups of a run's tasks. */
  | ({ readonly type: 'group'; readonly id: string } & Required<Omit<GroupTasksArgument, 'folder'>>)
  | {
      readonly type: 'export';
      /** File name that is offered, with extension. */
      readonly name: string;
      readonly format: 'png' | 'csv' | 'svg' | 'tex';
      /** PNG: base64 without a prefix; the others: text. */
      readonly content: string;
    };

/** What a panel keeps over a window reload, by `setState`; the host reads it in its serializer. */
export interface PanelState {
  readonly ids: readonly string[];
}
