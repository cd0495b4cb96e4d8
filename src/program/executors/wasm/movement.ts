import { slice_util, util } from '@tensorflow/tfjs-core';
import type { ProgramNode, TensorSpec } from '../../program';
import type { Nest } from './nest';
import { rowMajor } from './strides';

/** One copy: a grid, and where input and output lie in it, offsets in elements. */
interface Copy {
  readonly sizes: readonly number[];
  /** Position among the node's inputs; null for a fill. */
  readonly input: number | null;
  readonly output: number;
  readonly from: { readonly offset: number; readonly strides: readonly number[] };
  readonly to: { readonly offset: number; readonly strides: readonly number[] };
  readonly value?: number;
}

type Movement = (node: ProgramNode, inputs: readonly TensorSpec[]) => readonly Copy[];

const whole = (shape: readonly number[]) => ({ offset: 0, strides: rowMajor(shape) });

const transpose: Movement = ({ attributes, outputs: [output] }, [x]) => {
  const strides = rowMajor(x.shape);
  const from = { offset: 0, strides: (attributes.perm as readonly number[]).map((dimension) => strides[dimension]) };
  return [{ sizes: output.shape, input: 0, output: 0, from, to: whole(output.shape) }];
};

const slice: Movement = ({ attributes, outputs: [output] }, [x]) => {
  const strides = rowMajor(x.shape);
  const [begin] = slice_util.parseSliceParams(
    { shape: [...x.shape] } as Parameters<typeof slice_util.parseSliceParams>[0],
    attributes.begin as number[],
    attributes.size as number[],
  );
  const offset = begin.reduce((sum, start, dimension) => sum + start * strides[dimension], 0);
  return [{ sizes: output.shape, input: 0, output: 0, from: { offset, strides }, to: whole(output.shape) }];
};

const concatenate: Movement = ({ attributes, outputs: [output] }, inputs) => {
  const [axis] = util.parseAxisParam(attributes.axis as number, [...output.shape]);
  const strides = rowMajor(output.shape);
  let start = 0;
  return inputs.map(({ shape }, input) => {
    const to = { offset: start * strides[axis], strides };
    start += shape[axis];
    return { sizes: shape, input, output: 0, from: whole(shape), to };
  });
};

const split: Movement = ({ attributes, outputs }, [x]) => {
  const [axis] = util.parseAxisParam(attributes.axis as number, [...x.shape]);
  const strides = rowMajor(x.shape);
  let start = 0;
  return outputs.map(({ shape }, output) => {
    const from = { offset: start * strides[axis], strides };
    start += shape[axis];
    return { sizes: shape, input: 0, output, from, to: whole(shape) };
  });
};

const pack: Movement = ({ attributes, outputs: [output] }, inputs) => {
  const axis = attributes.axis as number;
  const strides = rowMajor(output.shape);
  return inputs.map(({ shape }, input) => {
    const to = { offset: input * strides[axis], strides: strides.toSpliced(axis, 1) };
    return { sizes: shape, input, output: 0, from: whole(shape), to };
  });
};

const unpack: Movement = ({ attributes, outputs }, [value]) => {
  const [axis] = util.parseAxisParam(attributes.axis as number, [...value.shape]);
  const strides = rowMajor(value.shape);
  return outputs.map(({ shape }, output) => {
    const from = { offset: output * strides[axis], strides: strides.toSpliced(axis, 1) };
    return { sizes: shape, input: 0, output, from, to: whole(shape) };
  });
};

/** Each dimension becomes two: the repetitions, and what is repeated. */
const tile: Movement = ({ attributes, outputs: [output] }, [x]) => {
  const repetitions = attributes.reps as readonly number[];
  const [from, to] = [rowMajor(x.shape), rowMajor(output.shape)];
  return [
    {
      sizes: x.shape.flatMap((size, dimension) => [repetitions[dimension], size]),
      input: 0,
      output: 0,
      from: { offset: 0, strides: from.flatMap((stride) => [0, stride]) },
      to: { offset: 0, strides: to.flatMap((stride, dimension) => [stride * x.shape[dimension], stride]) },
    },
  ];
};

const pad: Movement = ({ attributes, outputs: [output] }, [x]) => {
  const sides = attributes.paddings as readonly (readonly [number, number])[];
  const to = whole(output.shape);
  const offset = sides.reduce((sum, [before], dimension) => sum + before * to.strides[dimension], 0);
  const value = attributes.constantValue as number;
  return [
    { sizes: output.shape, input: null, output: 0, from: whole(output.shape), to, value },
    { sizes: x.shape, input: 0, output: 0, from: whole(x.shape), to: { ...to, offset } },
  ];
};

const movements: Readonly<Record<string, Movement>> = {
  Transpose: transpose,
  Slice: slice,
  Concat: concatenate,
  SplitV: split,
  Pack: pack,
  Unpack: unpack,
  Tile: tile,
  PadV2: pad,
};

export function movesData(kernel: string): boolean {
  return Object.hasOwn(movements, kernel);
}

/** The loops of a kernel that only moves float32 data. Addresses are those of its inputs and outputs, in order. */
export function movementNests(
  node: ProgramNode,
  specs: readonly TensorSpec[],
  inputs: readonly number[],
  outputs: readonly number[],
): readonly Nest[] {
  return movements[node.kernel](node, specs).map(({ sizes, input, output, from, to, value }) => ({
    sizes,
    inputs: input === null ? [] : [{ address: inputs[input] + 4 * from.offset, strides: from.strides }],
    output: { address: outputs[output] + 4 * to.offset, strides: to.strides },
    compute(body, [local]) {
      if (input === null) body.splat(value ?? 0);
      else body.get(local);
    },
  }));
}
