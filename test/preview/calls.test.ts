import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Experiment } from '../../src/experiment/schema';
import { buildModel } from '../../src/model/model';
import type { Executor } from '../../src/program';
import { trainedMeasuresOf, type StepNeed } from '../../src/relatedness';
import { callsOfStep } from '../../src/training/calls';
import { compile } from '../../src/training/compile';
import { inspectionOf, inspectModel } from '../../src/training/inspection';
import { createTrainingStep } from '../../src/training/trainingStep';
import { lookOf } from '../../src/training/weigher';
import { allRows } from '../training/stepping';
import { everyMeasure, experimentWith, looks, tables } from './drafts';

beforeAll(() => tf.setBackend('cpu'));

const taskSet = tables['one table'];
const batchSize = 64;

/** An executor that remembers the names of the programs that it is asked for. */
function recording(executor: Executor): { readonly executor: Executor; readonly calls: string[] } {
  const calls: string[] = [];
  const run: Executor['run'] = (program, inputs) => {
    calls.push(program);
    return executor.run(program, inputs);
  };
  return { calls, executor: { ...bound(executor), run } };
}

function bound(executor: Executor): Executor {
  return {
    engine: executor.engine,
    threads: executor.threads,
    versions: executor.versions,
    run: (program, inputs) => executor.run(program, inputs),
    readState: () => executor.readState(),
    writeState: (values) => executor.writeState(values),
    tensorCount: () => executor.tensorCount(),
    dispose: () => executor.dispose(),
  };
}

/** The calls of a step that is measured, and of one that is not. */
async function callsOf(experiment: Experiment, needs: readonly StepNeed[]) {
  const model = buildModel(experiment, taskSet);
  const shared = { experiment, model, seed: 1, batchSize, needs };
  const compiled = await compile({ ...shared, engine: 'cpu', inspected: [] });
  const { executor, calls } = recording(compiled.executor);
  const step = createTrainingStep({ ...shared, executor });
  const take = (measuring: boolean) => {
    calls.length = 0;
    step.take({ step: 0, epoch: 0, weighting: null }, allRows(model), measuring);
    return [...calls];
  };
  const taken = { measured: take(true), plain: take(false) };
  executor.dispose();
  return taken;
}

describe('the programs of a step are those that are told beforehand', () => {
  test.each(looks)('%s', async (name) => {
    const weighting = { name } as Experiment['training']['weighting'];
    const experiment = experimentWith('hard', { training: { weighting } });
    const look = lookOf(experiment.training);
    for (const needs of [['gramian'], ['lookahead']] as const) {
      const { measured, plain } = await callsOf(experiment, needs);
      expect(plain).toEqual(callsOfStep(look, []));
      expect(measured).toEqual(callsOfStep(look, needs));
    }
  });

  test('with gradients at the representation', async () => {
    const training = { weighting: 'mgda', gradientsAt: 'representation' } as const;
    const experiment = experimentWith('hard', { training });
    const { measured } = await callsOf(experiment, ['gramian']);
    expect(measured).toEqual(callsOfStep(lookOf(experiment.training), ['gramian']));
  });
});

test.each(Object.entries(tables))('so are those that look at the trained model: %s', async (_, own) => {
  const experiment = experimentWith('mmoe');
  const inspected = trainedMeasuresOf(everyMeasure);
  const model = buildModel(experiment, own);
  const compiled = await compile({ experiment, model, engine: 'cpu', seed: 1, batchSize: 32, needs: [], inspected });
  const { executor, calls } = recording(compiled.executor);
  for (const measure of inspected) {
    calls.length = 0;
    inspectModel(model, executor, [measure], 1);
    for (const { name, times } of inspectionOf(model, measure).calls) {
      // The first gradients of single answers say how many numbers there are.
      const more = measure.needs === 'linearised tasks' && name === 'single answers' ? 1 : 0;
      expect(calls.filter((call) => call === name)).toHaveLength(times + more);
    }
    expect(new Set(calls)).toEqual(new Set(inspectionOf(model, measure).calls.map(({ name }) => name)));
  }
  executor.dispose();
});
