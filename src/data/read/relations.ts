import { DuckDBDataChunk, DOUBLE, VARCHAR } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { FileData } from '../../experiment/dataSchema';
import type { Finding } from '../../experiment/problem';
import { code, enumerate } from '../../experiment/wording';
import { counted, error } from '../findings';
import { levelsOf, numericColumn, textColumn } from '../table';
import type { Column, Table } from '../table';
import { parseArff } from './arff';
import { explainCsvError, findCsvShape, notText } from './csv';
import type { CsvShape } from './csv';
import { fileLiteral, identifier, literal } from './database';
import { keepRows, plainNames } from './extract';
import type { Relation } from './extract';
import { wholeText } from './files';
import type { DataFile } from './files';

/** Reads CSV or TSV files into the table `rows`, all as text; what is what is told over all of them later. */
export async function readCsvFiles(
  connection: DuckDBConnection,
  files: readonly DataFile[],
  data: FileData,
): Promise<Relation | Finding> {
  let names: readonly string[] | undefined;
  for (const file of files) {
    const shape = await findCsvShape(file, data);
    if ('code' in shape) return shape;
    if (names && !sameNames(names, shape.names)) return namesDiffer(file, names, shape.names);
    const relation = csvRelation(file, shape);
    try {
      await keepRows(connection, 'rows', relation, data.missing, names ? 'append' : 'create');
    } catch (cause) {
      return explainCsvError((cause as Error).message, file, shape.names.length);
    }
    names = shape.names;
  }
  return keptRelation(names!);
}

function csvRelation(file: DataFile, { delimiter, header, names }: CsvShape): Relation {
  const columns = names.map((_, index) => `'c${index}': 'VARCHAR'`).join(', ');
  const options = [
    'auto_detect = false',
    `columns = {${columns}}`,
    `delim = ${literal(delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    `header = ${header}`,
    'strict_mode = true',
    `compression = '${file.gzip ? 'gzip' : 'none'}'`,
  ];
  const sql = `read_csv(${fileLiteral(file.location)}, ${options.join(', ')})`;
  return { sql, names, types: names.map(() => VARCHAR), untyped: true };
}

function keptRelation(names: readonly string[]): Relation {
  return { sql: 'rows', names, types: names.map(() => VARCHAR), untyped: true };
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}

function namesDiffer(file: DataFile, first: readonly string[], names: readonly string[]): Finding {
  const index = names.findIndex((name, position) => name !== first[position]);
  const detail =
    first.length === names.length
      ? `column ${index + 1} is ${code(names[index])} here and ${code(first[index])} in the first file`
      : `it has ${counted(names.length, 'column')}, and the first file has ${first.length}`;
  return error(
    'columns-differ',
    file.path,
    `The columns of ${code(file.name)} differ: ${detail}. Give files with the same columns.`,
  );
}

/** Parquet or JSON files: DuckDB knows their names and types. */
export async function typedRelation(
  connection: DuckDBConnection,
  files: readonly DataFile[],
  format: 'parquet' | 'json',
): Promise<Relation | Finding> {
  const locations = `[${files.map(({ location }) => fileLiteral(location)).join(', ')}]`;
  const options =
    format === 'json' ? `, sample_size = -1, compression = '${files[0].gzip ? 'gzip' : 'uncompressed'}'` : '';
  const read = `read_${format}(${locations}${options})`;
  try {
    const empty = await connection.run(`SELECT * FROM ${read} LIMIT 0`);
    const names = empty.columnNames();
    return { sql: `${read} AS t(${plainNames(names.length)})`, names, types: empty.columnTypes(), untyped: false };
  } catch (cause) {
    return explainTyped(cause, files, format);
  }
}

/** What DuckDB's complaint about Parquet or JSON files means for a person. */
export function explainTyped(cause: unknown, files: readonly DataFile[], format: 'parquet' | 'json'): Finding {
  const message = (cause as Error).message;
  const file = files.find(({ location }) => message.includes(location)) ?? files[0];
  const name = code(file.name);
  if (!/malformed|magic bytes|unexpected end|corrupt|too small/i.test(message)) {
    return error('file-unreadable', file.path, `The file ${name} cannot be read: ${message.split('\n')[0]}`);
  }
  const kind = format === 'json' ? 'JSON' : 'Parquet';
  const remedy = 'It may be cut or of another format: copy it again, or set `format`.';
  return error('file-cut', file.path, `The file ${name} is not whole ${kind}. ${remedy}`);
}

/** Reads ARFF files one after another into columns. */
export async function readArffFiles(files: readonly DataFile[], data: FileData): Promise<Table | Finding> {
  const tables: Table[] = [];
  for (const file of files) {
    const text = await wholeText(file).catch((cause: unknown) => {
      if (cause instanceof TypeError) return undefined;
      throw cause;
    });
    if (text === undefined) return notText(file);
    const result = parseArff(text, data.missing);
    if ('reason' in result) {
      return error('arff', file.path, `Line ${result.line} of ${code(file.name)} cannot be read: ${result.reason}.`);
    }
    const names = result.columns.map(({ name }) => name);
    const twice = names.filter((name, index) => names.indexOf(name) !== index);
    if (twice.length > 0) {
      return error(
        'duplicate-columns',
        file.path,
        `Several attributes have the same name: ${enumerate(twice)}. Give each its own.`,
      );
    }
    const first = tables[0]?.columns.map(({ name }) => name);
    if (first && !sameNames(first, names)) return namesDiffer(file, first, names);
    tables.push(result);
  }
  return tables.length === 1 ? tables[0] : joinTables(tables);
}

function joinTables(tables: readonly Table[]): Table {
  const columns = tables[0].columns.map(({ name }, index): Column => {
    const parts = tables.map((table) => table.columns[index]);
    if (!parts.every((part) => part.kind === 'numeric')) return textColumn(name, parts.flatMap(textsOf));
    return numericColumn(name, Float64Array.from(parts.flatMap(({ values }) => Array.from(values))));
  });
  return { rows: tables.reduce((sum, { rows }) => sum + rows, 0), columns };
}

function textsOf(column: Column): (string | null)[] {
  const { levels, codes } = levelsOf(column);
  return Array.from(codes, (code) => (code < 0 ? null : levels[code]));
}

/** Hands columns made outside the database to it, as the table `source`, for a query over them. */
export async function createSourceTable(connection: DuckDBConnection, { rows, columns }: Table): Promise<void> {
  const types = columns.map(({ kind }) => (kind === 'numeric' ? DOUBLE : VARCHAR));
  const declared = columns.map(({ name }, index) => `${identifier(name)} ${types[index].toString()}`);
  await connection.run(`CREATE TABLE source (${declared.join(', ')})`);
  const appender = await connection.createAppender('source');
  const values = columns.map((column) =>
    column.kind === 'numeric'
      ? Array.from(column.values, (value) => (Number.isNaN(value) ? null : value))
      : textsOf(column),
  );
  const chunkRows = 2048;
  for (let start = 0; start < rows; start += chunkRows) {
    const chunk = DuckDBDataChunk.create(types);
    chunk.setColumns(values.map((column) => column.slice(start, start + chunkRows)));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}
