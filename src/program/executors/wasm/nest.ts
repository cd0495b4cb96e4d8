import type { FunctionBody, Instruction } from './assembler';

/** Where an operand lies: its address in bytes, and how far it moves, in elements, along each dimension of the loops. */
export interface Operand {
  readonly address: number;
  readonly strides: readonly number[];
}

/** A calculation at each point of a grid of `sizes`. All numbers are float32. */
export interface Nest {
  readonly sizes: readonly number[];
  readonly inputs: readonly Operand[];
  readonly output: Operand;
  /** Dimensions that are summed up, or joined otherwise; the output's strides there are 0. */
  readonly reduced?: {
    readonly dimensions: readonly boolean[];
    readonly start: number;
    readonly join: Instruction;
    /** What the joined value is divided by. */
    readonly divisor: number;
  };
  /** Takes the locals of the loaded inputs, and leaves the result on the stack. */
  compute(body: FunctionBody, inputs: readonly number[]): void;
}

interface Dimension {
  readonly size: number;
  readonly reduced: boolean;
  /** For each input, then for the output. */
  readonly strides: readonly number[];
}

const elementBytes = 4;

/** Writes the loops of a nest into a function. */
export function emitNest(body: FunctionBody, nest: Nest): void {
  const operands = [...nest.inputs, nest.output];
  const dimensions = orderDimensions(mergeDimensions(nest, operands));
  new NestWriter(body, nest, operands, dimensions).write();
}

/** Joins neighbours that every operand walks through as one, and drops those of size one. */
function mergeDimensions({ sizes, reduced }: Nest, operands: readonly Operand[]): Dimension[] {
  const merged: Dimension[] = [];
  sizes.forEach((size, position) => {
    if (size === 1) return;
    const strides = operands.map((operand) => operand.strides[position]);
    const current: Dimension = { size, strides, reduced: reduced?.dimensions[position] ?? false };
    const last = merged.at(-1);
    const joins =
      last?.reduced === current.reduced && last.strides.every((stride, index) => stride === strides[index] * size);
    if (last && joins) merged[merged.length - 1] = { ...current, size: size * last.size };
    else merged.push(current);
  });
  return merged;
}

/** Kept dimensions first, then the reduced ones; the order among each stays. */
function orderDimensions(dimensions: readonly Dimension[]): readonly Dimension[] {
  return [...dimensions.filter(({ reduced }) => !reduced), ...dimensions.filter(({ reduced }) => reduced)];
}

class NestWriter {
  private readonly pointers = new Map<string, { readonly local: number; readonly strides: readonly number[] }>();
  private readonly pointerOf: readonly (number | null)[];
  private readonly values: readonly number[];
  private readonly vectorLevel: number;
  private readonly keptLevels: number;

  constructor(
    private readonly body: FunctionBody,
    private readonly nest: Nest,
    private readonly operands: readonly Operand[],
    private readonly dimensions: readonly Dimension[],
  ) {
    this.keptLevels = dimensions.filter(({ reduced }) => !reduced).length;
    this.pointerOf = operands.map((_, operand) => this.pointerFor(dimensions.map(({ strides }) => strides[operand])));
    this.values = nest.inputs.map(() => body.local('v128'));
    this.vectorLevel = this.chooseVectorLevel();
  }

  write(): void {
    const { body, nest } = this;
    nest.inputs.forEach(({ address }, input) => {
      if (this.pointerOf[input] !== null) return;
      body.integer(0);
      body.load('splat', address);
      body.set(this.values[input]);
    });
    if (nest.reduced) this.writeReduction(0);
    else this.writeLevel(0, this.dimensions.length, (width) => this.writePoint(width));
  }

  /** Operands that move alike share a pointer; those that do not move have none. */
  private pointerFor(strides: readonly number[]): number | null {
    if (strides.every((stride) => stride === 0)) return null;
    const key = strides.join();
    const known = this.pointers.get(key);
    if (known) return known.local;
    const local = this.body.local('i32');
    this.pointers.set(key, { local, strides });
    return local;
  }

  /** The level that is walked four at a time: the last kept or the last reduced one, whichever all operands allow. */
  private chooseVectorLevel(): number {
    const last = this.dimensions.length - 1;
    const candidates = this.nest.reduced ? [last, this.keptLevels - 1] : [last];
    const fits = (level: number) =>
      level >= 0 && this.dimensions[level].strides.every((stride) => stride === 0 || stride === 1);
    const walked = (level: number) => this.dimensions[level].strides.some((stride) => stride === 1);
    return candidates.find((level) => fits(level) && walked(level)) ?? -1;
  }

  /** Loops from `level` up to `end`, then `inner`, which is told how many elements to do at once. */
  private writeLevel(level: number, end: number, inner: (width: 4 | 1) => void, width: 4 | 1 = 1): void {
    if (level === end) return inner(width);
    const { size } = this.dimensions[level];
    const turn = (step: 4 | 1) => () => {
      this.writeLevel(level + 1, end, inner, level === this.vectorLevel ? step : width);
      this.move(level, step);
    };
    const vectors = level === this.vectorLevel ? Math.floor(size / 4) : 0;
    this.body.repeat(vectors, turn(4));
    this.body.repeat(size - 4 * vectors, turn(1));
    this.move(level, -size);
  }

  private move(level: number, steps: number): void {
    for (const { local, strides } of this.pointers.values()) {
      this.body.advance(local, steps * strides[level] * elementBytes);
    }
  }

  private load(width: 4 | 1): void {
    const { body, nest } = this;
    const inner = this.vectorLevel;
    nest.inputs.forEach(({ address }, input) => {
      const pointer = this.pointerOf[input];
      if (pointer === null) return;
      const still = inner >= 0 && this.dimensions[inner].strides[input] === 0;
      body.get(pointer);
      body.load(width === 4 && still ? 'splat' : width, address);
      body.set(this.values[input]);
    });
  }

  private writePoint(width: 4 | 1): void {
    this.pushOutputPointer();
    this.load(width);
    this.nest.compute(this.body, this.values);
    this.body.store(width, this.nest.output.address);
  }

  private pushOutputPointer(): void {
    const pointer = this.pointerOf[this.operands.length - 1];
    if (pointer === null) this.body.integer(0);
    else this.body.get(pointer);
  }

  private writeReduction(level: number): void {
    const { body } = this;
    const [vectors, singles] = [body.local('v128'), body.local('v128')];
    this.writeLevel(level, this.keptLevels, (keptWidth) => {
      const { start, join, divisor } = this.nest.reduced as NonNullable<Nest['reduced']>;
      for (const sum of [vectors, singles]) {
        body.splat(start);
        body.set(sum);
      }
      const inner = (width: 4 | 1) => {
        const sum = width === 4 ? vectors : singles;
        body.get(sum);
        this.load(width);
        this.nest.compute(body, this.values);
        body.op(join);
        body.set(sum);
      };
      this.writeLevel(this.keptLevels, this.dimensions.length, inner, keptWidth);
      this.pushOutputPointer();
      this.pushJoined(vectors, singles, keptWidth, join);
      if (divisor !== 1) {
        body.splat(divisor);
        body.op('f32x4.div');
      }
      body.store(keptWidth, this.nest.output.address);
    });
  }

  private pushJoined(vectors: number, singles: number, keptWidth: 4 | 1, join: Instruction): void {
    const { body } = this;
    if (keptWidth === 4) return body.get(vectors);
    body.get(singles);
    if (this.vectorLevel < this.keptLevels) return;
    for (const lane of [0, 1, 2, 3]) {
      body.get(vectors);
      body.spread(lane);
      body.op(join);
    }
  }
}
