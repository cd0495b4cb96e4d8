import { describe, expect, test } from 'vitest';
import { checkExperiment } from '../../src/experiment/check';
import { applyOverrides } from '../../src/experiment/overrides';

const text = `# What it is about
name: x # a name
data: { source: a.csv }
tasks:
  a.b: { target: y, kind: binary }
  c: { target: z, kind: regression }
model:
  sharing: hard
training:
  # few
  epochs: 20 # at most
  seeds: [1, 2]
`;

function experimentWith(...overrides: string[]) {
  const { text: changed, findings } = applyOverrides(text, overrides);
  expect(findings).toEqual([]);
  return checkExperiment(changed).experiment!;
}

describe('what can be set', () => {
  test('a value that is written, with its comments kept', () => {
    const { text: changed } = applyOverrides(text, ['training.epochs=5']);
    expect(changed).toContain('# few\n  epochs: 5 # at most\n');
    expect(changed).toContain('# What it is about\nname: x # a name\n');
  });

  test('values in sections that are not written', () => {
    const { relatedness, training } = experimentWith('relatedness.every=3', 'training.stopEarly.patience=2');
    expect(relatedness.every).toBe(3);
    expect(training.stopEarly).toEqual({ metric: 'loss', patience: 2, minimumImprovement: 0 });
  });

  test('lists, and items of lists', () => {
    expect(experimentWith('training.seeds=[4, 5]').training.seeds).toEqual([4, 5]);
    expect(experimentWith('training.seeds[1]=7').training.seeds).toEqual([1, 7]);
    expect(experimentWith('training.seeds.2=7').training.seeds).toEqual([1, 2, 7]);
  });

  test('an option of a method that is a word, or that is not written', () => {
    const { training } = experimentWith('training.optimizer.learningRate=0.5');
    expect(training.optimizer).toMatchObject({ name: 'adam', learningRate: 0.5 });
    const sgd = experimentWith('training.optimizer=sgd', 'training.optimizer.momentum=0');
    expect(sgd.training.optimizer).toEqual({ name: 'sgd', learningRate: 0.01, momentum: 0 });
    const fixed = experimentWith('training.weighting.name=fixed', 'training.weighting.weights={c: 2}');
    expect(fixed.training.weighting).toEqual({ name: 'fixed', weights: { c: 2 } });
  });

  test('names with dots between quotes, and texts with equals signs', () => {
    const { tasks } = experimentWith('tasks."a.b".target=u=v');
    expect(tasks).toMatchObject({ 'a.b': { target: 'u=v' } });
  });

  test('a task named __proto__', () => {
    const { tasks } = experimentWith('tasks.__proto__={target: p, kind: binary}');
    expect(Object.keys(tasks)).toContain('__proto__');
  });

  test('nothing leaves the text as it is', () => {
    expect(applyOverrides(text, [])).toEqual({ text, findings: [] });
  });

  test('a text that is no YAML stays as it is, for the check to say why', () => {
    expect(applyOverrides('a: [', ['name=x'])).toEqual({ text: 'a: [', findings: [] });
  });
});

test.each([
  ['training.epochs', '`training.epochs`: Write a path, `=` and a value, such as `training.epochs=5`.', []],
  ['=5', '`=5`: Write a path, `=` and a value, such as `training.epochs=5`.', []],
  [
    'training..epochs=5',
    '`training..epochs=5`: This path cannot be read. Write a path, `=` and a value, such as `training.epochs=5`.',
    [],
  ],
  ['name=[', '`name=[`: The value is no YAML. Put a text with special characters in quotes.', []],
  [
    'training.epochs.most=5',
    '`training.epochs.most=5`: `training.epochs` is a single value, so there is nothing below it.',
    ['training', 'epochs', 'most'],
  ],
  [
    'training.seeds[5]=1',
    '`training.seeds[5]=1`: `training.seeds` is a list of 2; name an item by its number from 0.',
    ['training', 'seeds', '5'],
  ],
  [
    'training.epochs=ten',
    '`training.epochs=ten`: `epochs` must be a whole number from 1 to 100000, but is the text "ten".',
    ['training', 'epochs'],
  ],
  [
    'training.epochs=',
    '`training.epochs=`: `epochs` has no value. Write a whole number from 1 to 100000, or take the line out.',
    ['training', 'epochs'],
  ],
  [
    'training.patience=5',
    '`training.patience=5`: `patience` is not a key of `training`. It belongs below `training.stopEarly`.',
    ['training', 'patience'],
  ],
  [
    'engine=gpu',
    '`engine=gpu`: `engine` must be one of `auto`, `native`, `wasm` and `cpu`, but is the text "gpu". Did you mean `cpu`?',
    ['engine'],
  ],
])('%s', (override, message, path) => {
  const { findings } = applyOverrides(text, [override]);
  expect(findings.map((finding) => finding.message)).toEqual([message]);
  expect(findings[0]).toMatchObject({ severity: 'error', path });
});

test('mistakes that were in the file before are not laid on the override', () => {
  const broken = text.replace('kind: binary', 'kind: binry');
  expect(applyOverrides(broken, ['tasks.c.target=u']).findings).toEqual([]);
});
