import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';

/** An in-memory database that reads local files and can neither reach the network nor load extensions. */
export interface Database {
  readonly connection: DuckDBConnection;
  close(): void;
}

/** Opens a database where relative file names start from `folder`. */
export async function openDatabase(folder: string): Promise<Database> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    // Left to itself it would make a folder for what does not fit in memory where the person works.
    temp_directory: join(tmpdir(), 'mtl-workbench-duckdb'),
  });
  const connection = await instance.connect();
  await connection.run(`SET file_search_path = ${literal(folder)}`);
  return {
    connection,
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** A text as an SQL literal. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A file's place as an SQL literal that means this file alone, whatever characters it holds. */
export function fileLiteral(location: string): string {
  return literal(location.replace(/[[*?]/g, '[$&]'));
}
