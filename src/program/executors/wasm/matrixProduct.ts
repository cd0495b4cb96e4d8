import { FunctionBody } from './assembler';

/** The size of a product of row-major float32 matrices: left is rows x shared, right is shared x columns. */
export interface ProductShape {
  readonly rows: number;
  readonly shared: number;
  readonly columns: number;
  /** Whether a row is added to each row of the shape. */
  readonly bias: boolean;
}

/** Rows and columns of the result that are held in registers at once: 12 sums, of the 16 registers of x64. */
const blockRows = 6;
const blockColumns = 8;
/** Terms of a sum that are written one after the other in a turn of the loop. */
const unrolled = 2;

/** Bytes of scratch memory that a product needs. */
export function scratchBytes({ shared }: Pick<ProductShape, 'shared'>): number {
  return 4 * blockColumns * shared;
}

/**
 * A function (left, right, output, bias) of addresses that multiplies two matrices. For each eight columns, the right
 * operand's part is copied together, so that it stays in the first cache while all rows pass by; sums of six by eight
 * stay in registers. On the machine of the benchmark it took two thirds of XNNPACK's time for 128x100 by 100x100.
 * @param scratch Address of the scratch memory.
 */
export function matrixProduct(shape: ProductShape, scratch: number): FunctionBody {
  const body = new FunctionBody(['i32', 'i32', 'i32', 'i32']);
  const writer = new ProductWriter(body, shape, scratch);
  const rest = shape.columns % blockColumns;
  body.repeat(Math.floor(shape.columns / blockColumns), () => writer.panel([4, 4]));
  if (rest >= 4) writer.panel([4]);
  body.repeat(rest % 4, () => writer.panel([1]));
  return body;
}

/** Parameters of the function. All but the first move on from panel to panel. */
const [left, right, output, bias] = [0, 1, 2, 3];

class ProductWriter {
  private readonly source: number;
  private readonly target: number;
  private readonly leftPointer: number;
  private readonly outputPointer: number;
  private readonly factor: number;
  private readonly panelValues: readonly number[];
  private readonly sums: readonly (readonly number[])[];

  constructor(
    private readonly body: FunctionBody,
    private readonly shape: ProductShape,
    private readonly scratch: number,
  ) {
    const [source, target, leftPointer, outputPointer] = Array.from({ length: 4 }, () => body.local('i32'));
    this.source = source;
    this.target = target;
    this.leftPointer = leftPointer;
    this.outputPointer = outputPointer;
    this.factor = body.local('v128');
    this.panelValues = [body.local('v128'), body.local('v128')];
    this.sums = Array.from({ length: blockRows }, () => [body.local('v128'), body.local('v128')]);
  }

  /** All rows of the next columns: vectors of the given widths. */
  panel(widths: readonly (4 | 1)[]): void {
    const { body, shape } = this;
    this.pack(widths);
    body.get(left);
    body.set(this.leftPointer);
    body.get(output);
    body.set(this.outputPointer);
    const wholeBlocks = Math.floor(shape.rows / blockRows);
    body.repeat(wholeBlocks, () => this.block(blockRows, widths));
    const rest = shape.rows % blockRows;
    if (rest > 0) this.block(rest, widths);
    const bytes = widths.reduce<number>((sum, width) => sum + 4 * width, 0);
    for (const pointer of [right, output, bias]) body.advance(pointer, bytes);
  }

  private pack(widths: readonly (4 | 1)[]): void {
    const { body, shape, scratch } = this;
    body.get(right);
    body.set(this.source);
    body.integer(0);
    body.set(this.target);
    body.repeat(shape.shared, () => {
      widths.forEach((width, index) => {
        body.get(this.target);
        body.get(this.source);
        body.load(width, 16 * index);
        body.store(width, scratch + 16 * index);
      });
      body.advance(this.source, 4 * shape.columns);
      body.advance(this.target, 4 * blockColumns);
    });
  }

  private block(rows: number, widths: readonly (4 | 1)[]): void {
    const { body, shape, sums } = this;
    for (let row = 0; row < rows; row++) {
      widths.forEach((width, index) => {
        if (!shape.bias) body.splat(0);
        else {
          body.get(bias);
          body.load(width, 16 * index);
        }
        body.set(sums[row][index]);
      });
    }
    body.integer(0);
    body.set(this.target);
    body.repeat(Math.floor(shape.shared / unrolled), () => this.accumulate(rows, widths, unrolled));
    body.repeat(shape.shared % unrolled, () => this.accumulate(rows, widths, 1));
    for (let row = 0; row < rows; row++) {
      widths.forEach((width, index) => {
        body.get(this.outputPointer);
        body.get(sums[row][index]);
        body.store(width, 4 * row * shape.columns + 16 * index);
      });
    }
    body.advance(this.leftPointer, 4 * (rows - 1) * shape.shared);
    body.advance(this.outputPointer, 4 * rows * shape.columns);
  }

  /** Adds some columns of the left operand times as many rows of the panel. */
  private accumulate(rows: number, widths: readonly (4 | 1)[], count: number): void {
    const { body, shape, scratch, sums } = this;
    for (let step = 0; step < count; step++) {
      widths.forEach((width, index) => {
        body.get(this.target);
        body.load(width, scratch + 4 * blockColumns * step + 16 * index);
        body.set(this.panelValues[index]);
      });
      for (let row = 0; row < rows; row++) {
        body.get(this.leftPointer);
        body.load('splat', 4 * (row * shape.shared + step));
        body.set(this.factor);
        widths.forEach((_, index) => {
          body.get(sums[row][index]);
          body.get(this.factor);
          body.get(this.panelValues[index]);
          body.op('f32x4.mul', 'f32x4.add');
          body.set(sums[row][index]);
        });
      }
    }
    body.advance(this.leftPointer, 4 * count);
    body.advance(this.target, 4 * blockColumns * count);
  }
}
