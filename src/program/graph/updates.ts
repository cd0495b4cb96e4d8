import type { Program, Update, ValueRef } from '../program';
import type { GraphBuilder } from './builder';
import { attribute, type Attribute } from './graph';
import { Readers } from './readers';

/** Where the variables of a program lie, and what its values are called. */
export interface UpdateContext {
  readonly builder: GraphBuilder;
  readonly program: Program;
  /** Put before the names of nodes. */
  readonly scope: string;
  /** The reference to the variable of a state tensor. */
  readonly variable: (state: number) => string;
  /** The reference to the value that a state tensor has before the step. */
  readonly read: (state: number) => string;
  readonly resolve: (reference: ValueRef) => string;
}

type Adam = Extract<Update, { kind: 'adam' }>;

const T = attribute.type('float32');

/**
 * Adds the updates of a program. Each waits for everything that reads a variable which it writes: so all of them read
 * the values from before the step, and TensorFlow can write in place, since nobody holds the old value any more.
 * @returns The updates, to be waited for.
 */
export function addUpdates(context: UpdateContext): readonly string[] {
  const values = new UpdateValues(context);
  const prepared = context.program.updates.map((update) => ({ update, ...values.of(update) }));
  const counts = [...values.counts];
  // Now that everything that is computed from the variables is there.
  const readers = new Readers(context.builder.nodes);
  const { builder, scope } = context;
  const write = (op: string, value: string, states: readonly number[], inputs: readonly string[], after: string[]) => {
    const handles = states.map((state) => context.variable(state));
    const waits = readers.besides(
      value,
      states.map((state) => context.read(state)),
    );
    const attributes: Readonly<Record<string, Attribute>> = op.startsWith('Assign')
      ? { dtype: T }
      : { T, use_locking: attribute.bool(false), use_nesterov: attribute.bool(false) };
    return builder.add(`${scope}/${op}`, op, [...handles, ...inputs, ...waits, ...after], attributes);
  };
  return [
    ...prepared.map(({ update, value, decay, numbers }) => {
      if (update.kind === 'assign') return write('AssignVariableOp', value, [update.state], [value], []);
      const after = decay === undefined ? [] : [write('AssignSubVariableOp', decay, [update.state], [decay], [])];
      const control = after.map((node) => `^${node}`);
      if (update.kind === 'adam') {
        const states = [update.state, update.firstMoment, update.secondMoment];
        return write('ResourceApplyAdam', value, states, [...numbers, value], control);
      }
      const [rate, momentum] = numbers;
      const states = [update.state, update.velocity];
      return write('ResourceApplyMomentum', value, states, [rate, value, momentum], control);
    }),
    ...counts.map(([state, next]) => write('AssignVariableOp', next, [state], [next], [])),
  ];
}

interface Prepared {
  /** The gradient, or the value that is assigned. */
  readonly value: string;
  /** What weight decay takes off. */
  readonly decay?: string;
  /** What the operation takes besides, in its order. */
  readonly numbers: readonly string[];
}

/** What updates write with; computed once for all that agree in it. */
class UpdateValues {
  /** State that counts steps, with its value after this one. */
  readonly counts = new Map<number, string>();
  private readonly rates = new Map<string, string>();

  constructor(private readonly context: UpdateContext) {}

  of(update: Update): Prepared {
    const { resolve } = this.context;
    switch (update.kind) {
      case 'assign':
        // A value that was fed lies in memory of JavaScript, which a variable must not keep.
        return { value: this.add('DeepCopy', resolve(update.value)), numbers: [] };
      case 'adam': {
        const { beta1, beta2, epsilon } = update;
        // The powers of the betas are in the rate already.
        const numbers = [this.float(0), this.float(0), this.adamRate(update)];
        const settings = [beta1, beta2, epsilon].map((value) => this.float(value));
        return { value: resolve(update.gradient), ...this.decay(update), numbers: [...numbers, ...settings] };
      }
      case 'momentum': {
        const numbers = [resolve(update.learningRate), this.float(update.momentum)];
        return { value: resolve(update.gradient), ...this.decay(update), numbers };
      }
    }
  }

  /** `rate * sqrt(1 - beta2^t) / (1 - beta1^t)`, by expm1: the difference of two numbers near 1 would cost digits. */
  private adamRate({ learningRate, stepCount, beta1, beta2 }: Adam): string {
    const rate = this.context.resolve(learningRate);
    const key = [rate, stepCount, beta1, beta2].join();
    const known = this.rates.get(key);
    if (known !== undefined) return known;
    const time = this.nextCount(stepCount);
    const rest = (beta: number) =>
      this.add('Neg', this.add('Expm1', this.add('Mul', time, this.float(Math.log(beta)))));
    const made = this.add('Mul', rate, this.add('RealDiv', this.add('Sqrt', rest(beta2)), rest(beta1)));
    this.rates.set(key, made);
    return made;
  }

  private nextCount(state: number): string {
    const made = this.counts.get(state) ?? this.add('AddV2', this.context.read(state), this.float(1));
    this.counts.set(state, made);
    return made;
  }

  private decay({ state, learningRate, weightDecay }: Exclude<Update, { kind: 'assign' }>): { decay?: string } {
    if (weightDecay === 0) return {};
    const share = this.add('Mul', this.context.resolve(learningRate), this.float(weightDecay));
    return { decay: this.add('Mul', this.context.read(state), share) };
  }

  private float(value: number): string {
    const { builder, scope } = this.context;
    return builder.constant(`${scope}/Const`, Float32Array.of(value), { shape: [], dtype: 'float32' });
  }

  private add(op: string, ...inputs: readonly string[]): string {
    const { builder, scope } = this.context;
    return builder.add(`${scope}/${op}`, op, inputs, { T });
  }
}
