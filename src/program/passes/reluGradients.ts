import type { Program, ProgramNode, ValueRef } from '../program';
import { rebuild, type Editor } from './rebuild';

/**
 * Writes what goes back through a relu, the product with a step, as TensorFlow's operation ReluGrad: one pass over the
 * numbers instead of three. It looks at the relu's result, so that nothing but the relu needs what went into it, and
 * TensorFlow can fuse the relu with the matrix product before it.
 */
export function fuseReluGradients(program: Program): Program {
  const results = new Map<string, ValueRef>();
  return rebuild(program, (node, editor) => {
    if (node.kernel === 'Relu') {
      const [result] = editor.emit(node);
      results.set(JSON.stringify(node.inputs.x), result);
      return [result];
    }
    if (node.kernel !== 'Multiply') return undefined;
    const { a, b } = node.inputs;
    return gradient(node, a, b, editor, results) ?? gradient(node, b, a, editor, results);
  });
}

function gradient(
  { outputs }: ProgramNode,
  dy: ValueRef,
  factor: ValueRef,
  editor: Editor,
  results: ReadonlyMap<string, ValueRef>,
): readonly ValueRef[] | undefined {
  const step = editor.nodeOf(factor);
  if (step?.kernel !== 'Step' || step.attributes.alpha || outputs[0].dtype !== 'float32') return undefined;
  const shapes = [editor.specOf(dy), editor.specOf(factor), outputs[0]].map(({ shape }) => shape.join());
  if (new Set(shapes).size > 1) return undefined;
  const y = results.get(JSON.stringify(step.inputs.x)) ?? step.inputs.x;
  return editor.emit({ kernel: 'ReluGrad', inputs: { dy, y }, attributes: {}, outputs });
}
