import type { PrivateEncoder } from '../modelSchema';
import type { Experiment } from '../schema';

/** How large the prepared data of an experiment is: what the size of its network follows from. */
export interface DataSizes {
  /** One table each, or one that all tasks share. */
  readonly streams: readonly {
    /** Width of an input row once it is encoded. */
    readonly inputs: number;
    readonly trainRows: number;
    /** Of the validation split, or of the test split where that has none. */
    readonly heldOutRows: number;
    /** Layers between these inputs and what is shared. */
    readonly encoder?: PrivateEncoder;
  }[];
  /** In the order of the tasks. */
  readonly tasks: readonly { readonly stream: number; readonly outputs: number }[];
  /** One task per value of a column: each row has one task. */
  readonly pooled: boolean;
}

/** Matrix products that a row of one table goes through, as one number. */
interface Product {
  readonly stream: number;
  /** Multiplications per row, forward. */
  readonly count: number;
  /** Those of them where the gradients of tasks are told apart: their parameters are shared, or lie before some that are. */
  readonly spread: number;
  /** Whether it reads the inputs, so that nothing is sent back any further. */
  readonly first: boolean;
  /** Those that have to be done anew with other shared parameters. */
  readonly again: number;
}

export interface NetworkSize {
  readonly products: readonly Product[];
  /** Shared parameters. */
  readonly shared: number;
  /** Width of what the heads read. */
  readonly representation: number;
}

type Model = Experiment['model'];

/**
 * The network that a `model` makes of data of these sizes, as multiplications of its matrix products. Undefined for an
 * architecture that is not known here, or where the data does not fit it.
 */
export function networkSize(model: Model, sizes: DataSizes): NetworkSize | undefined {
  const widths = sizes.streams.map(({ inputs, encoder }) => encoder?.layers.at(-1) ?? inputs);
  const width = widths[0];
  if (model.sharing.name !== 'single-task' && widths.some((other) => other !== width)) return undefined;
  const parts = sizes.streams.map((_, stream) => sharedPart(model, sizes, stream, width));
  const [part] = parts;
  if (part === undefined) return undefined;
  const products = sizes.streams.flatMap(({ inputs, encoder }, stream): Product[] => {
    const own = encoder ? layersOf(inputs, encoder.layers) : [];
    const heads = tasksOf(sizes, stream).map(({ outputs }) =>
      sumOf(layersOf(part.width, [...model.head.layers, outputs])),
    );
    return [
      ...own.map((count, layer) => ({ stream, count, spread: 0, first: layer === 0, again: 0 })),
      ...parts[stream]!.layers.map(({ count, spread }, layer) => ({
        ...{ stream, count, spread, again: spread },
        first: layer === 0 && own.length === 0,
      })),
      { stream, count: sumOf(heads), spread: 0, first: false, again: part.shared > 0 ? sumOf(heads) : 0 },
    ];
  });
  return { products, shared: part.shared, representation: part.width };
}

/** What a row of a stream goes through between private encoders and heads, layer by layer. */
interface SharedPart {
  readonly layers: readonly Pick<Product, 'count' | 'spread'>[];
  readonly shared: number;
  readonly width: number;
}

function sharedPart({ sharing, encoder }: Model, sizes: DataSizes, stream: number, width: number) {
  const { layers } = encoder;
  const all = sizes.tasks.length;
  const here = tasksOf(sizes, stream).length;
  const last = layers.at(-1) ?? width;
  const dense = layersOf(width, layers);
  /** So many stacks side by side, of which some are shared; and gates that read the inputs. */
  const stacks = (shared: number, evaluated: number, gates = 0, sharedGates = 0): SharedPart => ({
    layers: dense.map((count, layer) => ({
      count: count * evaluated + (layer === 0 ? width * gates : 0) + (layer === dense.length - 1 ? last * gates : 0),
      spread: shared * count,
    })),
    shared: shared * parametersOf(width, layers) + sharedGates * (width + 1),
    width: last,
  });
  switch (sharing.name) {
    case 'hard':
      return stacks(1, 1);
    case 'single-task':
    case 'soft':
      return stacks(0, here);
    case 'additive':
      return stacks(1, 1 + here);
    case 'cross-stitch': {
      const mixed = stacks(all, all);
      const stitched = mixed.layers.map(({ count }, layer) => {
        const whole = count + all * (layer === layers.length - 1 ? here : all) * layers[layer];
        return { count: whole, spread: whole };
      });
      return { ...mixed, layers: stitched, shared: mixed.shared + all * all * layers.length };
    }
    case 'mmoe':
      return stacks(sharing.experts, sharing.experts, here * sharing.experts);
    case 'one-gate':
      return stacks(sharing.experts, sharing.experts, sharing.experts, sharing.experts);
    case 'cgc': {
      const { sharedExperts, taskExperts } = sharing;
      return stacks(sharedExperts, sharedExperts + here * taskExperts, here * (sharedExperts + taskExperts));
    }
    default:
      return undefined;
  }
}

function tasksOf({ tasks }: DataSizes, stream: number) {
  return tasks.filter((task) => task.stream === stream);
}

/** Multiplications per row of each dense layer. */
function layersOf(inputs: number, layers: readonly number[]): number[] {
  return layers.map((units, layer) => (layer === 0 ? inputs : layers[layer - 1]) * units);
}

/** Weights and biases. */
function parametersOf(inputs: number, layers: readonly number[]): number {
  return sumOf(layersOf(inputs, layers)) + sumOf(layers);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** What steps with so many rows of each table multiply. */
export interface StepSize {
  /** A forward pass with other shared parameters. */
  readonly forward: number;
  /** A whole forward pass. */
  readonly evaluation: number;
  /** A plain training step. */
  readonly plain: number;
  /** Beside it: a gradient of each task at the shared parameters. */
  readonly gradients: number;
  /** Beside it: the inner products of those. */
  readonly products: number;
}

/**
 * A layer takes as much forward as for the gradient at its weights and as for what it sends back, which the first one
 * does not. Where a table has several tasks, each sends back its own, beside what they send together.
 */
export function stepSize({ products, shared }: NetworkSize, sizes: DataSizes, rows: number): StepSize {
  const total = (of: (product: Product) => number) => rows * sumOf(products.map(of));
  const tasks = ({ stream }: Product) => tasksOf(sizes, stream).length;
  const back = ({ first }: Product) => (first ? 1 : 2);
  return {
    forward: total(({ again }) => again),
    evaluation: total(({ count }) => count),
    plain: total((product) => product.count * (1 + back(product))),
    gradients: total((product) => (tasks(product) > 1 ? tasks(product) * product.spread * back(product) : 0)),
    products: sizes.tasks.length ** 2 * shared,
  };
}
