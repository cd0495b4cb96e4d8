import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkExperiment } from '../../src/experiment/check';
import { renderExperiment } from '../../src/experiment/render';
import { experimentSchema } from '../../src/experiment/schema';
import type { Experiment } from '../../src/experiment/schema';
import { namedTasks } from '../../src/experiment/tasks';
import { experiments, nastyNames } from './arbitrary';

test('an experiment that is rendered and read is the same experiment', () => {
  fc.assert(
    fc.property(experiments, (input) => {
      const experiment: Experiment = experimentSchema.parse(input);
      const { problems, experiment: again } = checkExperiment(renderExperiment(experiment));
      expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
      expect(again).toEqual(experiment);
    }),
    { numRuns: 300 },
  );
});

test('a rendered experiment brings no warning about defaults that mean nothing', () => {
  const tasks = { a: { target: 'y', kind: 'binary' }, b: { target: 'z', kind: 'multiclass' } };
  const experiment = experimentSchema.parse({ name: 'x', data: { source: 'a.csv' }, tasks });
  expect(checkExperiment(renderExperiment(experiment)).problems).toEqual([]);
});

test.each(nastyNames)('a task may be named %j', (name) => {
  const tasks = Object.fromEntries([
    [name, { target: name, kind: 'regression' }],
    ['other', { target: 'y', kind: 'regression' }],
  ]);
  const weighting = { name: 'fixed', weights: Object.fromEntries([[name, 2]]) };
  const input = { name, data: { source: 'a.csv' }, tasks, training: { weighting } };
  const experiment = experimentSchema.parse(input);
  expect(namedTasks(experiment).map((task) => task.name)).toEqual([name, 'other']);
  const checked = checkExperiment(renderExperiment(experiment));
  expect(checked.problems).toEqual([]);
  expect(namedTasks(checked.experiment!).map((task) => task.name)).toEqual([name, 'other']);
  expect(checked.experiment!.training.weighting).toEqual(weighting);
});
