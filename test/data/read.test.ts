import { DuckDBInstance } from '@duckdb/node-api';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createLoader } from '../../src/data/read/loader';
import { dataSchema } from '../../src/experiment/dataSchema';
import { folderWith, valuesOf } from './support';

const plain = 'id,colour,amount\n1,red,0.5\n2,,1.5\n3,blue,\n';
const folder = folderWith({
  'plain.csv': plain,
  'plain.csv.gz': gzipSync(plain),
  'packed without its ending.csv': gzipSync(plain),
  'tabs.tsv': plain.replaceAll(',', '\t'),
  'semicolons.csv': '"id";"colour";"amount"\r\n1;"red";0.5\r\n2;;1.5\r\n3;"blue";\r\n',
  'bars.txt': plain.replaceAll(',', '|'),
  'mark.csv': `\ufeff${plain}`,
  'bare.data': '1, red, 0.5\n2, ?, 1.5\n3, blue, NA\n',
  'first.csv': 'id,colour,amount\n1,red,0.5\n',
  'second.csv': 'id,colour,amount\n2,,1.5\n3,blue,\n',
  'lines.jsonl':
    '{"id":1,"colour":"red","amount":0.5}\n{"id":2,"amount":1.5}\n{"id":3,"colour":"blue","amount":null}\n',
  'lines.json.gz': gzipSync('[{"id":1,"colour":"red","amount":0.5},{"id":2,"amount":1.5},{"id":3,"colour":"blue"}]'),
  'plain.arff': `% comment\n@relation 'x'\n@attribute id numeric\n@attribute 'colour' {red, blue}\n@ATTRIBUTE amount REAL\n\n@data\n1,red,0.5\n2,?,1.5\n3,blue,?\n`,
  'odd [1]*.csv': plain,
  'quotes.csv': `id,text\n1,"a, b"\n2,"line\nbreak"\n3,"a ""q"""\n`,
  'kinds.csv':
    'truth,day,moment,code,late\ntrue,2024-02-29,2024-01-01 12:00:00,007,1\nFALSE,1970-01-02,1970-01-01 06:00:00,8,2\n,,,,x\n',
  'strange.csv': '__proto__,<script>,constructor,😀\n1,a,2,b\n3,c,4,d\n',
  'nan.csv': 'a,b\nnan,1\n2,NaN\n',
  'wide.csv': `${Array.from({ length: 700 }, (_, index) => `column ${index} ${'x'.repeat(500)}`).join(',')}\n${'1,'.repeat(699)}1\n`,
});
const three = { id: [1, 2, 3], colour: ['red', null, 'blue'], amount: [0.5, 1.5, null] };

async function read(data: Record<string, unknown>) {
  const { table, findings } = await createLoader(folder).load(dataSchema.parse(data), ['data']);
  expect(findings).toEqual([]);
  return table!;
}

describe('formats', () => {
  test.each([
    ['CSV', { source: 'plain.csv' }],
    ['gzip', { source: 'plain.csv.gz' }],
    ['gzip whose name does not say so', { source: 'packed without its ending.csv' }],
    ['TSV', { source: 'tabs.tsv' }],
    ['semicolons and CRLF', { source: 'semicolons.csv' }],
    ['bars', { source: 'bars.txt' }],
    ['a stated delimiter', { source: 'bars.txt', delimiter: '|' }],
    ['byte order mark', { source: 'mark.csv' }],
    [
      'no header, marks with blanks',
      { source: 'bare.data', columns: ['id', 'colour', 'amount'], missing: ['?', 'NA'] },
    ],
    ['several files', { source: ['first.csv', 'second.csv'] }],
    ['JSON lines', { source: 'lines.jsonl' }],
    ['packed JSON array', { source: 'lines.json.gz' }],
    ['ARFF', { source: 'plain.arff' }],
    ['a name with glob characters', { source: 'odd [1]*.csv' }],
    ['a query over CSV', { source: 'plain.csv', query: 'SELECT * FROM source WHERE id > 0 ORDER BY id' }],
    ['a query over ARFF', { source: 'plain.arff', query: 'SELECT * FROM source -- all\n;' }],
    ['a query over named files', { query: `SELECT * FROM 'plain.csv' ORDER BY id` }],
    ['a query over JSON', { source: 'lines.jsonl', query: 'FROM source' }],
  ])('%s', async (_, data) => {
    const table = await read(data);
    expect(table.rows).toBe(3);
    for (const [name, values] of Object.entries(three)) expect(valuesOf(table, name)).toEqual(values);
  });

  test('Parquet, with types that need care', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT r::INT AS id, (r % 2 = 0) AS even, DATE '1970-01-01' + r::INT AS day, (r / 4)::DECIMAL(9, 2) AS quarter,
        r::VARCHAR AS digits, [r] AS list, CASE WHEN r = 1 THEN NULL ELSE 'x' END AS text FROM range(3) t(r))
       TO '${folder}/types.parquet'`,
    );
    connection.closeSync();
    instance.closeSync();
    const { table, findings } = await createLoader(folder).load(dataSchema.parse({ source: 'types.parquet' }), [
      'data',
    ]);
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([['nested-columns', 'warning']]);
    expect(table!.columns.map(({ name }) => name)).toEqual(['id', 'even', 'day', 'quarter', 'digits', 'text']);
    expect(valuesOf(table!, 'even')).toEqual([1, 0, 1]);
    expect(valuesOf(table!, 'day')).toEqual([0, 1, 2]);
    expect(valuesOf(table!, 'quarter')).toEqual([0, 0.25, 0.5]);
    expect(valuesOf(table!, 'digits')).toEqual(['0', '1', '2']);
    expect(valuesOf(table!, 'text')).toEqual(['x', null, 'x']);
  });
});

describe('values', () => {
  test('quotes hold delimiters and line breaks', async () => {
    expect(valuesOf(await read({ source: 'quotes.csv' }), 'text')).toEqual(['a, b', 'line\nbreak', 'a "q"']);
  });

  test('truth values are 0 and 1, dates are days, text far down makes a column text', async () => {
    const table = await read({ source: 'kinds.csv' });
    expect(valuesOf(table, 'truth')).toEqual([1, 0, null]);
    expect(valuesOf(table, 'day')).toEqual([19782, 1, null]);
    expect(valuesOf(table, 'moment')).toEqual([19723.5, 0.25, null]);
    expect(valuesOf(table, 'code')).toEqual([7, 8, null]);
    expect(valuesOf(table, 'late')).toEqual(['1', '2', 'x']);
  });

  test('marks of missing values count in columns of numbers, too', async () => {
    const table = await read({ source: 'lines.jsonl', missing: ['2', 'blue'] });
    expect(valuesOf(table, 'id')).toEqual([1, null, 3]);
    expect(valuesOf(table, 'colour')).toEqual(['red', null, null]);
  });

  test('NaN is missing', async () => {
    const table = await read({ source: 'nan.csv' });
    expect([valuesOf(table, 'a'), valuesOf(table, 'b')]).toEqual([
      [null, 2],
      [1, null],
    ]);
  });

  test('column names are text, whatever they hold', async () => {
    const table = await read({ source: 'strange.csv' });
    expect(table.columns.map(({ name }) => name)).toEqual(['__proto__', '<script>', 'constructor', '😀']);
    expect(valuesOf(table, '__proto__')).toEqual([1, 3]);
    const queried = await read({ source: 'strange.csv', query: 'SELECT "__proto__", "😀" FROM source' });
    expect(valuesOf(queried, '__proto__')).toEqual([1, 3]);
  });

  test('hundreds of columns with long names', async () => {
    const table = await read({ source: 'wide.csv' });
    expect(table.columns).toHaveLength(700);
    expect(table.columns.every(({ kind }) => kind === 'numeric')).toBe(true);
  });
});

describe('cache', () => {
  test('an unchanged file is read once; the split does not matter', async () => {
    const cache = new Map();
    const loader = createLoader(folder, cache);
    const first = await loader.load(dataSchema.parse({ source: 'plain.csv' }), ['data']);
    const second = await loader.load(dataSchema.parse({ source: 'plain.csv', split: { train: 0.5 } }), ['data']);
    const other = await loader.load(dataSchema.parse({ source: 'plain.csv', missing: ['red'] }), ['data']);
    expect(second.table).toBe(first.table);
    expect(other.table).not.toBe(first.table);
  });
});
