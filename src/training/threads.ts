import { availableParallelism } from 'node:os';
import type { Program } from '../program';
import { sizeOf } from '../model/parameters';
import { specOf } from '../program/references';

/**
 * Multiplications of a step's matrix products that keep a thread busy for long enough. Measured on two cores: with 30
 * million in all, two threads took twice the time of one, with 200 million a tenth more, with 670 million the same, and
 * with 11,000 million two thirds of it.
 */
const worthAThread = 350_000_000;

/** How many threads are likely to be the fastest for a step. */
export function chooseThreads(step: Program, cores = availableParallelism()): number {
  return Math.max(1, Math.min(cores, Math.floor(multiplications(step) / worthAThread)));
}

function multiplications(program: Program): number {
  return program.nodes.reduce((sum, { kernel, inputs, attributes, outputs }) => {
    if (kernel !== 'BatchMatMul' && kernel !== '_FusedMatMul') return sum;
    const { shape } = specOf(program, inputs.a);
    const shared = shape[shape.length - (attributes.transposeA ? 2 : 1)];
    return sum + shared * sizeOf(outputs[0].shape);
  }, 0);
}
