import type { DuckDBConnection } from '@duckdb/node-api';
import { StatementType } from '@duckdb/node-api';
import type { Finding } from '../../experiment/problem';
import { error } from '../findings';
import { plainNames } from './extract';
import type { Relation } from './extract';

const path = ['query'];

/**
 * Runs a query into the table `result`. Only a single SELECT is taken. One thread runs it, as otherwise rows without
 * an ORDER BY may come in another order each time, and splits and fingerprints with them.
 */
export async function runQuery(connection: DuckDBConnection, query: string): Promise<Relation | Finding> {
  const refused = await checkStatement(connection, query);
  if (refused) return refused;
  try {
    await connection.run('SET threads = 1');
    await connection.run(`CREATE TABLE result AS ${query}`);
  } catch (cause) {
    return explain(cause);
  } finally {
    await connection.run('RESET threads');
  }
  const empty = await connection.run('SELECT * FROM result LIMIT 0');
  const names = empty.columnNames();
  return { sql: `result AS t(${plainNames(names.length)})`, names, types: empty.columnTypes(), untyped: true };
}

async function checkStatement(connection: DuckDBConnection, query: string): Promise<Finding | undefined> {
  try {
    const statements = await connection.extractStatements(query);
    if (statements.count !== 1) {
      return error('query', path, `The query holds ${statements.count} statements. Give a single SELECT.`);
    }
    const statement = await statements.prepare(0);
    if (statement.statementType !== StatementType.SELECT) {
      return error('query-not-select', path, 'The query does something else than select rows. Give a single SELECT.');
    }
    if (statement.parameterCount > 0) {
      return error('query', path, 'The query holds parameters such as ? or $1. Write their values instead.');
    }
    return undefined;
  } catch (cause) {
    return explain(cause);
  }
}

function explain(cause: unknown): Finding {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/httpfs|extension/i.test(message)) {
    return error(
      'query',
      path,
      'The query needs a file or a function that is not at hand. It can read local files only.',
    );
  }
  const [sentence] = message.replace(/^Failed to extract statements: /, '').split('\n\nLINE');
  // DuckDB offers tables of its own for a misspelt name, which help nobody.
  const reason = sentence
    .replace(/\s*Did you mean "(?:pg_|duckdb_|sqlite_)[^]*$/, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replaceAll('!', '.');
  return error('query', path, `The query cannot be run. ${reason}${/[.?!]$/.test(reason) ? '' : '.'}`);
}

/** Whether the files that a query reads can be told without running it: those in quotes after FROM and the like. */
export function filesInQuery(query: string): readonly string[] | undefined {
  if (/\b(read_\w+|glob|\w*_scan|sniff_csv)\b/i.test(query)) return undefined;
  return [...query.matchAll(/'((?:[^']|'')*)'|"((?:[^"]|"")*)"/g)].map((match) => match[1] ?? match[2]);
}
