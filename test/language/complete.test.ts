import { describe, expect, test } from 'vitest';
import { checkExperiment } from '../../src/experiment/check';
import type { Completion } from '../../src/language/completion';
import { complete } from '../../src/language/complete';
import { weightings } from '../../src/weighting';
import { nastyNames } from '../experiment/arbitrary';
import { measures } from '../../src/relatedness';
import { sharings } from '../../src/experiment/sharing';
import { everyKey, methodsByKey } from '../experiment/shapes';
import { marked, tables } from './marked';

function completionsAt(source: string): Completion[] {
  const { text, position } = marked(source);
  return complete(text, position, tables);
}

function labelsAt(source: string): string[] {
  return completionsAt(source).map(({ label }) => label);
}

/** The text after a completion is taken, places of snippets left out. */
function taken(source: string, label: string): string {
  const { text, position } = marked(source);
  const { insertText, range, snippet } = complete(text, position, tables).find((item) => item.label === label)!;
  const lines = text.split('\n');
  const line = lines[position.line];
  const plain = snippet
    ? insertText
        .replace(/\$\{\d+:([^}]*)\}/g, '$1')
        .replace(/\$\d+/g, '')
        .replace(/\\([$}\\])/g, '$1')
    : insertText;
  lines[position.line] = line.slice(0, range.start.column) + plain + line.slice(range.end.column);
  return lines.join('\n');
}

const training = [
  'optimizer',
  'weightDecay',
  'weighting',
  'gradientsAt',
  'epochs',
  'batchSize',
  'stopEarly',
  'seeds',
  'checkpoints',
  'tensorboard',
];
const withoutEpochs = training.filter((name) => name !== 'epochs');
const three = `tasks: { ${['a', 'b', 'c'].map((name) => `${name}: { target: ${name}, kind: binary }`).join(', ')} }\n`;
const columns = ['age', 'sex', 'marital status', '__proto__'];

describe('keys', () => {
  test.each<[what: string, source: string, labels: readonly string[]]>([
    ['in an empty section', 'training:\n  |', training],
    ['in an empty section before another', 'training:\n  |\nmodel:\n  sharing: hard\n', training],
    [
      'on an empty line between keys',
      'training:\n  epochs: 5\n  |\n  seeds: [1]\n',
      withoutEpochs.filter((name) => name !== 'seeds'),
    ],
    ['in the middle of a word', 'training:\n  epochs: 5\n  bat|', withoutEpochs],
    ['before a colon', 'training:\n  ba|: 3\n', training],
    ['in an open bracket', 'training: {|', training],
    ['in an open bracket after a key', 'training: { epochs: 5, |', withoutEpochs],
    ['in a closed bracket', 'training: { epochs: 5, | }\nmodel: {}\n', withoutEpochs],
    ['in an open bracket before other sections', 'training: { epochs: 5, |\nmodel:\n  sharing: hard\n', withoutEpochs],
    ['in a bracket over several lines', 'training: {\n  epochs: 5,\n  |\n}\n', withoutEpochs],
    ['of a method', 'training:\n  optimizer: { name: sgd, |', ['learningRate', 'momentum']],
    [
      'of a split by column',
      'data:\n  split:\n    column: fold\n    |',
      ['test', 'validation', 'train', 'trainFraction', 'trainSeed'],
    ],
    ['of a generator', 'data: { generate: two-modalities, |', ['modality', 'rows', 'inputs', 'noise', 'seed', 'split']],
    ['of one task per value', 'tasks: { each: sex, |', ['target', 'kind', 'positive', 'loss', 'scale', 'minimumRows']],
    [
      'of a task, required ones first',
      'tasks:\n  a:\n    |\n  b:\n    target: y\n',
      ['target', 'kind', 'positive', 'loss', 'scale', 'data', 'inputs', 'encoder'],
    ],
    ['of a group', `${three}groups:\n  - tasks: [a]\n    |\n`, ['serves']],
    ['none in a comment', 'training:\n  # |', []],
    ['none in a text', 'description: >\n  some words\n  |', []],
    ['none in an open quote', 'name: "what |', []],
    ['none below a value', 'name: x\n  |', []],
  ])('%s', (_, source, labels) => {
    expect(labelsAt(source)).toEqual(labels);
  });

  test('at the root come the required ones first', () => {
    expect(labelsAt('|').slice(0, 2)).toEqual(['name', 'tasks']);
    expect(labelsAt('name: x\ntasks:\n  a: { target: y, kind: binary }\n|')).not.toContain('tasks');
    expect(completionsAt('|')[0]).toMatchObject({ detail: 'required', kind: 'key', snippet: true, suggestNext: true });
  });

  test('a choice of mappings offers what decides between them', () => {
    expect(labelsAt('data:\n  |')).toEqual(expect.arrayContaining(['source', 'query', 'generate']));
    expect(labelsAt('data:\n  |')).not.toContain('correlation');
    expect(labelsAt('tasks:\n  |')).toEqual(['new task', 'each', 'target', 'kind']);
    expect(labelsAt('training:\n  optimizer:\n    |')).toEqual(['name', 'adam', 'sgd']);
  });

  test('they bring what must follow them, in the style of their surroundings', () => {
    expect(taken('tasks:\n  |', 'new task')).toBe('tasks:\n  name: { target: , kind:  }');
    expect(taken('tasks:\n  a:\n    en|', 'encoder')).toBe('tasks:\n  a:\n    encoder:\n  layers: []');
    expect(taken('tasks: { a: { en| } }', 'encoder')).toBe('tasks: { a: { encoder: { layers: [] } } }');
    expect(taken('training:\n  se|: [1]', 'seeds')).toBe('training:\n  seeds: [1]');
  });

  test('task names in fixed weights, without those that are there', () => {
    const tasks = 'tasks: { a: { target: x, kind: binary }, "b: c": { target: y, kind: binary } }\n';
    const source = `${tasks}training: { weighting: { name: fixed, weights: { a: 1, | } } }`;
    expect(labelsAt(source)).toEqual(['b: c']);
    expect(taken(source, 'b: c')).toContain('weights: { a: 1, "b: c":  }');
  });
});

describe('values', () => {
  test.each<[what: string, source: string, labels: readonly string[]]>([
    ['words', 'tasks: { a: { target: x, kind: r| } }', ['regression', 'binary', 'multiclass']],
    ['words on a new line', 'tasks:\n  a:\n    kind:\n      |', ['regression', 'binary', 'multiclass']],
    ['methods', 'training:\n  optimizer: |', ['adam', 'sgd', '{ }']],
    ['names of methods', 'training:\n  optimizer: { name: |', ['adam', 'sgd']],
    ['names of generators', 'data:\n  generate: |', ['related-regressions', 'two-modalities']],
    ['truth values', 'data:\n  header: |', ['true', 'false']],
    ['a default', 'training:\n  epochs: |\n', ['20']],
    ['a default and an example', 'training:\n  seeds: |\n', ['[ ]', '[1]', '[1, 2, 3]']],
    ['columns for a target', 'tasks: { a: { target: | } }', columns],
    ['columns for a name with a blank', 'tasks:\n  a:\n    target: marital st|\n    kind: binary\n', columns],
    ['columns in an open quote', 'tasks: { a: { target: "ma|', columns],
    ['columns for one task per value', 'tasks:\n  each: |', columns],
    ['columns for a split', 'data: { source: a.csv, split: { stratify: | } }', columns],
    ['columns in a list, each once', 'inputs:\n  exclude: [age, |', columns.slice(1)],
    ['columns in a list of lines', 'inputs:\n  exclude:\n    - age\n    - |', columns.slice(1)],
    ['a word or a list of columns', 'inputs:\n  numeric:\n    columns: |', ['rest', '[ ]']],
    [
      'columns of the table of the task',
      'tasks: { speech: { data: { source: a.csv }, target: | } }',
      ['digit', 'speaker'],
    ],
    [
      'columns of the table of the task, for its split',
      'tasks:\n  speech:\n    data:\n      source: a.csv\n      split: { column: | }\n',
      ['digit', 'speaker'],
    ],
    [
      'columns of the table of the task, for its inputs',
      'tasks:\n  speech:\n    data: { source: a.csv }\n    inputs: { numeric: { columns: [| } }\n',
      ['digit', 'speaker'],
    ],
    [
      'levels for the positive class',
      'tasks: { a: { target: marital status, kind: binary, positive: | } }',
      ['Never married', 'Married: civilian', '50000+.'],
    ],
    [
      'levels for the values of a split',
      'tasks: { speech: { data: { source: a.csv, split: { column: speaker, test: [theo], validation: [| } } } }',
      ['theo', 'lucas'],
    ],
    [
      'metrics that the tasks have',
      'tasks: { a: { target: x, kind: regression } }\ntraining: { stopEarly: { metric: | } }',
      ['loss', 'mse', 'mae', 'rmse', 'r2', 'explainedVariance'],
    ],
    [
      'items with a dash on a new line',
      'relatedness:\n  measures:\n    |',
      [...measures.map(({ name }) => name), '[gradient-cosine]'],
    ],
    ['tasks of a group, without those that are there', `${three}groups: [[a, |`, ['b', 'c']],
    ['tasks of a group in lines', `${three}groups:\n  - tasks: [a, b]\n    serves: [|]\n`, ['a', 'b', 'c']],
    ['tasks to train', `${three}only: [a, c, |]`, ['b']],
    ['what to compare with', 'baseline: |', ['none', 'single-task']],
    ['none for a free text', 'name: |', []],
  ])('%s', (_, source, labels) => {
    expect(labelsAt(source)).toEqual(labels);
  });

  test('columns that the file itself names need no data to be read', () => {
    const { text, position } = marked('data: { generate: related-regressions, inputs: 2 }\ntasks: { a: { target: |');
    expect(complete(text, position, []).map(({ label }) => label)).toEqual(['x1', 'x2', 'y1', 'y2']);
    const headerless = marked('data: { source: a.csv, columns: [u, v] }\ntasks: { a: { target: |');
    expect(complete(headerless.text, headerless.position, []).map(({ label }) => label)).toEqual(['u', 'v']);
  });

  test('what is taken is written so that YAML reads it', () => {
    expect(taken('tasks: { a: { target: "ma|" } }', 'marital status')).toBe('tasks: { a: { target: marital status } }');
    const positive = 'tasks: { a: { target: marital status, kind: binary, positive: Mar| } }';
    expect(taken(positive, 'Married: civilian')).toContain('positive: "Married: civilian" }');
    expect(taken('training:\n  weighting: |', 'fixed')).toBe('training:\n  weighting: { name: fixed, weights: {  } }');
    expect(taken('relatedness:\n  measures:\n    |', 'gradient-cosine')).toContain('\n    - gradient-cosine');
  });

  test('in quotes the filter has quotes, too', () => {
    const [column] = completionsAt('tasks: { a: { target: "ag|');
    expect(column).toMatchObject({ label: 'age', filterText: '"age"', insertText: 'age' });
  });

  test.each(nastyNames)('a column named %j can be taken', (name) => {
    const source = marked('name: x\ndata: { source: a.csv }\ntasks: { each: |, target: y, kind: regression }\n');
    const table = { path: ['data'], rows: 1, columns: [{ name, kind: 'text' as const, missing: 0, levels: [] }] };
    const [{ insertText, range }] = complete(source.text, source.position, [table]);
    const lines = source.text.split('\n');
    const line = lines[2];
    lines[2] = line.slice(0, range.start.column) + insertText + line.slice(range.end.column);
    expect(checkExperiment(lines.join('\n')).experiment?.tasks).toMatchObject({ each: name });
  });
});

describe.each(methodsByKey)('%s', (path, table) => {
  test.each(table.map((method) => [method.name, method] as const))('%s is offered and explained', (name, method) => {
    const [section, key] = path.split('.');
    const value = key === 'measures' ? '[|]' : '|';
    const found = completionsAt(`${section}:\n  ${key}: ${value}\n`).find(({ label }) => label === name);
    expect(found).toMatchObject({ kind: 'method' });
    expect(found!.documentation).toContain(method.title);
    expect(found!.documentation).toContain(method.summary);
    if (method.source !== undefined) expect(found!.documentation).toContain(method.source);
    expect(found!.documentation).not.toMatch(/[$\\]/);
  });
});

test('every key is offered somewhere, with its description', () => {
  const places = [
    '|',
    'data: { | }',
    'data: { generate: related-regressions, | }',
    'data: { generate: two-modalities, | }',
  ];
  places.push('data: { split: { train: 0.5, | } }', 'data: { split: { column: c, | } }', 'data: { split: { | } }');
  places.push('inputs: { | }', 'inputs: { numeric: { | } }', 'inputs: { categorical: { | } }', 'tasks: { | }');
  places.push('tasks: { each: c, | }', 'tasks: { a: { | } }', 'tasks: { a: { encoder: { | } } }', 'model: { | }');
  places.push('model: { sharing: { | } }', 'model: { encoder: { | } }', 'model: { head: { | } }', 'training: { | }');
  places.push(...sharings.map(({ name }) => `model: { sharing: { name: ${name}, | } }`));
  places.push(
    'model: { start: { | } }',
    'training: { stopEarly: { | } }',
    'training: { checkpoints: { | } }',
    'training: { optimizer: { | } }',
    'training: { weighting: { | } }',
  );
  places.push('training: { optimizer: { name: adam, | } }', 'training: { optimizer: { name: sgd, | } }');
  places.push('relatedness: { | }', ...weightings.map(({ name }) => `training: { weighting: { name: ${name}, | } }`));
  const offered = new Map(places.flatMap((place) => completionsAt(place).map((item) => [item.label, item] as const)));
  for (const { key } of everyKey()) {
    expect(offered.get(key.name)?.documentation, key.name).toBeTruthy();
  }
});
