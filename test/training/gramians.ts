import * as tf from '@tensorflow/tfjs-core';
import type { Pass } from '../../src/model/layers';
import { taskLosses, type Batch, type Model } from '../../src/model/model';
import { createExecutor, optimize, traceProgram, type EngineName, type TensorSpec } from '../../src/program';
import { sharedNames } from '../../src/training/gramian';

/** One gradient of one task's loss after the other at the shared parameters, by eager tfjs. */
export function taskGradientRows(model: Model, pass: Pass, batches: readonly Batch[]): number[][] {
  const names = sharedNames(model);
  return model.order.map((_, task) => {
    const loss = (...values: tf.Tensor[]) => {
      const replaced = Object.fromEntries(names.map((name, position) => [name, values[position]]));
      const { losses } = taskLosses(model, { ...pass, parameters: { ...pass.parameters, ...replaced } }, batches);
      return tf.sum(tf.slice(losses, [task], [1]));
    };
    const parts = tf.grads(loss)(names.map((name) => pass.parameters[name]));
    return parts.flatMap((part) => [...part.dataSync()]);
  });
}

/** Their inner products. */
export function referenceGramian(model: Model, pass: Pass, batches: readonly Batch[]): number[][] {
  const gradients = taskGradientRows(model, pass, batches);
  return gradients.map((row) => gradients.map((column) => row.reduce((sum, value, i) => sum + value * column[i], 0)));
}

/** What a function of parameters, masks and batches gives when it is traced and run on an engine. */
export async function compiled(
  compute: (pass: Pass, batches: readonly Batch[]) => tf.Tensor,
  pass: Pass,
  batches: readonly Batch[],
  engine: EngineName = 'cpu',
): Promise<ArrayLike<number>> {
  const given: Record<string, tf.Tensor> = {
    ...within('parameter', pass.parameters),
    ...within('mask', pass.masks ?? {}),
    ...Object.fromEntries(batches.flatMap((batch, stream) => Object.entries(within(`batch/${stream}`, { ...batch })))),
  };
  const inputs = Object.fromEntries(
    Object.entries(given).map(([name, { shape }]): [string, TensorSpec] => [name, { shape, dtype: 'float32' }]),
  );
  const program = traceProgram({
    name: 'compiled',
    inputs,
    state: [],
    step: (tensors) => ({
      outputs: {
        result: compute(
          { parameters: without('parameter', tensors), masks: without('mask', tensors) },
          batches.map((_, stream) => without(`batch/${stream}`, tensors) as unknown as Batch),
        ),
      },
    }),
  });
  const values = Object.fromEntries(
    Object.entries(given).map(([name, tensor]) => [name, tensor.dataSync<'float32'>()]),
  );
  const executor = await createExecutor(engine, { programs: [optimize(program, engine)], initialState: {} });
  const result = executor.run('compiled', values).result.slice();
  executor.dispose();
  await tf.setBackend('cpu');
  return result;
}

function within(prefix: string, tensors: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [`${prefix} ${name}`, tensor]));
}

function without(prefix: string, tensors: Readonly<Record<string, tf.Tensor>>): Record<string, tf.Tensor> {
  const own = Object.entries(tensors).filter(([name]) => name.startsWith(`${prefix} `));
  return Object.fromEntries(own.map(([name, tensor]) => [name.slice(prefix.length + 1), tensor]));
}
