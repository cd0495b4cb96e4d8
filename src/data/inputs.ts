import type { Inputs } from '../experiment/dataSchema';
import type { Finding, Path } from '../experiment/problem';
import { code, enumerate } from '../experiment/wording';
import { columnNotFound, counted, error, information, quoted } from './findings';
import { firstUnusable } from './numeric';
import type { ColumnType } from './preprocessing';
import { numbersOf, typeOf } from './table';
import type { Column, Table } from './table';

/** A column that becomes a number among the inputs. */
export interface NumericColumnInput {
  readonly name: string;
  readonly type: ColumnType;
  /** NaN where missing. */
  readonly values: Float64Array;
}

/** The columns that become inputs, before anything is fitted. */
export interface InputPlan {
  readonly numeric: readonly NumericColumnInput[];
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
    const { columns } = inputs.numeric;
    const index = columns === 'rest' ? -1 : columns.indexOf(column.name);
    const at = [...path, 'numeric', 'columns', ...(index < 0 ? [] : [index])];
    const { values, finding } = numericInput(column, at);
    if (finding) findings.push(finding);
    return values ? [{ name: column.name, type: typeOf(column), values }] : [];
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

/** The numbers of a column, or why they cannot be used. */
export function numericInput(column: Column, at: Path): { readonly values?: Float64Array; readonly finding?: Finding } {
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
