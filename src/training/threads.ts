import { availableParallelism } from 'node:os';
import type { Program } from '../program';
import { sizeOf } from '../model/parameters';
import { specOf } from '../program/references';

/**
 * Multiplications of a step's matrix products from which on several threads are faster than one. Below it handing work
 * over costs more than it saves: a step of 30 million takes 1.0 ms with one thread and up to 2.4 ms with two.
 */
const worthSharing = 250_000_000;

/** How many threads are likely to be the fastest for a step. */
export function chooseThreads(step: Program, cores = availableParallelism()): number {
  return multiplications(step) < worthSharing ? 1 : cores;
}

function multiplications(program: Program): number {
  return program.nodes.reduce((sum, { kernel, inputs, attributes, outputs }) => {
    if (kernel !== 'BatchMatMul' && kernel !== '_FusedMatMul') return sum;
    const { shape } = specOf(program, inputs.a);
    const shared = shape[shape.length - (attributes.transposeA ? 2 : 1)];
    return sum + shared * sizeOf(outputs[0].shape);
  }, 0);
}
