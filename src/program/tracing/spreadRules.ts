import * as tf from '@tensorflow/tfjs-core';
import { mergedDiagonals, reshapedDiagonal, sameEntries, type Layout } from './layout';
import { reducedAxes, type Attributes } from './shapes';
import { asRows, blocksFirst, isNothing, nothing, placed, type Spread } from './spread';
import { spreadProduct } from './spreadProduct';

/** What goes into a kernel: a spread tensor, or one that is the same for all entries. */
export type Operand =
  Spread | { readonly value: tf.Tensor; readonly shape: readonly number[]; readonly layout?: undefined };

export type SpreadRule = (
  operands: Readonly<Record<string, Operand>>,
  attributes: Attributes,
  /** Shape of the kernel's output, or of each where there are several. */
  shapes: readonly (readonly number[])[],
) => readonly Spread[] | undefined;

type Of = (spread: Spread, attributes: Attributes, shape: readonly number[]) => Spread;

/** A kernel with one input that matters. */
function unary(rule: Of): SpreadRule {
  return (operands, attributes, [shape]) => {
    const [operand] = Object.values(operands);
    return operand.layout && [rule(operand, attributes, shape)];
  };
}

const unchanged = (compute: (value: tf.Tensor) => tf.Tensor): SpreadRule =>
  unary(({ value, ...rest }) => ({ ...rest, value: compute(value) }));

const reshape = unary((spread, _, to) => reshaped(spread, to));

function reshaped({ value, shape, layout }: Spread, to: readonly number[]): Spread {
  if (layout.kind === 'diagonal') {
    const kept = reshapedDiagonal(layout, shape, to);
    if (kept) return { value: tf.reshape(value, [...to]), shape: to, layout: kept };
  }
  const rows = asRows({ value, shape, layout });
  return { value: tf.reshape(rows.value, [rows.layout.entries.length, ...to]), shape: to, layout: rows.layout };
}

const transpose = unary(({ value, layout }, { perm }, shape) => {
  const order = perm as readonly number[];
  return layout.kind === 'rows'
    ? { value: tf.transpose(value, [0, ...order.map((axis) => axis + 1)]), shape, layout }
    : { value: tf.transpose(value, [...order]), shape, layout: { ...layout, axis: order.indexOf(layout.axis) } };
});

const slice = unary((spread, { begin }, shape) => {
  const begins = [begin as number | number[]].flat();
  return sliced(
    spread,
    spread.shape.map((_, axis) => begins[axis] ?? 0),
    shape,
  );
});

function sliced(spread: Spread, from: readonly number[], shape: readonly number[]): Spread {
  const { layout } = spread;
  if (layout.kind === 'diagonal') {
    const { axis, block, entries } = layout;
    const first = from[axis] / block;
    const count = shape[axis] / block;
    if (Number.isInteger(first) && Number.isInteger(count)) {
      const value = tf.slice(spread.value, [...from], [...shape]);
      return { value, shape, layout: { ...layout, entries: entries.slice(first, first + count) } };
    }
  }
  const rows = asRows(spread);
  const value = tf.slice(rows.value, [0, ...from], [rows.layout.entries.length, ...shape]);
  return { value, shape, layout: rows.layout };
}

const pad = unary((spread, { paddings }, shape) => {
  const sides = paddings as [number, number][];
  const { layout } = spread;
  if (layout.kind === 'diagonal') {
    const { axis, block, entries } = layout;
    const none = sides[axis].map((side) => side / block);
    if (none.every(Number.isInteger)) {
      const [before, behind] = none.map((length) => Array.from({ length }, () => -1));
      const value = tf.pad(spread.value, sides);
      return { value, shape, layout: { ...layout, entries: [...before, ...entries, ...behind] } };
    }
  }
  const rows = asRows(spread);
  return { value: tf.pad(rows.value, [[0, 0], ...sides]), shape, layout: rows.layout };
});

const sum = unary((spread, attributes, shape) => {
  const axes = reducedAxes(spread.shape, attributes);
  const keepDims = Boolean(attributes.keepDims);
  const { layout } = spread;
  if (layout.kind === 'diagonal') {
    const { axis, entries } = layout;
    if (!axes.includes(axis)) {
      const value = tf.sum(spread.value, [...axes], keepDims);
      const left = keepDims ? axis : axis - axes.filter((other) => other < axis).length;
      return { value, shape, layout: { ...layout, axis: left } };
    }
    const blocks = blocksFirst(spread);
    if (blocks) {
      const value = tf.sum(
        blocks,
        axes.map((other) => other + 1),
        keepDims,
      );
      return { value: tf.reshape(value, [entries.length, ...shape]), shape, layout: { kind: 'rows', entries } };
    }
  }
  const rows = asRows(spread);
  const value = tf.sum(
    rows.value,
    axes.map((axis) => axis + 1),
    keepDims,
  );
  return { value, shape, layout: rows.layout };
});

/** A spread tensor times, or divided by, one that is not. */
function scaled(spread: Spread, shape: readonly number[], scale: (value: tf.Tensor) => tf.Tensor): Spread {
  const { layout } = spread;
  if (layout.kind === 'diagonal') {
    const axis = shape.length - (spread.shape.length - layout.axis);
    // A single position that is broadcast remains that entry's alone.
    const stretch = shape[axis] / spread.shape[layout.axis];
    if (stretch === 1 || layout.entries.length === 1) {
      return { value: scale(spread.value), shape, layout: { ...layout, axis, block: layout.block * stretch } };
    }
  }
  const rows = asRows(spread);
  const missing = shape.slice(spread.shape.length).map(() => 1);
  const aligned = tf.reshape(rows.value, [rows.layout.entries.length, ...missing, ...spread.shape]);
  return { value: scale(aligned), shape, layout: rows.layout };
}

const multiply: SpreadRule = ({ a, b }, _, [shape]) => {
  if (a.layout && b.layout) return undefined;
  if (a.layout) return [scaled(a, shape, (value) => tf.mul(value, b.value))];
  return b.layout && [scaled(b, shape, (value) => tf.mul(a.value, value))];
};

const divide: SpreadRule = ({ a, b }, _, [shape]) =>
  a.layout && !b.layout ? [scaled(a, shape, (value) => tf.div(value, b.value))] : undefined;

/** tfjs's kernel wants equal shapes; the slope alone does not depend on the entry. */
const eluGradient: SpreadRule = ({ dy, y }, _, [shape]) => {
  if (!dy.layout || y.layout) return undefined;
  const slope = tf.engine().runKernel<tf.Tensor>('EluGrad', { dy: tf.onesLike(y.value), y: y.value });
  return [scaled(dy, shape, (value) => tf.mul(value, slope))];
};

/** Where the condition holds one, else the other: each times 0 or 1. */
const select: SpreadRule = ({ condition, t, e }, _, [shape]) => {
  if (condition.layout || !t.layout || !e.layout) return undefined;
  const holds = tf.cast(condition.value, 'float32');
  const chosen = isNothing(t) ? t : scaled(t, shape, (value) => tf.mul(value, holds));
  const other = isNothing(e) ? e : scaled(e, shape, (value) => tf.mul(value, tf.sub(tf.scalar(1), holds)));
  return [added(chosen, other)];
};

function added(left: Spread, right: Spread): Spread {
  if (isNothing(left)) return right;
  if (isNothing(right)) return left;
  const { shape } = left;
  if (left.layout.kind === 'diagonal' && right.layout.kind === 'diagonal') {
    const layout = mergedDiagonals(left.layout, right.layout);
    if (layout) return { value: tf.add(left.value, right.value), shape, layout };
  }
  const [a, b] = [asRows(left), asRows(right)];
  const entriesOfA = a.layout.entries;
  const onlyB = b.layout.entries.filter((entry) => !entriesOfA.includes(entry));
  if (onlyB.length === b.layout.entries.length) {
    const entries = [...entriesOfA, ...onlyB];
    return { value: tf.concat([a.value, b.value], 0), shape, layout: { kind: 'rows', entries } };
  }
  const entries = [...entriesOfA, ...onlyB];
  return {
    value: tf.add(placed(a, entries).value, placed(b, entries).value),
    shape,
    layout: { kind: 'rows', entries },
  };
}

const add: SpreadRule = (operands, _, [shape]) => {
  const parts = Object.values(operands);
  if (!parts.every((part): part is Spread => part.layout !== undefined && sameEntries(part.shape, shape)))
    return undefined;
  return [parts.reduce(added)];
};

const subtract: SpreadRule = ({ a, b }, attributes, shapes) =>
  a.layout && b.layout ? add({ a, b: { ...b, value: tf.neg(b.value) } }, attributes, shapes) : undefined;

const concatenate: SpreadRule = (operands, { axis: along }, [shape]) => {
  const parts = Object.values(operands);
  if (!parts.every((part): part is Spread => part.layout !== undefined)) return undefined;
  const [along0] = tf.util.parseAxisParam(along as number, [...shape]);
  const layout = joined(parts, along0);
  if (layout)
    return [
      {
        value: tf.concat(
          parts.map(({ value }) => value),
          along0,
        ),
        shape,
        layout,
      },
    ];
  const rows = parts.map(asRows);
  const entries = [...new Set(rows.flatMap((part) => part.layout.entries))];
  const values = rows.map((part) => placed(part, entries).value);
  return [{ value: tf.concat(values, along0 + 1), shape, layout: { kind: 'rows', entries } }];
};

/** The layout of diagonals that are joined along an axis, where they are alike. */
function joined(parts: readonly Spread[], along: number): Layout | undefined {
  const [first] = parts;
  if (first.layout.kind !== 'diagonal') return undefined;
  const { axis, block, entries } = first.layout;
  const alike = parts.every(
    ({ layout }) => layout.kind === 'diagonal' && layout.axis === axis && layout.block === block,
  );
  if (!alike) return undefined;
  if (axis === along) return { ...first.layout, entries: parts.flatMap(({ layout }) => layout.entries) };
  return parts.every(({ layout }) => sameEntries(layout.entries, entries)) ? first.layout : undefined;
}

const split: SpreadRule = ({ x }, { axis }, shapes) => {
  if (!x.layout) return undefined;
  const [along] = tf.util.parseAxisParam(axis as number, [...x.shape]);
  let start = 0;
  return shapes.map((shape) => {
    const begin = x.shape.map((_, at) => (at === along ? start : 0));
    start += shape[along];
    return sliced(x, begin, shape);
  });
};

const unpack: SpreadRule = ({ value }, { axis }, shapes) => {
  if (!value.layout) return undefined;
  const along = axis as number;
  return shapes.map((shape, position) => {
    const one = sliced(
      value,
      value.shape.map((_, at) => (at === along ? position : 0)),
      value.shape.with(along, 1),
    );
    return reshaped(one, shape);
  });
};

/**
 * What a kernel makes of spread operands; undefined where there is no way to say it.
 */
export function applySpread(
  kernel: string,
  operands: Readonly<Record<string, Operand>>,
  attributes: Attributes,
  shapes: readonly (readonly number[])[],
): readonly Spread[] | undefined {
  const spread = Object.values(operands).filter((operand): operand is Spread => operand.layout !== undefined);
  if (spread.every(isNothing)) return shapes.map(nothing);
  return spreadRules.get(kernel)?.(operands, attributes, shapes);
}

/**
 * What kernels do to spread tensors. Gradients are linear in what comes back, so those suffice that are linear; a
 * rule gives undefined where the kernel is not.
 */
const spreadRules: ReadonlyMap<string, SpreadRule> = new Map<string, SpreadRule>([
  ['ZerosLike', unary(({ shape }) => nothing(shape))],
  ['Identity', unchanged((value) => value)],
  ['Neg', unchanged((value) => tf.neg(value))],
  ['Cast', unchanged((value) => tf.cast(value, 'float32'))],
  ['Reshape', reshape],
  ['ExpandDims', reshape],
  ['Transpose', transpose],
  ['Slice', slice],
  ['PadV2', pad],
  ['Sum', sum],
  ['Multiply', multiply],
  ['RealDiv', divide],
  ['EluGrad', eluGradient],
  ['Add', add],
  ['AddN', add],
  ['Sub', subtract],
  ['Select', select],
  ['Concat', concatenate],
  ['SplitV', split],
  ['Unpack', unpack],
  ['BatchMatMul', spreadProduct],
]);
