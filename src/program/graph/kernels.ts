import type { KernelCall } from './calls';
import { elementwiseRows, type KernelRow, type KernelRule } from './elementwise';
import { attribute } from './graph';
import { structuralRows } from './structural';

/** A product of two matrices, or of as many as the dimensions before the last two count. */
function product(call: KernelCall): string {
  const [a, b] = [call.operand('a'), call.operand('b')];
  const [transposeA, transposeB] = [call.attributes.transposeA, call.attributes.transposeB].map((value) =>
    attribute.bool(value === true),
  );
  const inputs = [a.reference, b.reference];
  const T = attribute.type(a.dtype);
  if (a.shape.length === 2 && b.shape.length === 2) {
    return call.add('MatMul', inputs, { T, transpose_a: transposeA, transpose_b: transposeB });
  }
  return call.add('BatchMatMulV2', inputs, { T, adj_x: transposeA, adj_y: transposeB });
}

/** What tfjs calls an activation, as TensorFlow's operation. */
const activations: Readonly<Record<string, string>> = {
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
};

const fusedProduct: KernelRule = (call) => {
  const [output] = call.outputs;
  const T = attribute.type(output.dtype);
  const bias = call.find('bias');
  let result = product(call);
  if (bias?.shape.length === 1) result = call.add('BiasAdd', [result, bias.reference], { T });
  else if (bias) result = call.add('AddV2', [result, bias.reference], { T });
  const { activation, leakyreluAlpha } = call.attributes as { readonly [name: string]: string | number | undefined };
  if (activation === undefined || activation === 'linear') return [result];
  if (activation === 'leakyrelu') {
    return [call.add('LeakyRelu', [result], { T, alpha: attribute.float(leakyreluAlpha as number) })];
  }
  return [call.add(activations[activation], [result], { T })];
};

const rows: readonly KernelRow[] = [
  ...elementwiseRows,
  ...structuralRows,
  [(call) => [product(call)], 'BatchMatMul'],
  [fusedProduct, '_FusedMatMul'],
];

/** Every kernel that a graph can hold, with how it is written there. */
export const kernelRules: ReadonlyMap<string, KernelRule> = new Map(
  rows.flatMap(([rule, ...kernels]) => kernels.map((kernel) => [kernel, rule] as const)),
);
