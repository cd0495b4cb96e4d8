import type { KernelCall, Operand } from './calls';
import type { KernelRow, KernelRule } from './elementwise';
import { attribute } from './graph';

const indexType = attribute.type('int32');

/** The output's shape in place of what the call says of it. */
const reshape: KernelRule = (call) => {
  const [x] = call.operands;
  const [{ shape, dtype }] = call.outputs;
  return [x.shape.join() === shape.join() ? x.reference : call.reshape(x.reference, shape, dtype)];
};

const transpose: KernelRule = (call) => {
  const [x] = call.operands;
  const attributes = { T: attribute.type(x.dtype), Tperm: indexType };
  return [call.add('Transpose', [x.reference, call.ints(call.attributes.perm as number[])], attributes)];
};

const reverse: KernelRule = (call) => {
  const [x] = call.operands;
  const dims = positions(call.attributes.dims as number | number[], x);
  return [call.add('ReverseV2', [x.reference, call.ints(dims)], { T: attribute.type(x.dtype), Tidx: indexType })];
};

/** Sums or products of what lies before each element; tfjs gives them the axis as a number. */
const cumulative: KernelRule = (call) => {
  const [x] = call.operands;
  const { axis, exclusive, reverse: backwards } = call.attributes as { readonly [name: string]: unknown };
  return [
    call.add(call.kernel, [x.reference, call.int(positions(axis as number, x)[0])], {
      T: attribute.type(x.dtype),
      Tidx: indexType,
      exclusive: attribute.bool(exclusive === true),
      reverse: attribute.bool(backwards === true),
    }),
  ];
};

const concatenate: KernelRule = (call) => {
  const [axis] = positions(call.attributes.axis as number, call.operands[0]);
  const references = call.operands.map(({ reference }) => reference);
  return [
    call.add('ConcatV2', [...references, call.int(axis)], {
      N: attribute.int(references.length),
      T: attribute.type(call.outputs[0].dtype),
      Tidx: indexType,
    }),
  ];
};

const pack: KernelRule = (call) => [
  call.add(
    'Pack',
    call.operands.map(({ reference }) => reference),
    {
      N: attribute.int(call.operands.length),
      T: attribute.type(call.outputs[0].dtype),
      axis: attribute.int(call.attributes.axis as number),
    },
  ),
];

const unpack: KernelRule = (call) => {
  const [value] = call.operands;
  const [axis] = positions(call.attributes.axis as number, value);
  call.refuseFree([value.shape[axis]]);
  const attributes = {
    num: attribute.int(call.outputs.length),
    T: attribute.type(value.dtype),
    axis: attribute.int(axis),
  };
  return outputsOf(call, call.add('Unpack', [value.reference], attributes));
};

const split: KernelRule = (call) => {
  const [x] = call.operands;
  const [axis] = positions(call.attributes.axis as number, x);
  const sizes = call.outputs.map(({ shape }) => shape[axis]);
  call.refuseFree(sizes);
  const attributes = { num_split: attribute.int(sizes.length), T: attribute.type(x.dtype), Tlen: indexType };
  return outputsOf(call, call.add('SplitV', [x.reference, call.ints(sizes), call.int(axis)], attributes));
};

function outputsOf({ outputs }: KernelCall, node: string): readonly string[] {
  return outputs.map((_, output) => (output === 0 ? node : `${node}:${output}`));
}

/** A size of -1 means the rest of the dimension, so that slices of columns take any number of rows. */
const slice: KernelRule = (call) => {
  const [x] = call.operands;
  const [{ shape }] = call.outputs;
  const given = call.attributes.begin as number | readonly number[];
  const begin = typeof given === 'number' ? [given] : given;
  const whole = x.shape.map((size, dimension) => size === shape[dimension]);
  const sizes = shape.map((size, dimension) => (whole[dimension] ? -1 : size));
  call.refuseFree(sizes);
  const starts = x.shape.map((_, dimension) => (whole[dimension] ? 0 : (begin[dimension] ?? 0)));
  const attributes = { T: attribute.type(x.dtype), Index: indexType };
  return [call.add('Slice', [x.reference, call.ints(starts), call.ints(sizes)], attributes)];
};

const stridedSlice: KernelRule = (call) => {
  const [x] = call.operands;
  const { begin, end, strides, ...masks } = call.attributes as Record<'begin' | 'end' | 'strides', number[]>;
  call.refuseFree(x.shape);
  const mask = (name: string) => attribute.int(((masks as Record<string, unknown>)[name] as number | undefined) ?? 0);
  return [
    call.add('StridedSlice', [x.reference, ...[begin, end, strides].map((values) => call.ints(values))], {
      T: attribute.type(x.dtype),
      Index: indexType,
      begin_mask: mask('beginMask'),
      end_mask: mask('endMask'),
      ellipsis_mask: mask('ellipsisMask'),
      new_axis_mask: mask('newAxisMask'),
      shrink_axis_mask: mask('shrinkAxisMask'),
    }),
  ];
};

const gather: KernelRule = (call) => {
  const [x, indices] = [call.operand('x'), call.operand('indices')];
  const { axis, batchDims } = call.attributes as { readonly axis: number; readonly batchDims?: number };
  return [
    call.add('GatherV2', [x.reference, call.cast(indices, 'int32'), call.int(positions(axis, x)[0])], {
      batch_dims: attribute.int(batchDims ?? 0),
      Tparams: attribute.type(x.dtype),
      Tindices: indexType,
      Taxis: indexType,
    }),
  ];
};

const gatherMany: KernelRule = (call) => {
  const [values, indices] = [call.operand('params'), call.operand('indices')];
  return [
    call.add('GatherNd', [values.reference, call.cast(indices, 'int32')], {
      Tparams: attribute.type(values.dtype),
      Tindices: indexType,
    }),
  ];
};

const scatter: KernelRule = (call) => {
  const [indices, updates] = [call.operand('indices'), call.operand('updates')];
  call.refuseFree(call.outputs[0].shape);
  return [
    call.add('ScatterNd', [call.cast(indices, 'int32'), updates.reference, call.ints(call.outputs[0].shape)], {
      T: attribute.type(updates.dtype),
      Tindices: indexType,
    }),
  ];
};

const segmentSum: KernelRule = (call) => {
  const [x, segments] = [call.operand('x'), call.operand('segmentIds')];
  const count = call.int(call.attributes.numSegments as number);
  return [
    call.add('UnsortedSegmentSum', [x.reference, call.cast(segments, 'int32'), count], {
      T: attribute.type(x.dtype),
      Tindices: indexType,
      Tnumsegments: indexType,
    }),
  ];
};

function paddings(call: KernelCall): string {
  const sides = call.attributes.paddings as readonly (readonly number[])[];
  return call.constant(Int32Array.from(sides.flat()), [sides.length, 2], 'int32');
}

const pad: KernelRule = (call) => {
  const [x] = call.operands;
  const value = call.scalar((call.attributes.constantValue as number | undefined) ?? 0, x.dtype);
  const attributes = { T: attribute.type(x.dtype), Tpaddings: indexType };
  return [call.add('PadV2', [x.reference, paddings(call), value], attributes)];
};

const mirrorPad: KernelRule = (call) => {
  const [x] = call.operands;
  return [
    call.add('MirrorPad', [x.reference, paddings(call)], {
      T: attribute.type(x.dtype),
      Tpaddings: indexType,
      mode: attribute.string((call.attributes.mode as string).toUpperCase()),
    }),
  ];
};

const tile: KernelRule = (call) => {
  const [x] = call.operands;
  const attributes = { T: attribute.type(x.dtype), Tmultiples: indexType };
  call.refuseFree(call.attributes.reps as number[]);
  return [call.add('Tile', [x.reference, call.ints(call.attributes.reps as number[])], attributes)];
};

const oneHot: KernelRule = (call) => {
  const [indices] = call.operands;
  const [{ dtype }] = call.outputs;
  const { depth, onValue, offValue } = call.attributes as Record<'depth' | 'onValue' | 'offValue', number>;
  const inputs = [indices.reference, call.int(depth), call.scalar(onValue, dtype), call.scalar(offValue, dtype)];
  return [
    call.add('OneHot', inputs, {
      T: attribute.type(dtype),
      TI: attribute.type(indices.dtype),
      axis: attribute.int(-1),
    }),
  ];
};

const fill: KernelRule = (call) => {
  const [{ shape, dtype }] = call.outputs;
  call.refuseFree(shape);
  const attributes = { T: attribute.type(dtype), index_type: indexType };
  return [call.add('Fill', [call.ints(shape), call.scalar(call.attributes.value as number, dtype)], attributes)];
};

const range: KernelRule = (call) => {
  const [{ dtype, shape }] = call.outputs;
  call.refuseFree(shape);
  const { start, stop, step } = call.attributes as Record<'start' | 'stop' | 'step', number>;
  // tfjs counts down by itself where the end lies below the start.
  const by = stop < start && step === 1 ? -1 : step;
  const inputs = [start, stop, by].map((value) => call.scalar(value, dtype));
  return [call.add('Range', inputs, { Tidx: attribute.type(dtype) })];
};

const linSpace: KernelRule = (call) => {
  const { start, stop, num } = call.attributes as Record<'start' | 'stop' | 'num', number>;
  call.refuseFree([num]);
  const attributes = { T: attribute.type('float32'), Tidx: indexType };
  return [call.add('LinSpace', [call.scalar(start), call.scalar(stop), call.int(num)], attributes)];
};

const diagonal: KernelRule = (call) => {
  const [x] = call.operands;
  return [call.add('Diag', [x.reference], { T: attribute.type(x.dtype) })];
};

const largest: KernelRule = (call) => {
  const [x] = call.operands;
  const { k, sorted } = call.attributes as { readonly k: number; readonly sorted: boolean };
  const attributes = { T: attribute.type(x.dtype), sorted: attribute.bool(sorted) };
  return outputsOf(call, call.add('TopKV2', [x.reference, call.int(k)], attributes));
};

/** Dimensions, counted from the front. */
export function positions(axes: number | readonly number[], { shape }: Operand): readonly number[] {
  const listed = typeof axes === 'number' ? [axes] : axes;
  return listed.map((axis) => (axis < 0 ? axis + shape.length : axis));
}

/** The dimensions that a reduction takes away. */
function reduced(call: KernelCall, x: Operand): readonly number[] {
  const { axis, reductionIndices } = call.attributes as { readonly [name: string]: number | number[] | undefined };
  const given = axis ?? reductionIndices;
  return given === undefined ? [...x.shape.keys()] : positions(given, x);
}

function reduce(call: KernelCall, x: Operand, op: string): string {
  const axes = reduced(call, x);
  // A reduction takes the dimensions away or keeps them as 1; a kernel's output says which.
  const keeps = axes.length > 0 && call.outputs[0].shape.length === x.shape.length;
  const attributes = { Tidx: indexType, keep_dims: attribute.bool(keeps) };
  const type = x.dtype === 'bool' ? undefined : { T: attribute.type(x.dtype) };
  return call.add(op, [x.reference, call.ints(axes)], { ...attributes, ...type });
}

const reduction: KernelRule = (call) => [reduce(call, call.operand('x'), call.kernel)];

/** Sums over the rows of a matrix are TensorFlow's gradient of a bias, which is faster. */
const sum: KernelRule = (call) => {
  const x = call.operand('x');
  const [output] = call.outputs;
  const overRows = reduced(call, x).join() === '0' && x.shape.length === 2 && output.shape.length === 1;
  if (!overRows || x.dtype !== 'float32') return reduction(call);
  return [call.add('BiasAddGrad', [x.reference], { T: attribute.type('float32') })];
};

const mean: KernelRule = (call) => {
  const x = call.operand('x');
  return [reduce(call, { ...x, dtype: 'float32', reference: call.cast(x, 'float32') }, 'Mean')];
};

const positionOfExtreme: KernelRule = (call) => {
  const x = call.operand('x');
  const [axis] = positions(call.attributes.axis as number, x);
  const attributes = { T: attribute.type(x.dtype), Tidx: indexType, output_type: indexType };
  return [call.add(call.kernel, [x.reference, call.int(axis)], attributes)];
};

/** Kernels that move, pick or reduce elements. */
export const structuralRows: readonly KernelRow[] = [
  [reshape, 'Reshape', 'ExpandDims'],
  [transpose, 'Transpose'],
  [reverse, 'Reverse'],
  [cumulative, 'Cumsum', 'Cumprod'],
  [concatenate, 'Concat'],
  [pack, 'Pack'],
  [unpack, 'Unpack'],
  [split, 'SplitV'],
  [slice, 'Slice'],
  [stridedSlice, 'StridedSlice'],
  [gather, 'GatherV2'],
  [gatherMany, 'GatherNd'],
  [scatter, 'ScatterNd'],
  [segmentSum, 'UnsortedSegmentSum'],
  [pad, 'PadV2'],
  [mirrorPad, 'MirrorPad'],
  [tile, 'Tile'],
  [oneHot, 'OneHot'],
  [fill, 'Fill'],
  [range, 'Range'],
  [linSpace, 'LinSpace'],
  [diagonal, 'Diag'],
  [largest, 'TopK'],
  [sum, 'Sum'],
  [mean, 'Mean'],
  [reduction, 'Prod', 'Max', 'Min', 'All', 'Any'],
  [positionOfExtreme, 'ArgMax', 'ArgMin'],
];
