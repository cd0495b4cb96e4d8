/** The size of a network with hard sharing: shared layers, then for each task one layer and one output. */
export interface HardShape {
  readonly kind: 'hard';
  readonly tasks: number;
  readonly inputs: number;
  readonly shared: readonly number[];
  readonly head: number;
  readonly batch: number;
}

/** MMoE: experts that every task mixes by a gate of its own (Ma et al., 2018), then a layer and an output per task. */
export interface MixtureShape {
  readonly kind: 'mixture';
  readonly tasks: number;
  readonly inputs: number;
  readonly experts: number;
  readonly expert: readonly number[];
  readonly head: number;
  readonly batch: number;
}

export type Shape = HardShape | MixtureShape;

export const shapes = {
  tiny: { kind: 'hard', tasks: 2, inputs: 10, shared: [10, 10], head: 10, batch: 16 },
  small: { kind: 'hard', tasks: 5, inputs: 100, shared: [100, 100, 100], head: 100, batch: 128 },
  wide: { kind: 'hard', tasks: 10, inputs: 100, shared: [512, 512], head: 100, batch: 1024 },
  mixture: { kind: 'mixture', tasks: 5, inputs: 100, experts: 8, expert: [64, 32], head: 16, batch: 256 },
} as const satisfies Readonly<Record<string, Shape>>;

/** What a step contender is told on its command line, as JSON. */
export interface StepOrder {
  readonly shape: Shape;
  /** Whether the tasks are weighed by their gradients (PCGrad) instead of equally. */
  readonly gradients: boolean;
  readonly threads: number;
}
