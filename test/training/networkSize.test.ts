import { describe, expect, test } from 'vitest';
import { sizesOf } from '../../src/data/sizes';
import { networkSize, stepSize } from '../../src/experiment/cost/network';
import { buildModel } from '../../src/model/model';
import { sizeOf } from '../../src/model/parameters';
import { optimize, traceProgram } from '../../src/program';
import type { StepNeed } from '../../src/relatedness';
import { multiplications } from '../../src/training/multiplications';
import { trainStep } from '../../src/training/steps';
import { draftExperiment, draftTaskSet, type StreamDraft } from '../model/taskSets';

const rows = 32;

const oneTable: readonly StreamDraft[] = [
  { tasks: Array.from({ length: 8 }, () => ({ kind: 'regression' as const })), inputs: 40 },
];
const ownTables: readonly StreamDraft[] = [3, 1].map((tasks) => ({
  tasks: Array.from({ length: tasks }, () => ({ kind: 'binary' as const, classes: ['no', 'yes'] })),
  inputs: 20 + tasks,
  encoder: { layers: [24], activation: 'relu' as const, dropout: 0 },
}));

const sharings = [
  { name: 'hard' },
  { name: 'single-task' },
  { name: 'soft' },
  { name: 'additive' },
  { name: 'cross-stitch' },
  { name: 'mmoe', experts: 4 },
  { name: 'one-gate', experts: 4 },
  { name: 'cgc', sharedExperts: 2, taskExperts: 1 },
] as const;

const tables = { 'one table': oneTable, 'tables of their own': ownTables };
const cases = sharings.flatMap((sharing) =>
  Object.entries(tables).map(([title, drafts]) => [`${sharing.name}, ${title}`, sharing, drafts] as const),
);

/** How often the estimate goes into what was compiled, or the other way round. */
function factor(estimate: number, compiled: number): number {
  return Math.max(estimate / compiled, compiled / estimate);
}

describe('multiplications are known before a network is there', () => {
  test.each(cases)('%s: within 15 %% of what is compiled', (_, sharing, drafts) => {
    const experiment = draftExperiment({ model: { sharing, encoder: { layers: [64, 32] }, head: { layers: [8] } } });
    const taskSet = draftTaskSet(drafts);
    const sizes = sizesOf(taskSet);
    const size = networkSize(experiment.model, sizes)!;
    const { plain, gradients, products, forward } = stepSize(size, sizes, rows);
    const model = buildModel(experiment, taskSet);
    const each = drafts.map(() => rows);
    const compiled = (needs: readonly StepNeed[]) =>
      multiplications(optimize(traceProgram(trainStep(model, experiment.training, each, needs)), 'wasm'));
    const base = compiled([]);
    expect(factor(plain, base)).toBeLessThan(1.05);
    const shared = model.parameters.filter((parameter) => parameter.shared);
    const count = shared.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    if (count === 0) return expect([size.shared, gradients, forward]).toEqual([0, 0, 0]);
    expect(factor(size.shared, count)).toBeLessThan(1.1);
    expect(factor(gradients + products, compiled(['gramian']) - base)).toBeLessThan(1.15);
    const lookahead = gradients + products + sizes.tasks.length * forward;
    expect(factor(lookahead, compiled(['lookahead']) - base)).toBeLessThan(1.15);
  });

  test('nothing is said of an architecture that is not known, or of inputs that do not fit', () => {
    const { model } = draftExperiment({ model: { sharing: 'mtan' } });
    expect(networkSize(model, sizesOf(draftTaskSet(oneTable)))).toBeUndefined();
    const apart = draftTaskSet([3, 5].map((inputs) => ({ tasks: [{ kind: 'regression' as const }], inputs })));
    expect(networkSize(draftExperiment().model, sizesOf(apart))).toBeUndefined();
  });
});
