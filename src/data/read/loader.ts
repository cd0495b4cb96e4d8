import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Data } from '../../experiment/dataSchema';
import type { Finding, Path } from '../../experiment/problem';
import { error } from '../findings';
import { checkGenerated, generateTable } from '../generators';
import { readFileTable } from './fileTable';
import type { ReadTable } from './fileTable';
import { filesInQuery } from './query';

/** Gives the table of a data object, wherever its rows come from. */
export interface TableLoader {
  /** `path` is that of the data object; findings come with it in front. */
  load(data: Data, path: Path): Promise<ReadTable>;
}

/** Tables by what they were made of, the least recently used first. */
export type TableCache = Map<string, ReadTable>;

const mostCached = 6;

/** A loader whose relative file names start from `folder`. With a cache it reads no unchanged file again. */
export function createLoader(folder: string, cache?: TableCache): TableLoader {
  return {
    load: async (data, path) => {
      const key = cache && (await keyOf(data, folder));
      const known = key === undefined ? undefined : cache?.get(key);
      const read = known ?? (await readTable(data, folder));
      if (cache && key !== undefined) remember(cache, key, read);
      return { ...read, findings: read.findings.map((finding) => ({ ...finding, path: [...path, ...finding.path] })) };
    },
  };
}

async function readTable(data: Data, folder: string): Promise<ReadTable> {
  try {
    if (!('generate' in data)) return await readFileTable(data, folder);
    const findings = checkGenerated(data, []);
    return findings.length > 0 ? { findings } : { table: generateTable(data), findings };
  } catch (cause) {
    return { findings: [unforeseen(cause)] };
  }
}

function unforeseen(cause: unknown): Finding {
  const reason = cause instanceof Error ? cause.message.split('\n')[0] : String(cause);
  return error('data-unreadable', [], `The data cannot be read: ${reason}`);
}

function remember(cache: TableCache, key: string, read: ReadTable): void {
  cache.delete(key);
  cache.set(key, read);
  const [oldest] = cache.keys();
  if (cache.size > mostCached) cache.delete(oldest);
}

/** What a table depends on: everything said of it but the split, and the state of its files. */
async function keyOf(data: Data, folder: string): Promise<string | undefined> {
  const rest = { ...data, split: undefined };
  if ('generate' in data) return JSON.stringify(rest);
  const queried = data.query === undefined ? [] : filesInQuery(data.query);
  if (queried === undefined) return undefined;
  const names = [...(data.source === undefined ? [] : [data.source].flat()), ...queried];
  const states = await Promise.all(
    names.map(async (name) => {
      const location = resolve(folder, name);
      const status = await stat(location).catch(() => undefined);
      return [location, status?.mtimeMs, status?.size];
    }),
  );
  return JSON.stringify([rest, states]);
}
