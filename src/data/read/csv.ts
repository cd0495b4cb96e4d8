import type { FileData } from '../../experiment/dataSchema';
import type { Finding } from '../../experiment/problem';
import { code, enumerate } from '../../experiment/wording';
import { counted, error } from '../findings';
import { isNumberText } from '../table';
import { sampleText } from './files';
import type { DataFile } from './files';

/** How a CSV file is written. */
export interface CsvShape {
  readonly delimiter: string;
  readonly header: boolean;
  readonly names: readonly string[];
}

const delimiters = [',', ';', '\t', '|'];

/** Tells delimiter, header and column names from the start of a file and from what the experiment says of it. */
export async function findCsvShape(file: DataFile, data: FileData): Promise<CsvShape | Finding> {
  const { text, whole } = await sampleText(file);
  if (text.includes('\0')) return notText(file);
  const delimiter = data.delimiter ?? (file.format === 'tsv' ? '\t' : detectDelimiter(text, whole));
  const [first] = csvRecords(text, delimiter, 1);
  if (!first)
    return error(
      'empty-file',
      file.path,
      `The file ${code(file.name)} holds no rows. Name another file, or write it again.`,
    );
  const header = data.header ?? (data.columns === undefined && looksLikeHeader(first, data.missing));
  return checkNames(file, data, { delimiter, header, names: columnNames(first, header, data.columns) }, first.length);
}

function columnNames(first: readonly string[], header: boolean, given: readonly string[] | undefined): string[] {
  if (given) return given.map((name) => name);
  return first.map((field, index) => (header && field.trim() !== '' ? field.trim() : `column${index + 1}`));
}

function checkNames(file: DataFile, data: FileData, shape: CsvShape, width: number): CsvShape | Finding {
  if (shape.names.length !== width) {
    const message = `The file ${code(file.name)} has ${counted(width, 'column')}, and \`columns\` names ${shape.names.length}. Name every column once, in order.`;
    return error('columns-differ', ['columns'], message);
  }
  const twice = shape.names.filter((name, index) => shape.names.indexOf(name) !== index);
  if (twice.length === 0) return shape;
  const remedy = data.columns ? 'Give each its own name.' : 'Give names under `columns`, with `header: true`.';
  const message = `Several columns have the same name: ${enumerate([...new Set(twice)])}. ${remedy}`;
  return error('duplicate-columns', data.columns ? ['columns'] : file.path, message);
}

/** The finding for bytes that are no UTF-8 text. */
export function notText(file: DataFile, line?: number): Finding {
  const where = line === undefined ? '' : ` (line ${line})`;
  const message = `The file ${code(file.name)} is not UTF-8 text${where}. Save it as UTF-8, or set \`format\` to what it is.`;
  return error('not-utf-8', file.path, message);
}

/** A first line names columns where none of its fields is a number, empty or a mark of a missing value. */
function looksLikeHeader(fields: readonly string[], missing: readonly string[]): boolean {
  return fields.every((field) => !isNumberText(field) && !(field.trim() !== '' && missing.includes(field.trim())));
}

/** The delimiter that cuts the first lines into the most fields, as equally many in each as can be. */
function detectDelimiter(text: string, whole: boolean): string {
  let best = ',';
  let bestScore = 0;
  for (const delimiter of delimiters) {
    const records = csvRecords(text, delimiter, 50);
    const complete = whole || records.length < 2 ? records : records.slice(0, -1);
    const widths = complete.map(({ length }) => length);
    const usual = widths[0] ?? 1;
    const score = usual < 2 ? 0 : (usual * widths.filter((width) => width === usual).length) / widths.length;
    if (score > bestScore) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
}

/** The first records of a CSV text: quotes hold delimiters and line ends, a doubled quote means one. */
function csvRecords(text: string, delimiter: string, most: number): string[][] {
  const records: string[][] = [];
  let fields: string[] = [];
  let place = 0;
  while (place < text.length && records.length < most) {
    let field = '';
    if (text[place] === '"') {
      const end = closingQuote(text, place + 1);
      field = text.slice(place + 1, end).replaceAll('""', '"');
      place = end + 1;
    }
    const start = place;
    while (place < text.length && text[place] !== delimiter && text[place] !== '\n' && text[place] !== '\r') place++;
    fields.push(field + text.slice(start, place));
    if (text[place] === delimiter) {
      place++;
      if (place === text.length) fields.push('');
      else continue;
    }
    if (text[place] === '\r' && text[place + 1] === '\n') place++;
    place++;
    if (fields.length > 1 || fields[0].trim() !== '') records.push(fields);
    fields = [];
  }
  return records;
}

function closingQuote(text: string, from: number): number {
  let place = from;
  while (place < text.length) {
    if (text[place] !== '"') place++;
    else if (text[place + 1] === '"') place += 2;
    else return place;
  }
  return place;
}

/** What DuckDB's complaint about a CSV file means for a person. */
export function explainCsvError(message: string, file: DataFile, width: number): Finding {
  const line = Number(/Line: (\d+)/.exec(message)?.[1] ?? 0);
  const name = code(file.name);
  if (/unicode|utf-8/i.test(message)) return notText(file, line || undefined);
  const found = /Found: (\d+)/.exec(message)?.[1];
  if (found !== undefined) {
    const remedy =
      Number(found) < width
        ? 'Mend the line; where it is the last, the file may be cut.'
        : 'Mend the line, or set `delimiter`.';
    const text = `Line ${line} of ${name} has ${counted(Number(found), 'value')}, and the table has ${counted(width, 'column')}. ${remedy}`;
    return error('row-width', file.path, text);
  }
  if (/unterminated quote/i.test(message)) {
    return error(
      'row-width',
      file.path,
      `Line ${line} of ${name} has a quote that does not end. Mend the line; the file may be cut.`,
    );
  }
  const reason =
    /^.*?Error: (?:CSV Error on Line: \d+\n)?(?:Original Line: .*\n)?([^\n]*)/.exec(message)?.[1] ?? message;
  return error(
    'file-unreadable',
    file.path,
    `${line > 0 ? `Line ${line} of ${name}` : name} cannot be read: ${reason}`,
  );
}
