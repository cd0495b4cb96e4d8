import * as tf from '@tensorflow/tfjs-core';
import { ProgramError } from '../errors';
import type { EngineName } from '../executor';
import type { Program } from '../program';

/** @throws ProgramError when the engine has no such kernel. */
export function kernelOf(kernel: string, engine: EngineName): tf.KernelFunc {
  const found = tf.getKernel(kernel, engine) as tf.KernelConfig | undefined;
  if (found) return found.kernelFunc;
  throw new ProgramError(
    'executor/missing-kernel',
    `The engine ${engine} has no kernel ${kernel}. Use another engine, or write the step with other operations.`,
  );
}

/** Refuses programs that the engine cannot run, before any of them runs. */
export function checkKernels(programs: readonly Program[], engine: EngineName): void {
  for (const { nodes } of programs) for (const { kernel } of nodes) kernelOf(kernel, engine);
}
