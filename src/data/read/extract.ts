import type { DuckDBConnection, DuckDBType, DuckDBVector } from '@duckdb/node-api';
import { DuckDBTypeId } from '@duckdb/node-api';
import { isNumberText } from '../table';
import type { Column, NumericColumn, TextColumn } from '../table';
import { literal } from './database';

/** Something that can stand after FROM, with the names of its columns; in SQL they are c0, c1 and so on. */
export interface Relation {
  /** Such as `read_csv(…) AS t(c0, c1)`. */
  readonly sql: string;
  readonly names: readonly string[];
  readonly types: readonly DuckDBType[];
  /** Whether text that reads as numbers, dates or truth values throughout is taken as such. */
  readonly untyped: boolean;
}

type Use = 'number' | 'boolean' | 'date' | 'text' | 'nested';

const numberTypes = new Set([
  DuckDBTypeId.TINYINT,
  DuckDBTypeId.SMALLINT,
  DuckDBTypeId.INTEGER,
  DuckDBTypeId.BIGINT,
  DuckDBTypeId.HUGEINT,
  DuckDBTypeId.UTINYINT,
  DuckDBTypeId.USMALLINT,
  DuckDBTypeId.UINTEGER,
  DuckDBTypeId.UBIGINT,
  DuckDBTypeId.UHUGEINT,
  DuckDBTypeId.FLOAT,
  DuckDBTypeId.DOUBLE,
  DuckDBTypeId.DECIMAL,
]);
const dateTypes = new Set([
  DuckDBTypeId.DATE,
  DuckDBTypeId.TIMESTAMP,
  DuckDBTypeId.TIMESTAMP_S,
  DuckDBTypeId.TIMESTAMP_MS,
  DuckDBTypeId.TIMESTAMP_NS,
  DuckDBTypeId.TIMESTAMP_TZ,
]);
const nestedTypes = new Set([
  DuckDBTypeId.BLOB,
  DuckDBTypeId.LIST,
  DuckDBTypeId.ARRAY,
  DuckDBTypeId.STRUCT,
  DuckDBTypeId.MAP,
  DuckDBTypeId.UNION,
]);

/** What each column of a relation is kept as. */
export function usesOf({ types }: Relation): Use[] {
  return types.map(useOf);
}

function useOf({ typeId }: DuckDBType): Use {
  if (numberTypes.has(typeId)) return 'number';
  if (typeId === DuckDBTypeId.BOOLEAN) return 'boolean';
  if (dateTypes.has(typeId)) return 'date';
  return nestedTypes.has(typeId) ? 'nested' : 'text';
}

/** `c0, c1, …`: the names under which SQL knows the columns, whatever people call them. */
export function plainNames(count: number): string {
  return Array.from({ length: count }, (_, index) => `c${index}`).join(', ');
}

/** A value as it is kept: numbers as DOUBLE, dates as days, text without blanks around it; NULL where missing. */
function keptExpression(index: number, use: Use, markers: readonly string[]): string {
  const column = `c${index}`;
  switch (use) {
    case 'number': {
      const numbers = markers.filter(isNumberText).map((marker) => `${Number(marker)}::DOUBLE`);
      return withoutMarkers(`CAST(${column} AS DOUBLE)`, numbers);
    }
    case 'boolean':
      return `CAST(${column} AS DOUBLE)`;
    case 'date':
      return `epoch_ms(CAST(${column} AS TIMESTAMP)) / 86400000.0`;
    case 'text':
      return withoutMarkers(`trim(CAST(${column} AS VARCHAR))`, markers.map(literal));
    case 'nested':
      return 'NULL';
  }
}

function withoutMarkers(expression: string, markers: readonly string[]): string {
  return markers.reduce((inner, marker) => `nullif(${inner}, ${marker})`, expression);
}

/** Fills a table with the rows of a relation, in their order. */
export async function keepRows(
  connection: DuckDBConnection,
  table: string,
  relation: Relation,
  missing: readonly string[],
  mode: 'create' | 'append' = 'create',
): Promise<void> {
  // An empty text is missing whatever other marks there are: no column means it as a value.
  const markers = [...new Set(['', ...missing.map((marker) => marker.trim())])];
  const expressions = relation.types.map(
    (type, index) => `${keptExpression(index, useOf(type), markers)} AS c${index}`,
  );
  const start = mode === 'create' ? `CREATE TABLE ${table} AS` : `INSERT INTO ${table}`;
  await connection.run(`${start} SELECT ${expressions.join(', ')} FROM ${relation.sql}`);
}

/** What became of the columns: those that can be used, and the names of nested ones, which cannot. */
export interface Extracted {
  readonly rows: number;
  readonly columns: readonly Column[];
  readonly nested: readonly string[];
}

/**
 * Fetches a table that `keepRows` filled, as typed arrays.
 * @param texts Columns that stay text whatever they read as.
 */
export async function extractColumns(
  connection: DuckDBConnection,
  table: string,
  relation: Relation,
  texts: ReadonlySet<string>,
): Promise<Extracted> {
  const kept = usesOf(relation);
  const read = relation.untyped ? await numericTexts(connection, table, kept) : [];
  const numeric = new Set([...read].filter((index) => !texts.has(relation.names[index])));
  const uses = kept.map((use, index) => (numeric.has(index) ? 'number' : use));
  const levels = new Map<number, readonly string[]>();
  for (const [index, use] of uses.entries()) {
    if (use === 'text') levels.set(index, await createLevels(connection, table, index));
  }
  const fetched = uses.map((use, index) => ({ use, index })).filter(({ use }) => use !== 'nested');
  const expressions = fetched.map(({ use, index }) =>
    use === 'text'
      ? `coalesce(CAST(enum_code(CAST(c${index} AS e${index})) AS INTEGER), -1)`
      : `coalesce(CAST(c${index} AS DOUBLE), 'nan')`,
  );
  const { rows, arrays } = await fetchArrays(connection, table, expressions);
  const columns = fetched.map(({ use, index }, position): Column => {
    const name = relation.names[index];
    const array = arrays[position];
    if (array instanceof Int32Array) {
      const text = { kind: 'text', name, levels: levels.get(index)!, codes: array } as const;
      return relation.untyped && !texts.has(name) ? withMeaning(text) : text;
    }
    return { kind: 'numeric', name, values: array, meaning: use === 'boolean' || use === 'date' ? use : 'number' };
  });
  for (const index of levels.keys()) await connection.run(`DROP TYPE e${index}`);
  return { rows, columns, nested: relation.names.filter((_, index) => uses[index] === 'nested') };
}

/** Text columns all of whose values are numbers; columns without any value count as numeric. */
export async function numericTexts(
  connection: DuckDBConnection,
  table: string,
  uses: readonly Use[],
): Promise<ReadonlySet<number>> {
  const texts = uses.flatMap((use, index) => (use === 'text' ? [index] : []));
  if (texts.length === 0) return new Set();
  const expressions = texts.map((index) => `count(c${index}) = count(try_cast(c${index} AS DOUBLE))`);
  const [row] = (await connection.runAndReadAll(`SELECT ${expressions.join(', ')} FROM ${table}`)).getRows();
  return new Set(texts.filter((_, position) => row[position] === true));
}

/** Numbers the different texts of a column within the database, so that rows come over as small integers. */
async function createLevels(connection: DuckDBConnection, table: string, index: number): Promise<readonly string[]> {
  const distinct = `SELECT DISTINCT c${index} FROM ${table} WHERE c${index} IS NOT NULL ORDER BY 1`;
  await connection.run(`CREATE TYPE e${index} AS ENUM (${distinct})`);
  const reader = await connection.runAndReadAll(`SELECT unnest(enum_range(CAST(NULL AS e${index})))`);
  const [levels] = reader.getColumns() as (string[] | undefined)[];
  return levels ?? [];
}

async function fetchArrays(connection: DuckDBConnection, table: string, expressions: readonly string[]) {
  const counted = await connection.runAndReadAll(`SELECT count(*) FROM ${table}`);
  const rows = Number(counted.getRows()[0][0]);
  const arrays: (Float64Array | Int32Array)[] = [];
  if (expressions.length === 0) return { rows, arrays };
  const result = await connection.stream(`SELECT ${expressions.join(', ')} FROM ${table}`);
  const types = result.columnTypes();
  for (const { typeId } of types)
    arrays.push(typeId === DuckDBTypeId.INTEGER ? new Int32Array(rows) : new Float64Array(rows));
  let start = 0;
  for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (let index = 0; index < arrays.length; index++) {
      copyNumbers(chunk.getColumnVector(index), chunk.rowCount, arrays[index], start);
    }
    start += chunk.rowCount;
  }
  return { rows, arrays };
}

function copyNumbers(vector: DuckDBVector, count: number, target: Float64Array | Int32Array, start: number): void {
  for (let row = 0; row < count; row++) target[start + row] = vector.getItem(row) as number;
}

const datePattern = /^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?$/;
const millisecondsPerDay = 86_400_000;

/** Text that is true and false, or dates throughout, becomes numbers where the file has no types of its own. */
function withMeaning(column: TextColumn): Column {
  const { name, levels, codes } = column;
  if (levels.length === 0) return column;
  const convert = (meaning: NumericColumn['meaning'], ofLevel: readonly number[]): NumericColumn => ({
    kind: 'numeric',
    name,
    values: Float64Array.from(codes, (code) => (code < 0 ? NaN : ofLevel[code])),
    meaning,
  });
  if (levels.every((level) => /^(true|false)$/i.test(level))) {
    return convert(
      'boolean',
      levels.map((level) => (level.toLowerCase() === 'true' ? 1 : 0)),
    );
  }
  if (!levels.every((level) => datePattern.test(level))) return column;
  const days = levels.map(
    (level) => Date.parse(/Z$|^.{10}$/.test(level) ? level : `${level.replace(' ', 'T')}Z`) / millisecondsPerDay,
  );
  return days.every(Number.isFinite) ? convert('date', days) : column;
}
