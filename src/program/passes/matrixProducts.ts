import type { Program, TensorSpec, ValueRef } from '../program';
import { resultReferences } from '../references';
import { countUses, rebuild, type Editor } from './rebuild';

/**
 * Turns transposed operands of matrix products into transposes before plain products, which is all that
 * the product of the WASM runner knows, and eight times as fast in tfjs's own. Equal transposes are then merged as common subexpressions.
 */
export function transposeOperands(program: Program): Program {
  return rebuild(program, (node, editor) => {
    const { transposeA, transposeB } = node.attributes;
    if (node.kernel !== 'BatchMatMul' || !(transposeA || transposeB)) return undefined;
    const a = transposeA ? swapLast(node.inputs.a, editor) : node.inputs.a;
    const b = transposeB ? swapLast(node.inputs.b, editor) : node.inputs.b;
    return editor.emit({ ...node, inputs: { a, b }, attributes: { transposeA: false, transposeB: false } });
  });
}

function swapLast(x: ValueRef, editor: Editor): ValueRef {
  const { shape, dtype } = editor.specOf(x);
  const rank = shape.length;
  const perm = [...shape.keys()].slice(0, -2).concat(rank - 1, rank - 2);
  const output = { shape: perm.map((dimension) => shape[dimension]), dtype };
  return editor.emit({ kernel: 'Transpose', inputs: { x }, attributes: { perm }, outputs: [output] })[0];
}

/** Adds the bias within the matrix product where the sum is the product's only use: one pass over the result less. */
export function fuseBias(program: Program): Program {
  const uses = countUses(program, resultReferences(program));
  const usedOnce = (reference: ValueRef) => reference.from === 'node' && uses[reference.node][reference.output] === 1;
  return rebuild(program, (node, editor, position) => {
    if (node.kernel === 'Add') {
      const { a, b } = program.nodes[position].inputs;
      if (usedOnce(a)) return fused(node.inputs.a, node.inputs.b, node.outputs[0], editor);
      if (usedOnce(b)) return fused(node.inputs.b, node.inputs.a, node.outputs[0], editor);
    }
    return undefined;
  });
}

function fused(product: ValueRef, bias: ValueRef, output: TensorSpec, editor: Editor): readonly ValueRef[] | undefined {
  const node = editor.nodeOf(product);
  if (node?.kernel !== 'BatchMatMul' || node.attributes.transposeA || node.attributes.transposeB) return undefined;
  const { a, b } = node.inputs;
  if (editor.specOf(a).shape.length !== 2 || editor.specOf(b).shape.length !== 2) return undefined;
  const { shape } = editor.specOf(bias);
  if (shape.length !== 1 || shape[0] !== output.shape[1] || output.shape.length !== 2) return undefined;
  const lift = (x: ValueRef) => reshape(x, [1, ...editor.specOf(x).shape], editor);
  const attributes = { transposeA: false, transposeB: false, activation: 'linear' };
  const [sum] = editor.emit({
    kernel: '_FusedMatMul',
    inputs: { a: lift(a), b: lift(b), bias },
    attributes,
    outputs: [{ shape: [1, ...output.shape], dtype: 'float32' }],
  });
  return [reshape(sum, output.shape, editor)];
}

function reshape(x: ValueRef, shape: readonly number[], editor: Editor): ValueRef {
  const outputs = [{ shape, dtype: editor.specOf(x).dtype }];
  return editor.emit({ kernel: 'Reshape', inputs: { x }, attributes: { shape: [...shape] }, outputs })[0];
}
