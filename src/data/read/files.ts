import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, gunzip, gunzipSync } from 'node:zlib';
import { promisify } from 'node:util';
import type { FileData } from '../../experiment/dataSchema';
import type { Finding, Path } from '../../experiment/problem';
import { nearest } from '../../experiment/nearest';
import { code, enumerate } from '../../experiment/wording';
import { error } from '../findings';

export type FileFormat = Exclude<FileData['format'], 'auto'>;

/** A data file that is there and can be read. */
export interface DataFile {
  /** As the experiment file names it. */
  readonly name: string;
  readonly location: string;
  readonly format: FileFormat;
  readonly gzip: boolean;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
  /** Of its name, within the data object. */
  readonly path: Path;
}

/** Finds the files of `source`; finding paths start at the data object. */
export async function locateFiles(
  data: FileData,
  folder: string,
): Promise<{ readonly files: readonly DataFile[]; readonly findings: readonly Finding[] }> {
  const sources = data.source === undefined ? [] : [data.source].flat();
  const path = (index: number): Path => (Array.isArray(data.source) ? ['source', index] : ['source']);
  const found = await Promise.all(sources.map((source, index) => locate(source, data.format, folder, path(index))));
  return {
    files: found.flatMap((file) => ('code' in file ? [] : [file])),
    findings: found.flatMap((file) => ('code' in file ? [file] : [])),
  };
}

async function locate(
  name: string,
  format: FileData['format'],
  folder: string,
  path: Path,
): Promise<DataFile | Finding> {
  const location = resolve(folder, name);
  try {
    const status = await stat(location);
    if (status.isDirectory()) return isFolder(name, location, path);
    if (status.size === 0)
      return error(
        'empty-file',
        path,
        `The file ${code(name)} is empty (0 bytes). Name another file, or write it again.`,
      );
    return {
      name,
      location,
      format: format === 'auto' ? formatOf(name) : format,
      gzip: await startsAsGzip(location),
      size: status.size,
      modified: status.mtimeMs,
      path,
    };
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code;
    if (reason === 'ENOENT' || reason === 'ENOTDIR') return notFound(name, location, path);
    return error('file-unreadable', path, `The file ${code(name)} cannot be read: ${(cause as Error).message}.`);
  }
}

async function isFolder(name: string, location: string, path: Path): Promise<Finding> {
  const inside = await readdir(location).catch(() => []);
  const remedy =
    inside.length === 0
      ? 'Name a file.'
      : `Name a file in it, such as ${code(`${name.replace(/\/$/, '')}/${inside[0]}`)}.`;
  return error('source-is-folder', path, `${code(name)} is a folder. ${remedy}`);
}

async function notFound(name: string, location: string, path: Path): Promise<Finding> {
  if (/^[a-z]+:\/\//i.test(name)) {
    return error(
      'file-not-found',
      path,
      `${code(name)} is an address. Save the file beside the experiment and name it here.`,
    );
  }
  const folder = dirname(location);
  const names = await readdir(folder).catch(() => undefined);
  if (!names)
    return error('file-not-found', path, `There is no file ${code(name)}: its folder ${code(folder)} does not exist.`);
  const near = nearest(basename(name), names);
  const suggestion = near === undefined ? undefined : join(dirname(name), near).replaceAll('\\', '/');
  const remedy =
    suggestion === undefined
      ? `Names start from the folder of the experiment file.`
      : `Did you mean ${code(suggestion)}?`;
  return error('file-not-found', path, `There is no file ${code(name)}. ${remedy}`, suggestion);
}

/** The format that a file name tells; CSV where it tells none. */
function formatOf(name: string): FileFormat {
  const extension = /\.([^./\\]+)$/.exec(name.toLowerCase().replace(/\.gz$/, ''))?.[1] ?? '';
  if (['tsv', 'tab'].includes(extension)) return 'tsv';
  if (['parquet', 'pq'].includes(extension)) return 'parquet';
  if (['json', 'jsonl', 'ndjson'].includes(extension)) return 'json';
  return extension === 'arff' ? 'arff' : 'csv';
}

/** Bytes within which the first two lines of a file are looked for. */
const longestLines = 64_000_000;

async function startsAsGzip(location: string): Promise<boolean> {
  const start = await readStart(location, 2);
  return start[0] === 0x1f && start[1] === 0x8b;
}

async function readStart(location: string, length: number): Promise<Buffer> {
  const handle = await open(location);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The first lines of a text file, unpacked, without a byte order mark; whole where the file is short. */
export async function sampleText(file: DataFile, bytes = 262_144): Promise<{ text: string; whole: boolean }> {
  const start = await readStart(file.location, bytes);
  // Flushing early lets zlib unpack what is there although the stream goes on.
  const unpacked = file.gzip ? gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH }) : start;
  const whole = file.size <= bytes;
  const severalLines = unpacked.indexOf(10, unpacked.indexOf(10) + 1) > unpacked.indexOf(10);
  if (!whole && !severalLines && bytes < longestLines) return sampleText(file, bytes * 16);
  return { text: unpacked.toString('utf8').replace(/^\ufeff/, ''), whole };
}

/** The whole of a text file, unpacked. Throws a `TypeError` where it is not UTF-8. */
export async function wholeText(file: DataFile): Promise<string> {
  const bytes = await readFile(file.location);
  return new TextDecoder('utf-8', { fatal: true }).decode(file.gzip ? await promisify(gunzip)(bytes) : bytes);
}

/** The finding for a gzip file that is cut or damaged, which readers of its rows may not notice. */
export async function checkGzip(file: DataFile): Promise<Finding | undefined> {
  if (!file.gzip || file.format === 'parquet') return undefined;
  const sink = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    await pipeline(createReadStream(file.location), createGunzip(), sink);
    return undefined;
  } catch {
    return error(
      'file-cut',
      file.path,
      `The file ${code(file.name)} is cut or damaged: it does not unpack to its end. Copy it again.`,
    );
  }
}

/** One format for all files of a table, or the finding that says they differ. */
export function commonFormat(files: readonly DataFile[]): FileFormat | Finding {
  const formats = [...new Set(files.map(({ format }) => (format === 'tsv' ? 'csv' : format)))];
  if (formats.length === 1) return files[0].format;
  return error(
    'formats-differ',
    ['source'],
    `The files are of different formats: ${enumerate(formats)}. Give files of one format.`,
  );
}
