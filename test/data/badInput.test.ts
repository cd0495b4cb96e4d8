import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { ExperimentInput } from '../../src/experiment/schema';
import { csv, experimentOf, folderWith, refusal } from './support';
import { checkData } from '../../src/data/check';

const rows = Array.from({ length: 40 }, (_, row) => [
  row,
  Math.sin(row).toFixed(3),
  row % 2 ? 'yes' : 'no',
  row % 4,
  'same',
]);
const good = csv([['id', 'wave', 'answer', 'quarter', 'same'], ...rows]);
const packed = gzipSync(good.repeat(200).replaceAll('\nid,wave,answer,quarter,same', ''));
const folder = folderWith({
  'good.csv': good,
  'folder/inner.csv': good,
  'empty.csv': '',
  'header.csv': 'a,b\n',
  'blank.csv': '\n\n',
  'cut.csv': good.slice(0, -10),
  'cut.csv.gz': packed.subarray(0, packed.length >> 1),
  'cutQuote.csv': `${good}41,"0.5`,
  'wider.csv': `${good}41,0.5,yes,1,same,more\n`,
  'latin.csv': Buffer.from('a,b\n1,caf\xe9\n', 'latin1'),
  'utf16.csv': Buffer.from('a,b\n1,2\n', 'utf16le'),
  'twice.csv': 'a,b,a\n1,2,3\n',
  'text.csv': good.replace('\n16,', '\nabc,'),
  'infinite.csv': good.replace('\n16,', '\ninf,'),
  'cut.json': '{"a":1,"b":2}\n{"a":3,"b"',
  'cut.parquet': 'PAR1 and then nothing of the kind',
  'cut.arff': '@relation r\n@attribute a numeric\n@attribute b numeric\n@data\n1,2\n3',
  'other.csv': 'id,wave\n1,2\n',
});

type Input = Omit<ExperimentInput, 'name'>;
const regression = { target: 'wave', kind: 'regression' } as const;
const source = (name: string | string[]): Input => ({ data: { source: name }, tasks: { a: regression } });
const query = (text: string): Input => ({ data: { query: text }, tasks: { a: regression } });
const task = (fields: object): Input => ({ data: { source: 'good.csv' }, tasks: { a: { ...regression, ...fields } } });
const inputs = (fields: Input['inputs']): Input => ({ ...source('good.csv'), inputs: fields });
const split = (fields: object): Input => ({ data: { source: 'good.csv', split: fields }, tasks: { a: regression } });
const each = (fields: object): Input => ({
  data: { source: 'good.csv' },
  tasks: { each: 'quarter', ...regression, ...fields },
});

const cases: readonly (readonly [string, Input, string, string, string])[] = [
  ['a missing file', source('god.csv'), 'file-not-found', 'data.source', 'Did you mean `good.csv`?'],
  [
    'one of several files',
    source(['good.csv', 'folder/iner.csv']),
    'file-not-found',
    'data.source.1',
    '`folder/inner.csv`',
  ],
  ['a missing folder', source('nowhere/x.csv'), 'file-not-found', 'data.source', 'does not exist'],
  ['an address', source('https://example.org/x.csv'), 'file-not-found', 'data.source', 'is an address'],
  ['a folder', source('folder'), 'source-is-folder', 'data.source', 'such as `folder/inner.csv`'],
  ['0 bytes', source('empty.csv'), 'empty-file', 'data.source', '0 bytes'],
  ['blank lines', source('blank.csv'), 'empty-file', 'data.source', 'no rows'],
  ['a header alone', source('header.csv'), 'no-rows', 'data', 'no rows'],
  [
    'a CSV file cut in its last row',
    source('cut.csv'),
    'row-width',
    'data.source',
    'Line 41 of `cut.csv` has 3 values, and the table has 5 columns',
  ],
  ['a CSV file cut in a quote', source('cutQuote.csv'), 'row-width', 'data.source', 'Line 42'],
  ['a row too wide', source('wider.csv'), 'row-width', 'data.source', 'Line 42 of `wider.csv` has 6 values'],
  ['a gzip file cut', source('cut.csv.gz'), 'file-cut', 'data.source', 'does not unpack to its end'],
  ['a JSON file cut', source('cut.json'), 'file-cut', 'data.source', '`cut.json` is not whole JSON'],
  ['a Parquet file cut', source('cut.parquet'), 'file-cut', 'data.source', 'is not whole Parquet'],
  ['an ARFF file cut', source('cut.arff'), 'arff', 'data.source', 'Line 6 of `cut.arff`'],
  ['Latin-1', source('latin.csv'), 'not-utf-8', 'data.source', '(line 2)'],
  ['UTF-16', source('utf16.csv'), 'not-utf-8', 'data.source', 'is not UTF-8'],
  ['two columns of one name', source('twice.csv'), 'duplicate-columns', 'data.source', '`a`'],
  [
    'files that differ',
    source(['good.csv', 'other.csv']),
    'columns-differ',
    'data.source.1',
    'it has 2 columns, and the first file has 5',
  ],
  ['files of two formats', source(['good.csv', 'cut.json']), 'formats-differ', 'data.source', '`csv` and `json`'],
  [
    'too few names',
    { ...source('good.csv'), data: { source: 'good.csv', columns: ['a'] } },
    'columns-differ',
    'data.columns',
    'has 5 columns',
  ],
  ['a query that is no SQL', query('SELCT 1'), 'query', 'data.query', 'syntax error'],
  ['a query that writes', query(`COPY (SELECT 1) TO 'x.csv'`), 'query-not-select', 'data.query', 'single SELECT'],
  ['two queries', query('SELECT 1; SELECT 2'), 'query', 'data.query', '2 statements'],
  ['a query with a parameter', query('SELECT $1 AS a'), 'query', 'data.query', 'parameters'],
  ['a query over no table', query('SELECT * FROM nothing'), 'query', 'data.query', 'nothing does not exist.'],
  [
    'a query over the network',
    query(`SELECT * FROM 'https://example.org/x.csv'`),
    'query',
    'data.query',
    'local files only',
  ],
  ['a query without rows', query(`SELECT * FROM 'good.csv' WHERE id < 0`), 'no-rows', 'data', 'no rows'],
  [
    'a query that fails at a value',
    query(`SELECT CAST(same AS INT) AS wave FROM 'good.csv'`),
    'query',
    'data.query',
    'Could not convert',
  ],
  ['a misspelt target', task({ target: 'wafe' }), 'column-not-found', 'tasks.a.target', 'Did you mean `wave`?'],
  ['a text target', task({ target: 'answer' }), 'not-numeric', 'tasks.a.target', 'row 1 has "no"'],
  [
    'a binary target of four values',
    task({ target: 'quarter', kind: 'binary' }),
    'too-many-classes',
    'tasks.a.target',
    '"0", "1", "2", "3"',
  ],
  [
    'an unknown positive',
    task({ target: 'answer', kind: 'binary', positive: 'Yess' }),
    'value-not-found',
    'tasks.a.positive',
    'Did you mean "yes"?',
  ],
  [
    'one class',
    task({ target: 'same', kind: 'binary' }),
    'one-class',
    'tasks.a.target',
    '"same" in every training row',
  ],
  [
    'one class of several',
    task({ target: 'same', kind: 'multiclass' }),
    'one-class',
    'tasks.a.target',
    'needs two classes',
  ],
  [
    'text in a numeric input',
    { ...source('text.csv'), inputs: { numeric: { columns: ['quarter', 'id'] } } },
    'not-numeric',
    'inputs.numeric.columns.1',
    'row 17 has "abc"',
  ],
  ['an infinite input', source('infinite.csv'), 'not-finite', 'data.numeric.columns', 'Infinity in row 17'],
  [
    'an unknown input',
    inputs({ categorical: { columns: ['anser'] } }),
    'column-not-found',
    'inputs.categorical.columns.0',
    '`answer`',
  ],
  ['an unknown exclusion', inputs({ exclude: ['idd'] }), 'column-not-found', 'inputs.exclude.0', '`id`'],
  [
    'no input',
    inputs({ exclude: ['id', 'answer', 'quarter', 'same'] }),
    'no-inputs',
    'inputs',
    'No input column is left',
  ],
  ['an unknown stratum', split({ stratify: 'anser' }), 'column-not-found', 'data.split.stratify', '`answer`'],
  ['an unknown group', split({ group: 'quarters' }), 'column-not-found', 'data.split.group', '`quarter`'],
  [
    'an unknown split column',
    split({ column: 'qarter', test: [1] }),
    'column-not-found',
    'data.split.column',
    '`quarter`',
  ],
  [
    'an unknown split value',
    split({ column: 'quarter', test: [1, 9] }),
    'value-not-found',
    'data.split.test.1',
    'no value "9"',
  ],
  [
    'an empty training split',
    split({ column: 'quarter', test: [0, 1, 2, 3] }),
    'empty-split',
    'data.split',
    'train split is empty',
  ],
  [
    'a group that is an input',
    { ...split({ group: 'quarter' }), inputs: { numeric: { columns: ['quarter'] } } },
    'column-not-an-input',
    'inputs.numeric.columns.0',
    'groups rows',
  ],
  [
    'early stopping without validation rows',
    { ...split({ column: 'quarter', test: [1] }), training: { stopEarly: {} } },
    'empty-split',
    'data.split',
    'Early stopping',
  ],
  ['an unknown task column', each({ each: 'quartr' }), 'column-not-found', 'tasks.each', '`quarter`'],
  ['tasks of too few rows', each({ minimumRows: 50 }), 'no-tasks', 'tasks.each', 'Lower `minimumRows`'],
  [
    'a table too large',
    {
      data: { generate: 'two-modalities', modality: 'image', rows: 10_000_000 },
      tasks: { a: { target: 'class', kind: 'multiclass' } },
    },
    'table-too-large',
    'data.rows',
    'do not fit in memory',
  ],
  [
    'an impossible correlation',
    {
      data: { generate: 'related-regressions', tasks: 3, correlation: -0.9 },
      tasks: { a: { target: 'y1', kind: 'regression' } },
    },
    'correlation-impossible',
    'data.correlation',
    'cannot be below -0.5',
  ],
  [
    'inputs of different widths',
    {
      tasks: {
        a: { data: { generate: 'two-modalities', modality: 'image', inputs: 5 }, target: 'class', kind: 'multiclass' },
        b: { data: { generate: 'two-modalities', modality: 'speech', inputs: 7 }, target: 'class', kind: 'multiclass' },
      },
    },
    'input-widths-differ',
    'tasks.b',
    'Tasks `a` (5 inputs) and `b` (7 inputs) enter the shared encoder with different widths. Add `encoder: { layers: [100] }` to each of them.',
  ],
];

describe('what a person must mend', () => {
  test.each(cases)('%s', async (_, input, code, path, message) => {
    const findings = await refusal(input, folder);
    expect(findings.map((finding) => [finding.code, finding.path.join('.')])).toEqual([[code, path]]);
    expect(findings[0].message).toContain(message);
    expect(findings[0].message).toMatch(/[.?]$/);
    expect(findings[0].message).not.toMatch(/\n|\bat .*\.ts:/);
  });

  test('as much at once as can be told', async () => {
    const input: Input = {
      data: { source: 'good.csv', split: { stratify: 'anser' } },
      inputs: { exclude: ['idd'] },
      tasks: { a: { target: 'wafe', kind: 'regression' }, b: { target: 'answer', kind: 'regression' } },
    };
    const { findings, tables } = await checkData(experimentOf(input), folder);
    expect(findings.map(({ path }) => path.join('.'))).toEqual(
      expect.arrayContaining(['tasks.a.target', 'tasks.b.target', 'data.split.stratify', 'inputs.exclude.0']),
    );
    expect(tables[0].columns.map(({ name }) => name)).toEqual(['id', 'wave', 'answer', 'quarter', 'same']);
  });
});
