import type { Inputs } from '../experiment/dataSchema';
import type { Finding, Path } from '../experiment/problem';
import { fitCategorical, writeCodes } from './categorical';
import type { CategoricalFit } from './categorical';
import { code, enumerate } from '../experiment/wording';
import { columnNotFound, counted, error, information, quoted, warning } from './findings';
import { firstUnusable, fitNumeric, writeFlags, writeNumeric } from './numeric';
import type { NumericFit } from './numeric';
import type { SplitPositions } from './split';
import { numbersOf } from './table';
import type { Column, Table } from './table';
import { splitNames } from './taskSet';
import type { CategoricalInput, SplitName } from './taskSet';

/** The columns that become inputs, before anything is fitted. */
export interface InputPlan {
  readonly numeric: readonly { readonly name: string; readonly values: Float64Array }[];
  readonly categorical: readonly Column[];
}

/** A reserved column and what it serves as, such as `the target of task "income"`. */
export type Reserved = ReadonlyMap<string, string>;

type Kind = 'numeric' | 'categorical';
const kinds = ['numeric', 'categorical'] as const;

/**
 * Chooses the input columns of a table. `rest` takes the columns of its type that no other list names and that are
 * not reserved as target, split, group or task column. `path` is that of the inputs object.
 */
export function planInputs(
  table: Table,
  inputs: Inputs,
  reserved: Reserved,
  path: Path,
): { readonly plan: InputPlan; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const chosen = { numeric: [] as Column[], categorical: [] as Column[] };
  const named = findNamed(table, inputs, reserved, path, findings);
  for (const [column, kind] of named) if (kind !== 'exclude') chosen[kind].push(column);
  const overlooked: string[] = [];
  for (const column of table.columns) {
    if (named.has(column) || reserved.has(column.name)) continue;
    const kind: Kind = column.kind === 'numeric' ? 'numeric' : 'categorical';
    if (inputs[kind].columns === 'rest') chosen[kind].push(column);
    else overlooked.push(column.name);
  }
  if (overlooked.length > 0 && kinds.some((kind) => inputs[kind].columns === 'rest')) {
    const message = `${counted(overlooked.length, 'column')} are no inputs, as no list names them: ${enumerate(overlooked)}.`;
    findings.push(information('columns-not-used', path, message));
  }
  const numeric = chosen.numeric.flatMap((column) => {
    const { values, finding } = numericInput(column, [...path, 'numeric', 'columns'], inputs.numeric.columns);
    if (finding) findings.push(finding);
    return values ? [{ name: column.name, values }] : [];
  });
  if (numeric.length + chosen.categorical.length === 0 && !findings.some(({ severity }) => severity === 'error')) {
    const message = 'No input column is left. Name at least one under `inputs`, or exclude fewer.';
    findings.push(error('no-inputs', path, message));
  }
  return { plan: { numeric, categorical: chosen.categorical }, findings };
}

function findNamed(table: Table, inputs: Inputs, reserved: Reserved, path: Path, findings: Finding[]) {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const named = new Map<Column, Kind | 'exclude'>();
  const visit = (name: string, use: Kind | 'exclude', at: Path) => {
    const column = byName.get(name);
    const purpose = reserved.get(name);
    if (!column) findings.push(columnNotFound(name, at, [...byName.keys()]));
    else if (purpose !== undefined && use !== 'exclude') {
      const message = `Column ${code(name)} is ${purpose}, so it cannot be an input. Take it out of this list.`;
      findings.push(error('column-not-an-input', at, message));
    } else named.set(column, use);
  };
  for (const kind of kinds) {
    const { columns } = inputs[kind];
    if (columns !== 'rest') columns.forEach((name, index) => visit(name, kind, [...path, kind, 'columns', index]));
  }
  inputs.exclude.forEach((name, index) => visit(name, 'exclude', [...path, 'exclude', index]));
  return named;
}

function numericInput(column: Column, path: Path, columns: Inputs['numeric']['columns']) {
  const index = columns === 'rest' ? -1 : columns.indexOf(column.name);
  const at = index < 0 ? path : [...path, index];
  const values = numbersOf(column);
  if (!(values instanceof Float64Array)) {
    const message = `Column ${code(column.name)} is not numeric: row ${values.row} has ${quoted(values.text)}. Mend the value, name it under \`missing\`, or list the column under \`categorical\`.`;
    return { finding: error('not-numeric', at, message) };
  }
  const unusable = firstUnusable(values);
  if (unusable > 0) {
    const message = `Column ${code(column.name)} has ${values[unusable - 1]} in row ${unusable}, which cannot be computed with. Mend the value, or name it under \`missing\`.`;
    return { finding: error('not-finite', at, message) };
  }
  return { values };
}

/** Inputs of every split, fitted on the training split alone. */
export interface EncodedInputs {
  readonly inputWidth: number;
  readonly numericWidth: number;
  readonly inputNames: readonly string[];
  readonly categorical: readonly CategoricalInput[];
  readonly splits: Readonly<Record<SplitName, { readonly numeric: Float32Array; readonly codes: Uint16Array }>>;
  readonly findings: readonly Finding[];
}

/** Fits and encodes the planned columns: scaled numbers, then flags of missing numbers, then one-hot blocks. */
export function encodeInputs(plan: InputPlan, inputs: Inputs, positions: SplitPositions, path: Path): EncodedInputs {
  const { scale, missing } = inputs.numeric;
  const numbers = plan.numeric.map(({ name, values }) => ({
    name,
    values,
    fit: fitNumeric(values, positions.train, scale),
  }));
  const flagged = missing === 'mean' ? [] : numbers.filter(({ fit }) => fit.missing > 0);
  const categories = plan.categorical.map((column) => ({
    column,
    fit: fitCategorical(column, positions.train, inputs.categorical.maxLevels),
  }));
  const numericWidth = numbers.length + flagged.length;
  const categorical = blocksOf(categories, numericWidth);
  const encode = (rows: Uint32Array) => {
    const numeric = new Float32Array(rows.length * numericWidth);
    numbers.forEach(({ values, fit }, index) => writeNumeric(values, rows, fit, numeric, index, numericWidth));
    flagged.forEach(({ values }, index) => writeFlags(values, rows, numeric, numbers.length + index, numericWidth));
    const codes = new Uint16Array(rows.length * categories.length);
    categories.forEach(({ column, fit }, index) => writeCodes(column, rows, fit, codes, index, categories.length));
    return { numeric, codes };
  };
  return {
    inputWidth: categorical.reduce((width, block) => width + block.width, numericWidth),
    numericWidth,
    inputNames: [
      ...numbers.map(({ name }) => name),
      ...flagged.map(({ name }) => `${name} is missing`),
      ...categorical.flatMap(({ column, levels }) => [
        ...levels.map((level) => `${column} = ${level}`),
        `${column} = (other)`,
      ]),
    ],
    categorical,
    splits: Object.fromEntries(splitNames.map((name) => [name, encode(positions[name])])) as EncodedInputs['splits'],
    findings: oddities(numbers, categories, positions.train.length, path),
  };
}

function blocksOf(categories: readonly { column: Column; fit: CategoricalFit }[], start: number): CategoricalInput[] {
  let offset = start;
  return categories.map(({ column, fit }) => {
    const block = { column: column.name, levels: fit.levels, offset, width: fit.levels.length + 1 };
    offset += block.width;
    return block;
  });
}

function oddities(
  numbers: readonly { name: string; fit: NumericFit }[],
  categories: readonly { column: Column; fit: CategoricalFit }[],
  trainRows: number,
  path: Path,
): Finding[] {
  const findings: Finding[] = [];
  const empty = numbers.filter(({ fit }) => fit.missing === trainRows).map(({ name }) => name);
  if (empty.length > 0) {
    const message = `These columns have no value in the training split: ${enumerate(empty)}. Exclude them, or see whether \`missing\` is right.`;
    findings.push(warning('all-missing', path, message));
  }
  const unique = categories.filter(({ fit }) => trainRows > 50 && fit.different > 0.9 * trainRows);
  if (unique.length > 0) {
    const message = `These columns have another value in nearly every row, so nothing can be learned from them: ${enumerate(unique.map(({ column }) => column.name))}. Exclude them.`;
    findings.push(warning('different-in-every-row', path, message));
  }
  return findings;
}
