import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharesParameters } from '../../src/experiment/sharing';
import type { Experiment } from '../../src/experiment/schema';
import { buildModel, type Model } from '../../src/model/model';
import type { Executor, EngineName } from '../../src/program';
import { compile } from '../../src/training/compile';
import { createTrainingStep } from '../../src/training/trainingStep';
import { lookOf, type Standing } from '../../src/training/weigher';
import { weightingByName, weightings } from '../../src/weighting';
import { caseTitle, sharingCases } from '../model/sharing/cases';
import { draftExperiment, draftTaskSet } from '../model/taskSets';
import { engineCases } from '../program/support';
import { allRows, withRows } from './stepping';

const number = { kind: 'regression' } as const;
const yesNo = { kind: 'binary', classes: ['no', 'yes'] } as const;
const taskSet = withRows(draftTaskSet([{ tasks: [number, yesNo, number], inputs: 4 }]), { train: 24, validation: 12 });
const batchSize = 24;
const steps = 12;

function experimentWith(sharing: (typeof sharingCases)[number], weighting: string): Experiment {
  const options = weighting === 'fixed' ? { weights: { 'task 1': 0.5 } } : {};
  type Training = NonNullable<NonNullable<Parameters<typeof draftExperiment>[0]>['training']>;
  return draftExperiment({
    model: { encoder: { layers: [5], activation: 'tanh' }, head: { layers: [3] }, sharing },
    training: {
      optimizer: { name: 'adam', learningRate: 0.02 },
      weighting: { name: weighting, ...options } as Training['weighting'],
    },
  });
}

/** Whether the check lets a weighting go with an architecture: what it says where not, meaning.test.ts has. */
function goesWith(weighting: string, sharing: string): boolean {
  return weightingByName(weighting)?.needs === 'losses' || sharesParameters(sharing);
}

/** Methods that look at the same train with the same programs. */
function programsOf(weighting: string): string {
  const look = lookOf(experimentWith({ name: 'hard' }, weighting).training);
  return look === undefined ? 'none' : JSON.stringify(look);
}

interface Compiled {
  readonly model: Model;
  readonly executor: Executor;
  readonly before: Readonly<Record<string, Float32Array>>;
}

async function compiled(experiment: Experiment, engine: EngineName): Promise<Compiled> {
  const model = buildModel(experiment, taskSet);
  const { executor } = await compile({ experiment, model, engine, seed: 1, batchSize, needs: [], inspected: [] });
  return { model, executor, before: executor.readState() };
}

/** Weights lie where the method says that they do. */
function expectSound({ weights: kind }: (typeof weightings)[number], weights: readonly number[]): void {
  expect(weights.every(Number.isFinite)).toBe(true);
  if (kind !== 'any') expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
}

describe.each(engineCases.filter(({ engine }) => engine !== 'cpu'))('on $title', ({ engine, skipped }) => {
  describe.skipIf(skipped).each(sharingCases.map((sharing) => ({ title: caseTitle(sharing), sharing })))(
    '$title trains',
    ({ sharing }) => {
      const methods = weightings.filter(({ name }) => goesWith(name, sharing.name));
      const ready = new Map<string, Compiled>();
      beforeAll(async () => {
        for (const { name } of methods) {
          const programs = programsOf(name);
          if (!ready.has(programs)) ready.set(programs, await compiled(experimentWith(sharing, name), engine));
        }
      });
      afterAll(() => ready.forEach(({ executor }) => executor.dispose()));

      test.each(methods.map((method) => ({ name: method.name, method })))('with $name', ({ name, method }) => {
        const { model, executor, before } = ready.get(programsOf(name))!;
        executor.writeState(before);
        const experiment = experimentWith(sharing, name);
        const trainingStep = createTrainingStep({ experiment, model, executor, seed: 1, batchSize, needs: [] });
        const standing: Standing & { step: number } = { step: 0, epoch: 0, weighting: null };
        const totals: number[] = [];
        for (; standing.step < steps; standing.step++) {
          const { losses } = trainingStep.take(standing, allRows(model), false);
          totals.push(losses.reduce((sum, loss) => sum + loss, 0));
          expectSound(method, trainingStep.weights);
        }
        expect(totals.every(Number.isFinite)).toBe(true);
        expect(Math.min(...totals.slice(-3))).toBeLessThan(totals[0]);
        const after = executor.readState();
        for (const { name: parameter } of model.parameters) expect(after[parameter].every(Number.isFinite)).toBe(true);
      });
    },
  );
});
