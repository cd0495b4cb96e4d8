import { backend_util, broadcast_util, slice_util, util } from '@tensorflow/tfjs-core';
import type { DataType, TensorSpec } from '../program';

/** Attributes of one kernel call, as tfjs names them. */
export type Attributes = Readonly<Record<string, unknown>>;
/** Input specs by tfjs's names; those of variadic kernels are numbered. */
export type InputSpecs = Readonly<Record<string, TensorSpec>>;
/** What comes out of a kernel, from what goes in. */
export type ShapeRule = (inputs: InputSpecs, attributes: Attributes) => readonly TensorSpec[];

const one = (shape: readonly number[], dtype: DataType): readonly TensorSpec[] => [{ shape: [...shape], dtype }];

/** The output has the shape of the first input. */
function like(dtype?: DataType): ShapeRule {
  return (inputs) => {
    const [first] = Object.values(inputs);
    return one(first.shape, dtype ?? first.dtype);
  };
}

/** Two inputs, broadcast to each other. */
function broadcast(dtype?: DataType): ShapeRule {
  return (inputs) => {
    const [left, right] = Object.values(inputs);
    const shape = broadcast_util.assertAndGetBroadcastShape([...left.shape], [...right.shape]);
    return one(shape, dtype ?? left.dtype);
  };
}

/** The dimensions that a reduction takes away; tfjs's Max names them otherwise than its siblings. */
export function reducedAxes(shape: readonly number[], { axis, reductionIndices }: Attributes): readonly number[] {
  return util.parseAxisParam((axis ?? reductionIndices) as number | number[], [...shape]);
}

function reduce(dtype?: DataType): ShapeRule {
  return ({ x }, attributes) => {
    const axes = reducedAxes(x.shape, attributes);
    const { keepDims } = attributes;
    const shape = x.shape.flatMap((size, dimension) => (axes.includes(dimension) ? (keepDims ? [1] : []) : [size]));
    return one(shape, dtype ?? x.dtype);
  };
}

const positionOfExtreme: ShapeRule = ({ x }, { axis }) => {
  const axes = util.parseAxisParam(axis as number, [...x.shape]);
  return one(
    x.shape.filter((_, dimension) => !axes.includes(dimension)),
    'int32',
  );
};

const matrixProduct: ShapeRule = ({ a, b }, { transposeA, transposeB }) => {
  const rows = a.shape[a.shape.length - (transposeA ? 1 : 2)];
  const columns = b.shape[b.shape.length - (transposeB ? 2 : 1)];
  const batch = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return one([...batch, rows, columns], a.dtype);
};

const concatenate: ShapeRule = (inputs, { axis }) => {
  const parts = Object.values(inputs);
  const [dimension] = util.parseAxisParam(axis as number, [...parts[0].shape]);
  const shape = backend_util.computeOutShape(
    parts.map((part) => [...part.shape]),
    dimension,
  );
  return one(shape, parts[0].dtype);
};

const pack: ShapeRule = (inputs, { axis }) => {
  const parts = Object.values(inputs);
  return one(parts[0].shape.toSpliced(axis as number, 0, parts.length), parts[0].dtype);
};

const unpack: ShapeRule = ({ value }, { axis }) => {
  const [dimension] = util.parseAxisParam(axis as number, [...value.shape]);
  const shape = value.shape.toSpliced(dimension, 1);
  return Array.from({ length: value.shape[dimension] }, () => ({ shape, dtype: value.dtype }));
};

const split: ShapeRule = ({ x }, { numOrSizeSplits, axis }) => {
  const [dimension] = util.parseAxisParam(axis as number, [...x.shape]);
  const sizes = backend_util.prepareSplitSize(
    { shape: [...x.shape] } as Parameters<typeof backend_util.prepareSplitSize>[0],
    numOrSizeSplits as number | number[],
    dimension,
  );
  return sizes.map((size) => ({ shape: x.shape.with(dimension, size), dtype: x.dtype }));
};

const slice: ShapeRule = ({ x }, { begin, size }) => {
  const [, sizes] = slice_util.parseSliceParams(
    { shape: [...x.shape] } as Parameters<typeof slice_util.parseSliceParams>[0],
    begin as number | number[],
    size as number | number[],
  );
  return one(sizes, x.dtype);
};

const stridedSlice: ShapeRule = ({ x }, attributes) => {
  const { begin, end, strides } = attributes as Record<'begin' | 'end' | 'strides', number[]>;
  const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes as Record<
    'beginMask' | 'endMask' | 'ellipsisMask' | 'newAxisMask' | 'shrinkAxisMask',
    number
  >;
  const { finalShape } = slice_util.sliceInfo(
    [...x.shape],
    begin,
    end,
    strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  );
  return one(finalShape, x.dtype);
};

const gather: ShapeRule = ({ x, indices }, { axis, batchDims }) => {
  const [dimension] = util.parseAxisParam(axis as number, [...x.shape]);
  const shape = [
    ...x.shape.slice(0, dimension),
    ...indices.shape.slice((batchDims as number | undefined) ?? 0),
    ...x.shape.slice(dimension + 1),
  ];
  return one(shape, x.dtype);
};

const gatherMany: ShapeRule = ({ params, indices }) => {
  const depth = indices.shape.at(-1) ?? 0;
  return one([...indices.shape.slice(0, -1), ...params.shape.slice(depth)], params.dtype);
};

const pad: ShapeRule = ({ x }, { paddings }) => {
  const sides = paddings as readonly (readonly [number, number])[];
  return one(
    x.shape.map((size, dimension) => sides[dimension][0] + size + sides[dimension][1]),
    x.dtype,
  );
};

const reshape: ShapeRule = ({ x }, { shape }) =>
  one(util.inferFromImplicitShape(shape as number[], util.sizeFromShape([...x.shape])), x.dtype);

const expandDimensions: ShapeRule = ({ input }, { dim }) => {
  const position = dim as number;
  const at = position < 0 ? input.shape.length + position + 1 : position;
  return one(input.shape.toSpliced(at, 0, 1), input.dtype);
};

const transpose: ShapeRule = ({ x }, { perm }) =>
  one(
    (perm as number[]).map((dimension) => x.shape[dimension]),
    x.dtype,
  );

const tile: ShapeRule = ({ x }, { reps }) =>
  one(
    x.shape.map((size, dimension) => size * (reps as number[])[dimension]),
    x.dtype,
  );

const oneHot: ShapeRule = ({ indices }, { depth, dtype }) =>
  one([...indices.shape, depth as number], (dtype as DataType | undefined) ?? 'int32');

const fill: ShapeRule = (_, { shape, dtype }) => one(shape as number[], (dtype as DataType | undefined) ?? 'float32');

const range: ShapeRule = (_, attributes) => {
  const { start, stop, step } = attributes as Record<'start' | 'stop' | 'step', number>;
  const wrongWay = start === stop || (start < stop ? step < 0 : step > 1);
  const size = wrongWay ? 0 : Math.abs(Math.ceil((stop - start) / step));
  return one([size], (attributes.dtype as DataType | undefined) ?? 'float32');
};

const largest: ShapeRule = ({ x }, { k }) => {
  const shape = x.shape.with(-1, k as number);
  return [
    { shape, dtype: x.dtype },
    { shape, dtype: 'int32' },
  ];
};

const segmentSum: ShapeRule = ({ x, segmentIds }, { numSegments }) =>
  one([numSegments as number, ...x.shape.slice(segmentIds.shape.length)], x.dtype);

/** Kernels that share a rule: those of one row of the table. */
const rows: readonly (readonly [rule: ShapeRule, ...kernels: string[]])[] = [
  [like(), 'Abs', 'Neg', 'Square', 'Sign', 'Ceil', 'Floor', 'Round', 'Relu', 'Relu6', 'Step', 'ClipByValue'],
  [like(), 'Identity', 'ZerosLike', 'OnesLike', 'Reverse', 'Cumsum', 'Cumprod', 'Softmax', 'LeakyRelu', 'Elu', 'Selu'],
  [like('float32'), 'Exp', 'Expm1', 'Log', 'Log1p', 'Sqrt', 'Rsqrt', 'Reciprocal', 'Sigmoid', 'Softplus', 'Erf'],
  [like('float32'), 'Sin', 'Cos', 'Tan', 'Asin', 'Acos', 'Atan', 'Sinh', 'Cosh', 'Tanh', 'Asinh', 'Acosh', 'Atanh'],
  [like('bool'), 'IsNan', 'IsInf', 'IsFinite', 'LogicalNot'],
  [broadcast(), 'Add', 'Sub', 'Multiply', 'Maximum', 'Minimum', 'FloorDiv', 'Mod', 'Pow', 'SquaredDifference'],
  [broadcast('float32'), 'RealDiv', 'Atan2'],
  [like(), 'EluGrad'],
  [broadcast('bool'), 'Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual'],
  [broadcast('bool'), 'LogicalAnd', 'LogicalOr'],
  [reduce(), 'Sum', 'Prod', 'Max', 'Min'],
  [reduce('float32'), 'Mean'],
  [reduce('bool'), 'All', 'Any'],
  [positionOfExtreme, 'ArgMax', 'ArgMin'],
  [matrixProduct, 'BatchMatMul', '_FusedMatMul'],
  [like(), 'AddN'],
  [concatenate, 'Concat'],
  [pack, 'Pack'],
  [unpack, 'Unpack'],
  [split, 'SplitV'],
  [slice, 'Slice'],
  [stridedSlice, 'StridedSlice'],
  [gather, 'GatherV2'],
  [gatherMany, 'GatherNd'],
  [({ updates }, { shape }) => one(shape as number[], updates.dtype), 'ScatterNd'],
  [segmentSum, 'UnsortedSegmentSum'],
  [pad, 'PadV2', 'MirrorPad'],
  [reshape, 'Reshape'],
  [expandDimensions, 'ExpandDims'],
  [transpose, 'Transpose'],
  [tile, 'Tile'],
  [oneHot, 'OneHot'],
  [({ x }, { dtype }) => one(x.shape, dtype as DataType), 'Cast'],
  [({ t }) => one(t.shape, t.dtype), 'Select'],
  [fill, 'Fill'],
  [range, 'Range'],
  [(_, { num }) => one([num as number], 'float32'), 'LinSpace'],
  [({ x }) => one([...x.shape, ...x.shape], x.dtype), 'Diag'],
  [largest, 'TopK'],
];

/** Every kernel that can be traced, with its rule. */
export const shapeRules: ReadonlyMap<string, ShapeRule> = new Map(
  rows.flatMap(([rule, ...kernels]) => kernels.map((kernel) => [kernel, rule] as const)),
);

/** Kernels whose inputs tfjs passes as an array. */
export const variadicKernels: ReadonlySet<string> = new Set(['AddN', 'Concat', 'Pack']);
