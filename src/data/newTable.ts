import type { FileData } from '../experiment/dataSchema';
import { fileDataSchema } from '../experiment/dataSchema';
import { ExperimentError } from '../experiment/problem';
import type { Finding } from '../experiment/problem';
import { code, enumerate } from '../experiment/wording';
import { placesOf } from './categorical';
import { createEncoder } from './encodeInputs';
import type { EncodedRows } from './encodeInputs';
import { columnNotFound, counted, error, listed } from './findings';
import { numericInput } from './inputs';
import type { InputPlan, NumericColumnInput } from './inputs';
import type { CategoricalPreprocessing, NumericPreprocessing, Preprocessing } from './preprocessing';
import { findCsvShape } from './read/csv';
import { readFileTable } from './read/fileTable';
import { locateFiles } from './read/files';
import type { DataFile } from './read/files';
import { countMissing, isMissing, levelsOf, positionOfLevel, typeOf } from './table';
import type { Column, Table } from './table';

/** How the rows of a training table were read, apart from where they were and how they were split. */
export type Reading = Omit<FileData, 'source' | 'split'>;

/** What is known of the table that a new one should be like. */
export interface KnownTable {
  readonly preprocessing: Preprocessing;
  /** Absent where the rows were generated. */
  readonly reading?: Reading;
  /** Columns that a new table must have besides the inputs. */
  readonly needed: readonly string[];
  /** Columns that a new table may lack. */
  readonly targets: readonly string[];
  /** Columns that are passed on as they are written, where they are no inputs. */
  readonly kept: readonly string[];
}

/** Rows to predict from, with the preprocessing that was fitted on others. */
export interface NewTable {
  readonly table: Table;
  /** The same code as at training. */
  encode(rows: Uint32Array): EncodedRows;
  /** What a person should know of how it was read, in plain sentences. */
  readonly notes: readonly string[];
}

/**
 * Reads a file whose columns are those of the training table, the targets perhaps without.
 * @param folder Relative names start from here.
 * @throws ExperimentError where it cannot be read, or where its columns do not suit.
 */
export async function readNewTable(file: string, known: KnownTable, folder: string): Promise<NewTable> {
  const { data, notes } = await chooseReading(file, known, folder);
  const { table, findings } = await readFileTable(data, folder, textColumns(known));
  if (!table) throw new ExperimentError(data.query === undefined ? findings : [...findings, wentThroughQuery(known)]);
  const plan = findInputs(table, known);
  return {
    table,
    encode: createEncoder(plan, known.preprocessing),
    notes: [
      ...notes,
      ...findings.map(({ message }) => message),
      ...known.preprocessing.numeric.flatMap((fit, index) => noteOnNumbers(fit, plan.numeric[index])),
      ...known.preprocessing.categorical.flatMap((fit, index) => noteOnLevels(fit, plan.categorical[index])),
    ],
  };
}

function inputColumns({ numeric, categorical }: Preprocessing): readonly string[] {
  return [...numeric, ...categorical].map(({ column }) => column);
}

/** Codes such as `007` were text where they were fitted and must not become numbers because a new file has no others. */
function textColumns({ preprocessing, kept }: KnownTable): ReadonlySet<string> {
  const { numeric, categorical } = preprocessing;
  const texts = [...numeric, ...categorical].filter(({ type }) => type === 'text').map(({ column }) => column);
  const inputs = new Set(inputColumns(preprocessing));
  return new Set([...texts, ...kept.filter((name) => !inputs.has(name))]);
}

/**
 * A file that has the columns by name is read as it is. Where it does not, it is taken to be written as the training
 * table was: without a header, perhaps without the targets, or to go through the query of the experiment.
 */
async function chooseReading(
  file: string,
  { preprocessing, reading, needed, targets }: KnownTable,
  folder: string,
): Promise<{ readonly data: FileData; readonly notes: readonly string[] }> {
  const plain = fileDataSchema.parse({ source: file, ...(reading && { missing: reading.missing }) });
  const located = await locateFiles(plain, folder);
  if (located.findings.length > 0) throw new ExperimentError(located.findings.map(fromFolder));
  const wanted = [...inputColumns(preprocessing), ...needed];
  const suits = async (data: FileData) => {
    const names = await namesOf(located.files[0], data, folder, reading?.query !== undefined);
    return names === undefined || wanted.every((name) => names.includes(name));
  };
  if (reading === undefined || (await suits(plain))) return { data: plain, notes: [] };
  const { query, ...written } = { ...reading, format: 'auto' as const };
  const asWritten: FileData = { ...plain, ...written };
  if (query !== undefined) return readByQuery({ ...asWritten, query });
  const withoutTargets = reading.columns?.filter((name) => !targets.includes(name));
  if (await suits(asWritten)) return { data: asWritten, notes: [] };
  if (withoutTargets === undefined) return { data: plain, notes: [] };
  const columns = withoutTargets;
  if (await suits({ ...asWritten, columns })) return { data: { ...asWritten, columns }, notes: [] };
  const widths = [...new Set([reading.columns!.length, columns.length])].join(' or ');
  const message =
    `The columns of ${code(file)} cannot be told: its first line does not name the inputs, and without names it should ` +
    `have ${widths} columns, as the training rows have with and without the targets. Give it a first line of names.`;
  throw new ExperimentError([error('columns-differ', [], message)]);
}

/**
 * The columns that a file has, none where that cannot be told. Formats that name their columns are not looked into
 * unless it matters: undefined.
 */
async function namesOf(
  file: DataFile,
  data: FileData,
  folder: string,
  matters: boolean,
): Promise<readonly string[] | undefined> {
  if (file.format === 'csv' || file.format === 'tsv') {
    const shape = await findCsvShape(file, data);
    return 'code' in shape ? [] : shape.names;
  }
  if (!matters) return undefined;
  return (await readFileTable(data, folder)).table?.columns.map(({ name }) => name) ?? [];
}

function readByQuery(data: FileData & { readonly query: string }) {
  if (/\bsource\b/i.test(data.query)) {
    return { data, notes: ['The file goes through the query of the experiment; rows count as the query gives them.'] };
  }
  const message =
    'The file does not have the columns of the training rows, which came from a query over other files. ' +
    'Give a file with the columns that the query gives.';
  throw new ExperimentError([error('columns-differ', [], message)]);
}

function wentThroughQuery({ preprocessing }: KnownTable): Finding {
  const columns = enumerate(inputColumns(preprocessing));
  const message = `The file lacks some of the columns ${columns}, so it went through the query of the experiment. Give a file with these columns, or one that the query is for.`;
  return error('columns-differ', [], message);
}

/** The remedy for a file that is not there, where its name does not start from an experiment file. */
function fromFolder(finding: Finding): Finding {
  if (finding.code !== 'file-not-found') return finding;
  return { ...finding, message: finding.message.replace('the folder of the experiment file', 'the present folder') };
}

/** The input columns of a new table, in the order of the preprocessing. */
function findInputs(table: Table, { preprocessing, needed }: KnownTable): InputPlan {
  const findings: Finding[] = [];
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const missing: string[] = [];
  const find = (name: string) => {
    const column = byName.get(name);
    if (!column) missing.push(name);
    return column;
  };
  const numeric = preprocessing.numeric.map((fit) => {
    const column = find(fit.column);
    return column && numbersLike(column, fit, findings);
  });
  const categorical = preprocessing.categorical.map(({ column }) => find(column));
  for (const name of needed) find(name);
  findings.push(...missingColumns(missing, [...byName.keys()]));
  if (findings.length > 0) throw new ExperimentError(findings);
  return { numeric: numeric.map((column) => column!), categorical: categorical.map((column) => column!) };
}

/** A few are told each with its nearest name, many together. */
function missingColumns(names: readonly string[], columns: readonly string[]): Finding[] {
  if (names.length <= 3) return names.map((name) => columnNotFound(name, [], columns));
  const message = `The table has none of these ${names.length} columns, which the model needs: ${enumerate(names)}. Its columns are ${enumerate(columns)}.`;
  return [error('column-not-found', [], message)];
}

function numbersLike(
  column: Column,
  { type }: NumericPreprocessing,
  findings: Finding[],
): NumericColumnInput | undefined {
  const found = typeOf(column);
  if ((type === 'date') !== (found === 'date') && countMissing(column) < rowsOf(column)) {
    const kinds = { date: 'dates', number: 'numbers', boolean: 'truth values', text: 'text' } as const;
    const message = `Column ${code(column.name)} holds ${kinds[found]}; the rows that the model was trained on hold ${kinds[type]} there. Write its values as those rows do.`;
    findings.push(error('other-type', [], message));
    return undefined;
  }
  const { values, finding } = numericInput(column, []);
  if (finding) {
    const message = finding.message.replace(/ Mend the value.*$/, ' Mend the value, or leave it empty.');
    findings.push({ ...finding, message });
  }
  return values && { name: column.name, type: found, values };
}

function rowsOf(column: Column): number {
  return column.kind === 'text' ? column.codes.length : column.values.length;
}

function noteOnNumbers({ column, flag, training }: NumericPreprocessing, { values }: NumericColumnInput): string[] {
  if (flag !== undefined || training.missing > 0) return [];
  const missing = values.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0);
  if (missing === 0) return [];
  return [
    `Column ${code(column)} has no value in ${counted(missing, 'row')}, and had one in every training row: the mean of those stands in.`,
  ];
}

/** Levels that cannot have been seen in training, as all of its levels have inputs of their own. */
function noteOnLevels(fit: CategoricalPreprocessing, column: Column): string[] {
  if (fit.otherLevels > 0) return [];
  const places = placesOf(column, fit);
  const other = fit.levels.length;
  const { levels, codes } = levelsOf(column);
  const unseen = levels.filter((_, level) => places[level + 1] === other);
  const rows = codes.reduce((count, level) => count + (places[level + 1] === other ? 1 : 0), 0);
  if (rows === 0) return [];
  const what =
    unseen.length === 0 ? 'no value' : `${listed(unseen)}${hasMissing(column, places, other) ? ' or no value' : ''}`;
  return [
    `Column ${code(fit.column)} has ${what} in ${counted(rows, 'row')}, which no training row has: counted among the other levels.`,
  ];
}

function hasMissing(column: Column, places: Uint16Array, other: number): boolean {
  return places[0] === other && countMissing(column) > 0;
}

/** Columns of a table by name, in the order of the names. @throws ExperimentError where one is missing. */
export function columnsOf(table: Table, names: readonly string[]): readonly Column[] {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const missing = names.filter((name) => !byName.has(name));
  if (missing.length > 0) throw new ExperimentError(missingColumns(missing, [...byName.keys()]));
  return names.map((name) => byName.get(name)!);
}

/** A cell as text, null where it is missing. */
export function textAt(column: Column, row: number): string | null {
  if (isMissing(column, row)) return null;
  const { levels, codes } = levelsOf(column);
  return levels[codes[row]];
}

/** A column that says the task of each row. */
export interface TaskOfRows {
  /** Per row the position among the names; -1 where it is that of none. */
  readonly tasks: Int32Array;
  readonly notes: readonly string[];
}

/** @throws ExperimentError where no row has a value that is the name of a task. */
export function taskOfRows(column: Column, names: readonly string[]): TaskOfRows {
  const { levels, codes } = levelsOf(column);
  const ofLevel = levels.map((level) => positionOfLevel(names, level));
  const tasks = codes.map((level) => (level < 0 ? -1 : ofLevel[level]));
  const without = tasks.reduce((count, task) => count + (task < 0 ? 1 : 0), 0);
  if (without === 0) return { tasks, notes: [] };
  const unknown = levels.filter((_, level) => ofLevel[level] < 0);
  const values = unknown.length > 0 ? `names no task of the run (${listed(unknown)})` : 'has no value';
  const missing = unknown.length > 0 && countMissing(column) > 0 ? ', or has no value,' : '';
  const told = `Column ${code(column.name)} ${values}${missing} in ${counted(without, 'row')}`;
  if (without < tasks.length) return { tasks, notes: [`${told}: those are left without a prediction.`] };
  const message = `${told}, and that is all. Its values must be those of the training rows: ${enumerate(names)}.`;
  throw new ExperimentError([error('unknown-task', [], message)]);
}
