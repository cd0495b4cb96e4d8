import { sizeOf } from '../model/parameters';
import type { Program } from '../program';
import { specOf } from '../program/references';

/** How many multiplications the matrix products of a program take: what a step costs, nearly. */
export function multiplications(program: Program): number {
  return products(program).reduce((sum, { count }) => sum + count, 0);
}

/** Those of them that are in products of stacks of matrices, such as those of all experts of a mixture. */
export function stackedMultiplications(program: Program): number {
  return products(program).reduce((sum, { count, stacked }) => sum + (stacked ? count : 0), 0);
}

function products(program: Program): readonly { readonly count: number; readonly stacked: boolean }[] {
  return program.nodes.flatMap(({ kernel, inputs, attributes, outputs }) => {
    if (kernel !== 'BatchMatMul' && kernel !== '_FusedMatMul') return [];
    const { shape } = specOf(program, inputs.a);
    const shared = shape[shape.length - (attributes.transposeA ? 2 : 1)];
    const stack = sizeOf(outputs[0].shape.slice(0, -2));
    return [{ count: shared * sizeOf(outputs[0].shape), stacked: stack > 1 }];
  });
}
