import type { DuckDBConnection } from '@duckdb/node-api';
import type { FileData } from '../../experiment/dataSchema';
import type { Finding } from '../../experiment/problem';
import { code, enumerate } from '../../experiment/wording';
import { error, warning } from '../findings';
import type { Table } from '../table';
import { identifier, openDatabase } from './database';
import { extractColumns, keepRows, numericTexts, usesOf } from './extract';
import type { Extracted, Relation } from './extract';
import { checkGzip, commonFormat, locateFiles } from './files';
import type { DataFile, FileFormat } from './files';
import { runQuery } from './query';
import { createSourceTable, explainTyped, readArffFiles, readCsvFiles, typedRelation } from './relations';

/** A table, or why there is none; finding paths start at the data object. */
export interface ReadTable {
  readonly table?: Table;
  readonly findings: readonly Finding[];
}

/**
 * Reads the rows that a data object asks for; relative names start from `folder`.
 * @param texts Columns that stay text although all that they hold reads as numbers, dates or truth values.
 */
export async function readFileTable(
  data: FileData,
  folder: string,
  texts: ReadonlySet<string> = new Set(),
): Promise<ReadTable> {
  const { files, findings } = await locateFiles(data, folder);
  if (findings.length > 0) return { findings };
  for (const file of files) {
    const damaged = await checkGzip(file);
    if (damaged) return failed(damaged);
  }
  const database = await openDatabase(folder);
  const { connection } = database;
  try {
    return await (data.query === undefined
      ? readFiles(connection, files, data, texts)
      : readQuery(connection, files, data, data.query, texts));
  } finally {
    database.close();
  }
}

function failed(...findings: readonly Finding[]): ReadTable {
  return { findings };
}

async function readFiles(
  connection: DuckDBConnection,
  files: readonly DataFile[],
  data: FileData,
  texts: ReadonlySet<string>,
): Promise<ReadTable> {
  const format = commonFormat(files);
  if (typeof format !== 'string') return failed(format);
  if (format === 'arff') {
    const table = await readArffFiles(files, data);
    return 'code' in table ? failed(table) : finished({ ...table, nested: [] });
  }
  const relation = await relationOf(connection, files, data, format);
  if ('code' in relation) return failed(relation);
  if (format === 'parquet' || format === 'json') {
    try {
      await keepRows(connection, 'rows', relation, data.missing);
    } catch (cause) {
      return failed(explainTyped(cause, files, format));
    }
  }
  return finished(await extractColumns(connection, 'rows', relation, texts));
}

async function relationOf(
  connection: DuckDBConnection,
  files: readonly DataFile[],
  data: FileData,
  format: Exclude<FileFormat, 'arff'>,
): Promise<Relation | Finding> {
  return format === 'parquet' || format === 'json'
    ? typedRelation(connection, files, format)
    : readCsvFiles(connection, files, data);
}

async function readQuery(
  connection: DuckDBConnection,
  files: readonly DataFile[],
  data: FileData,
  query: string,
  texts: ReadonlySet<string>,
): Promise<ReadTable> {
  if (files.length > 0) {
    const refused = await createSource(connection, files, data);
    if (refused) return failed(refused);
  }
  const relation = await runQuery(connection, query);
  if ('code' in relation) return failed(relation);
  await keepRows(connection, 'kept', relation, data.missing);
  return finished(await extractColumns(connection, 'kept', relation, texts));
}

/** Makes the files of `source` known to a query under that name. */
async function createSource(
  connection: DuckDBConnection,
  files: readonly DataFile[],
  data: FileData,
): Promise<Finding | undefined> {
  const format = commonFormat(files);
  if (typeof format !== 'string') return format;
  try {
    if (format === 'arff') {
      const table = await readArffFiles(files, data);
      if ('code' in table) return table;
      await createSourceTable(connection, table);
      return undefined;
    }
    const relation = await relationOf(connection, files, data, format);
    if ('code' in relation) return relation;
    const numeric = relation.untyped ? await numericTexts(connection, 'rows', usesOf(relation)) : new Set<number>();
    const columns = relation.names.map((name, index) => {
      const column = numeric.has(index) ? `CAST(c${index} AS DOUBLE)` : `c${index}`;
      return `${column} AS ${identifier(name)}`;
    });
    await connection.run(`CREATE VIEW source AS SELECT ${columns.join(', ')} FROM ${relation.sql}`);
    return undefined;
  } catch (cause) {
    const reason = (cause as Error).message.split('\n')[0];
    return error('query', ['query'], `The columns of source cannot be used in a query: ${reason}`);
  }
}

function finished({ rows, columns, nested }: Extracted): ReadTable {
  if (rows === 0) {
    return failed(error('no-rows', [], 'The table has columns but no rows. Give a file, or a query, with rows.'));
  }
  const findings =
    nested.length === 0
      ? []
      : [warning('nested-columns', [], `Columns that hold lists or objects are left out: ${enumerate(nested)}.`)];
  const twice = columns.filter(({ name }, index) => columns.findIndex((other) => other.name === name) !== index);
  if (twice.length > 0) {
    return failed(
      error('duplicate-columns', [], `Several columns have the same name: ${code(twice[0].name)}. Give each its own.`),
    );
  }
  return { table: { rows, columns }, findings };
}
