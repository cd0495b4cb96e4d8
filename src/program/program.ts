/**
 * A Program is a traced training step (or any other tfjs function): a flat list of kernel calls that can be printed,
 * rewritten by passes and run by an executor.
 */

export type DataType = 'float32' | 'int32' | 'bool';

/** Shape and type of a tensor. */
export interface TensorSpec {
  readonly shape: readonly number[];
  readonly dtype: DataType;
}

/** A named tensor that outlives a step: a parameter, or an optimizer's moment. Always float32. */
export interface StateSpec {
  readonly name: string;
  readonly shape: readonly number[];
}

/** Where a value comes from: position in `inputs`, `state`, `constants`, or output `output` of node `node`. */
export type ValueRef =
  | { readonly from: 'input'; readonly index: number }
  | { readonly from: 'state'; readonly index: number }
  | { readonly from: 'constant'; readonly index: number }
  | { readonly from: 'node'; readonly node: number; readonly output: number };

/** One kernel call, with tfjs's kernel and attribute names. */
export interface ProgramNode {
  readonly kernel: string;
  /** Named as tfjs names the kernel's inputs; variadic inputs (AddN, Concat, Pack) are numbered. */
  readonly inputs: Readonly<Record<string, ValueRef>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly outputs: readonly TensorSpec[];
}

export type TypedArray = Float32Array | Int32Array | Uint8Array;

/** How state changes at the end of a step. All updates of one run read the values from before the step. */
export type Update =
  | { readonly kind: 'assign'; readonly state: number; readonly value: ValueRef }
  | {
      /** Adam with TensorFlow's epsilon placement: p -= rate * sqrt(1-b2^t)/(1-b1^t) * m / (sqrt(v) + epsilon). */
      readonly kind: 'adam';
      readonly state: number;
      readonly gradient: ValueRef;
      /**
       * State indices of the first and second moments (of the parameter's shape), and of the step count (a scalar): how
       * many steps were taken before this one, so t is one more. Updates may share it; it goes up by one per run, by itself.
       */
      readonly firstMoment: number;
      readonly secondMoment: number;
      readonly stepCount: number;
      readonly learningRate: ValueRef;
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      /** Decoupled decay (Loshchilov and Hutter, 2019): p -= rate * weightDecay * p. 0 for none. */
      readonly weightDecay: number;
    }
  | {
      /** v = momentum * v + g; p -= rate * v. Weight decay is decoupled as in adam: p -= rate * weightDecay * p. */
      readonly kind: 'momentum';
      readonly state: number;
      readonly gradient: ValueRef;
      readonly velocity: number;
      readonly learningRate: ValueRef;
      readonly momentum: number;
      readonly weightDecay: number;
    };

export interface Program {
  readonly name: string;
  readonly inputs: readonly { readonly name: string; readonly spec: TensorSpec }[];
  readonly state: readonly StateSpec[];
  readonly constants: readonly { readonly spec: TensorSpec; readonly values: TypedArray }[];
  readonly nodes: readonly ProgramNode[];
  readonly updates: readonly Update[];
  readonly outputs: readonly { readonly name: string; readonly value: ValueRef; readonly spec: TensorSpec }[];
}
