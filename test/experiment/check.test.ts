import { describe, expect, test } from 'vitest';
import { checkExperiment } from '../../src/experiment/check';
import { formatProblem } from '../../src/experiment/place';

/** Problems as the command line shows them, and what the editor would put in their place. */
function problemsOf(text: string): string[] {
  return checkExperiment(text).problems.map((problem) => {
    const line = formatProblem('f', problem).slice(2);
    return problem.suggestion === undefined ? line : `${line} -> ${problem.suggestion}`;
  });
}

/** A valid experiment around the lines that matter. */
function withTraining(training: string): string {
  return `training: ${training}\nname: x\ndata: { source: a.csv }\ntasks: { a: { target: y, kind: binary }, b: { target: z, kind: regression } }\n`;
}

const start = 'name: x\ndata: { source: a.csv }\n';
const tasks = 'tasks: { a: { target: y, kind: binary }, b: { target: z, kind: regression } }\n';

type Case = readonly [what: string, text: string, problems: readonly string[]];

const syntax: readonly Case[] = [
  ['an empty file', '', ['1:1: error: The file is empty. Start with the keys `name`, `data` and `tasks`.']],
  ['only a comment', '# later\n', ['1:1: error: The file is empty. Start with the keys `name`, `data` and `tasks`.']],
  ['braces with nothing', '{}', ['1:1: error: The file is empty. Start with the keys `name`, `data` and `tasks`.']],
  [
    'a list',
    '- a\n- b\n',
    ['1:1: error: An experiment file is made of keys such as `name`, `data` and `tasks`, but this file is a list.'],
  ],
  [
    'a text',
    'hello there',
    [
      '1:1: error: An experiment file is made of keys such as `name`, `data` and `tasks`, but this file is the text "hello there".',
    ],
  ],
  [
    'binary',
    'PK\u0003\u0004\0\0\0\n',
    ['1:1: error: This file is not text, so it is no experiment file. Open a file that ends in .mtl.yaml.'],
  ],
  [
    'another encoding',
    'n\uFFFDa\uFFFDm\uFFFDe\uFFFD',
    ['1:1: error: This file is not text, so it is no experiment file. Open a file that ends in .mtl.yaml.'],
  ],
  [
    'a bracket that stays open',
    'name: x\nseeds: [1, 2\ndata: y\n',
    ['3:1: error: The bracket `[` is not closed, or what is in it is not indented. Add `]`.'],
  ],
  ['a quote that stays open', 'name: "x\n', ['2:1: error: The quote is not closed. Add `"` at the end of the text.']],
  ['a tab', 'training:\n\tepochs: 3\n', ['2:1: error: Indent with spaces; YAML takes no tabs.']],
  [
    'two keys on a line',
    'name: a: b\n',
    ['1:7: error: A line holds one key and its value. Start a new line, or put a value that holds `: ` in quotes.'],
  ],
  ['a key twice', `name: x\n${start}${tasks}`, ['2:1: error: `name` is written twice here. Take one of them out.']],
  [
    'a task twice',
    `${start}tasks:\n  a: { target: y, kind: binary }\n  a: { target: z, kind: binary }\n`,
    ['5:3: error: `a` is written twice here. Take one of them out.'],
  ],
  [
    'an anchor with an odd blank in its name',
    'name: &a\u2028b x',
    ['1:12: error: The name of this anchor (`&`) has a blank or a control character in it. Write letters and digits.'],
  ],
  [
    'an alias of nothing',
    'name: *foo\n',
    ['1:7: error: No anchor is named `foo`. Mark the value that is meant with `&foo`, or put this text in quotes.'],
  ],
  [
    'a tag',
    'name: !secret x\n',
    ['1:7: error: The tag (`!`) means nothing here. Take it out, or put the value in quotes.'],
  ],
  [
    'two documents',
    'name: x\n---\nname: y\n',
    ['2:1: error: A file holds one experiment. Take out the `---` and what follows it.'],
  ],
];

const shape: readonly Case[] = [
  [
    'an unknown key',
    withTraining('{ epoch: 3 }'),
    ['1:13: error: `epoch` is not a key of `training`. Did you mean `epochs`? -> epochs'],
  ],
  [
    'another spelling of a key',
    withTraining('{ batch_size: 3 }'),
    ['1:13: error: `batch_size` is not a key of `training`. Did you mean `batchSize`? -> batchSize'],
  ],
  [
    'a key in the wrong section',
    `${start}${tasks}epochs: 5\n`,
    ['4:1: error: `epochs` is not a key of this file. It belongs below `training`.'],
  ],
  [
    'a key like one that is there',
    withTraining('{ epochs: 3, epoch: 4 }'),
    ['1:24: error: `epoch` is not a key of `training`. `epochs` is written already. Take one of them out.'],
  ],
  [
    'a key like no other',
    `${start}${tasks}__proto__: 5\n`,
    [
      '4:1: error: `__proto__` is not a key of this file. Keys that it can have: `description`, `inputs`, `only`, `groups`, `model`, `training`, `relatedness`, `baseline`, `engine` and `threads`.',
    ],
  ],
  [
    'a text for a number',
    withTraining('{ epochs: ten }'),
    ['1:21: error: `epochs` must be a whole number from 1 to 100000, but is the text "ten".'],
  ],
  [
    'a number in quotes',
    withTraining('{ epochs: "10" }'),
    ['1:21: error: `epochs` must be a whole number from 1 to 100000, but is the text "10". Write `10`. -> 10'],
  ],
  [
    'a fraction for a whole number',
    withTraining('{ epochs: 1.5 }'),
    ['1:21: error: `epochs` must be a whole number from 1 to 100000, but is 1.5.'],
  ],
  [
    'a number out of range',
    withTraining('{ optimizer: { name: adam, beta1: 1 } }'),
    ['1:45: error: `beta1` must be a number of at least 0 and below 1, but is 1.'],
  ],
  [
    'not a number',
    withTraining('{ weightDecay: .nan }'),
    ['1:26: error: `weightDecay` must be a number of at least 0, but is not a number.'],
  ],
  [
    'an item of a list',
    withTraining('{ seeds: [1, two] }'),
    ['1:24: error: Item 2 of `seeds` must be a whole number from 0 to 4294967295, but is the text "two".'],
  ],
  [
    'a number for a list of numbers',
    withTraining('{ seeds: 3 }'),
    ['1:20: error: `seeds` must be a list of whole numbers from 0 to 4294967295, but is 3. Write `[3]`. -> [3]'],
  ],
  [
    'an empty list',
    withTraining('{ seeds: [] }'),
    ['1:20: error: `seeds` is an empty list. Write at least one value in it.'],
  ],
  [
    'a key without a value',
    `${start}${tasks}training:\n  epochs:\n`,
    ['5:3: error: `epochs` has no value. Write a whole number from 1 to 100000, or take the line out.'],
  ],
  [
    'a section without keys',
    `${start}${tasks}training:\n  # epochs: 5\n`,
    ['4:1: error: `training` has no value. Write its keys below it, or take the line out.'],
  ],
  [
    'a number for a text',
    `name: 5\ndata: { source: a.csv }\n${tasks}`,
    ['1:7: error: `name` must be a text that is not empty, but is 5. Write `"5"`. -> "5"'],
  ],
  [
    'an empty text',
    `name: ""\ndata: { source: a.csv }\n${tasks}`,
    ['1:7: error: `name` must be a text that is not empty, but is an empty text.'],
  ],
  [
    'a word for a truth value',
    `name: x\ndata: { source: a.csv, header: yes }\n${tasks}`,
    ['2:32: error: `header` must be `true` or `false`, but is the text "yes". Write `true`. -> true'],
  ],
  [
    'a misspelt word',
    `${start}tasks: { a: { target: y, kind: binry }, b: { target: z, kind: regression } }\n`,
    [
      '3:32: error: `kind` must be one of `regression`, `binary` and `multiclass`, but is the text "binry". Did you mean `binary`? -> binary',
    ],
  ],
  [
    'a number for a word',
    `${start}tasks: { a: { target: y, kind: 2 }, b: { target: z, kind: regression } }\n`,
    ['3:32: error: `kind` must be one of `regression`, `binary` and `multiclass`, but is 2.'],
  ],
  [
    'missing keys',
    'data: { source: a.csv }\n',
    [
      '1:1: error: The file needs the key `name`: what the experiment is called wherever it is shown.',
      '1:1: error: The file needs the key `tasks`: tasks by name, or `each: column` for one task per value of a column.',
    ],
  ],
  [
    'a missing key of a task',
    `${start}tasks:\n  a: { target: y }\n  b: { target: z, kind: binary }\n`,
    ['4:3: error: `a` needs the key `kind`: what is predicted: a number, one of two classes or one of several.'],
  ],
  [
    'a text for a mapping',
    `${start}tasks: { a: { target: y, kind: binary }, b: binary }\n`,
    ['3:45: error: `b` must be a mapping of keys such as `target`, `kind` and `positive`, but is the text "binary".'],
  ],
];

const alternatives: readonly Case[] = [
  [
    'a number that is not in the list',
    `model: { sharing: { name: dselect-k, experts: 10 } }\n${start}${tasks}`,
    ['1:47: error: `experts` must be one of `2`, `4`, `8`, `16`, `32` and `64`, but is 10.'],
  ],
  [
    'a number in quotes',
    `model: { sharing: { name: dselect-k, experts: "8" } }\n${start}${tasks}`,
    ['1:47: error: `experts` must be one of `2`, `4`, `8`, `16`, `32` and `64`, but is the text "8".'],
  ],
  [
    'a misspelt method',
    withTraining('{ optimizer: adamm }'),
    ['1:24: error: `optimizer` must be one of `adam` and `sgd`, but is the text "adamm". Did you mean `adam`? -> adam'],
  ],
  [
    'a misspelt method with options',
    withTraining('{ optimizer: { name: sdg, momentum: 0.5 } }'),
    ['1:32: error: `name` must be one of `adam` and `sgd`, but is the text "sdg". Did you mean `sgd`? -> sgd'],
  ],
  [
    'options without a method',
    withTraining('{ optimizer: { momentum: 0.5 } }'),
    ['1:13: error: `optimizer` needs the key `name`: which method.'],
  ],
  [
    'an option of another method',
    withTraining('{ optimizer: { name: sgd, beta1: 0.5 } }'),
    ['1:37: error: `beta1` is not a key of `optimizer`. Keys that it can have: `learningRate` and `momentum`.'],
  ],
  [
    'a method that needs options',
    withTraining('{ weighting: fixed }'),
    ['1:24: error: `fixed` needs `weights`. Write `{ name: fixed, weights: … }`.'],
  ],
  [
    'a misspelt generator',
    `name: x\ndata: { generate: related-regression, tasks: 3 }\n${tasks}`,
    [
      '2:19: error: `generate` must be one of `related-regressions` and `two-modalities`, but is the text "related-regression". Did you mean `related-regressions`? -> related-regressions',
    ],
  ],
  [
    'a key of files beside a generator',
    `name: x\ndata: { generate: two-modalities, modality: speech, header: true }\n${tasks}`,
    [
      '2:53: error: `header` is not a key of `data`. Keys that it can have: `rows`, `inputs`, `noise`, `seed` and `split`.',
    ],
  ],
  [
    'a misspelt key of files',
    `name: x\ndata: { sorce: a.csv }\n${tasks}`,
    ['2:9: error: `sorce` is not a key of `data`. Did you mean `source`? -> source'],
  ],
  [
    'a split by fractions with a misspelt key',
    `name: x\ndata: { source: a.csv, split: { trian: 0.5, test: 0.5 } }\n${tasks}`,
    ['2:33: error: `trian` is not a key of `split`. Did you mean `train`? -> train'],
  ],
  [
    'a split by column without test values',
    `name: x\ndata: { source: a.csv, split: { column: fold } }\n${tasks}`,
    ['2:24: error: `split` needs the key `test`: values of the test split.'],
  ],
  [
    'a split by column with a fraction',
    `name: x\ndata: { source: a.csv, split: { column: fold, test: 0.5 } }\n${tasks}`,
    ['2:53: error: `test` must be a list of values, but is 0.5. Write `[0.5]`. -> [0.5]'],
  ],
  [
    'a misspelt each',
    `${start}tasks: { eech: school, target: y, kind: regression }\n`,
    [
      '3:1: error: `tasks` needs the key `each`: the column whose values name the tasks: one task per value.',
      '3:10: error: `eech` is not a key of `tasks`. Did you mean `each`? -> each',
    ],
  ],
  [
    'a word that is none where a list may stand',
    `${start}${tasks}inputs: { numeric: { columns: all } }\n`,
    ['4:31: error: `columns` must be `rest`, or a list of texts, but is the text "all".'],
  ],
];

describe.each([
  ['YAML', syntax],
  ['the form', shape],
  ['alternatives', alternatives],
])('%s', (_, cases) => {
  test.each(cases)('%s', (__, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
    expect(checkExperiment(text).experiment).toBeUndefined();
  });
});

test('the marked range is exactly the key or the value', () => {
  const { problems } = checkExperiment(withTraining('{ epoch: 3, batchSize: "many rows" }'));
  const columns = problems.map(({ range }) => [range.start.column, range.end.column]);
  expect(columns).toEqual([
    [12, 17],
    [33, 44],
  ]);
});

test('Windows line breaks and a byte order mark change no place but the first line', () => {
  const text = `\uFEFF${start}${tasks}training:\n  epochs: 0\n`.replaceAll('\n', '\r\n');
  expect(problemsOf(text)).toEqual(['5:11: error: `epochs` must be a whole number from 1 to 100000, but is 0.']);
});

test('anchors, aliases and merges are followed', () => {
  const text = `${start}tasks:\n  a: &task { target: y, kind: binary }\n  b: *task\n  c: { <<: *task, target: z }\n`;
  const { problems, experiment } = checkExperiment(text);
  expect(problems).toEqual([]);
  expect(experiment?.tasks).toMatchObject({
    a: { target: 'y' },
    b: { target: 'y' },
    c: { target: 'z', kind: 'binary' },
  });
});

test('aliases that multiply are refused at once', () => {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const alias = level === 0 ? 'x' : `*a${level - 1}`;
    return `k${level}: &a${level} [${Array.from({ length: 9 }, () => alias).join(', ')}]`;
  });
  const began = performance.now();
  expect(problemsOf(levels.join('\n'))).toEqual([
    '1:1: error: The aliases (`*`) lead to too many values or in circles, or a merge (`<<`) has no mapping to merge. Write the values out.',
  ]);
  expect(performance.now() - began).toBeLessThan(2000);
});

test('a very long name is cut in messages', () => {
  const [problem] = checkExperiment(`${start}${tasks}${'n'.repeat(500)}: 1\n`).problems;
  expect(problem.message).toContain(`\`${'n'.repeat(60)}…\` is not a key`);
});
