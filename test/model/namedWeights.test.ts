import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/common/random';
import { buildModel } from '../../src/model/model';
import { nameWeights, unnameWeights } from '../../src/model/namedWeights';
import { sizeOf } from '../../src/model/parameters';
import { allCases } from './sharing/cases';
import { draftExperiment } from './taskSets';

/** Sharing that has something to share without an encoder. */
const inHeads = ['hard', 'single-task', 'additive', 'low-rank'];

describe.each([
  { title: 'with an encoder', layers: [5, 4], cases: allCases },
  { title: 'without', layers: [], cases: allCases.filter(({ sharing }) => inHeads.includes(sharing.name)) },
])('the names that others see of a model $title', ({ layers, cases }) => {
  test.each(cases)('$title: say all that it has learned', ({ sharing, taskSet }) => {
    const model = buildModel(
      draftExperiment({ model: { encoder: { layers }, head: { layers: [3] }, sharing } }),
      taskSet,
    );
    const random = createRandom(1, 'values');
    const parameters = Object.fromEntries(
      model.parameters.map(({ name, shape }) => [
        name,
        Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
      ]),
    );
    const named = nameWeights(model, parameters);
    const numbers = Object.values(named).reduce((sum, { values }) => sum + values.length, 0);
    expect(numbers).toBe(model.parameterCount);
    expect(unnameWeights(model, named)).toEqual(parameters);
  });
});
