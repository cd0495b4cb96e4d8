import { sizeOf } from '../model/parameters';
import type { Program } from '../program';
import { specOf } from '../program/references';

/** How many multiplications the matrix products of a program take: what a step costs, nearly. */
export function multiplications(program: Program): number {
  return program.nodes.reduce((sum, { kernel, inputs, attributes, outputs }) => {
    if (kernel !== 'BatchMatMul' && kernel !== '_FusedMatMul') return sum;
    const { shape } = specOf(program, inputs.a);
    const shared = shape[shape.length - (attributes.transposeA ? 2 : 1)];
    return sum + shared * sizeOf(outputs[0].shape);
  }, 0);
}
