import * as tf from '@tensorflow/tfjs-core';
import { missingKernel } from '../errors';
import type { EngineName } from '../executor';
import type { Program } from '../program';

/** @throws ProgramError when the engine has no such kernel. */
export function kernelOf(kernel: string, engine: EngineName): tf.KernelFunc {
  const found = tf.getKernel(kernel, engine) as tf.KernelConfig | undefined;
  if (found) return found.kernelFunc;
  throw missingKernel(kernel, engine);
}

/** Refuses programs that the engine cannot run, before any of them runs. */
export function checkKernels(programs: readonly Program[], engine: EngineName): void {
  for (const { nodes } of programs) for (const { kernel } of nodes) kernelOf(kernel, engine);
}
