import type { Data } from '../dataSchema';
import { nearest } from '../nearest';
import type { Finding, Path } from '../problem';
import { code, enumerate } from '../wording';
import { error } from './findings';
import type { ColumnUse, TableUse } from './tables';

/** Columns that do not exist, are named twice, or give the target away. */
export function checkColumns(table: TableUse): Finding[] {
  return [...twice(table), ...unknownColumns(table), ...targetsAsInputs(table)];
}

/** The columns of a table, where the file alone says them. */
export function knownColumns(data: Data): readonly string[] | undefined {
  if (!('generate' in data)) return data.query === undefined ? data.columns : undefined;
  const count = (letter: string, most: number) => Array.from({ length: most }, (_, index) => `${letter}${index + 1}`);
  const targets = data.generate === 'related-regressions' ? count('y', data.tasks) : ['class'];
  return [...count('x', data.inputs), ...targets];
}

function listed(columns: readonly string[], path: Path): ColumnUse[] {
  return columns.map((column, index) => ({ column, path: [...path, index] }));
}

function inputColumns({ inputs, inputsPath }: TableUse): ColumnUse[] {
  if (!inputs) return [];
  return (['numeric', 'categorical'] as const).flatMap((kind) => {
    const { columns } = inputs[kind];
    return columns === 'rest' ? [] : listed(columns, [...inputsPath, kind, 'columns']);
  });
}

function excluded({ inputs, inputsPath }: TableUse): ColumnUse[] {
  return inputs ? listed(inputs.exclude, [...inputsPath, 'exclude']) : [];
}

function splitUses({ data: { split }, path }: TableUse): ColumnUse[] {
  const at = (key: string) => [...path, 'split', key];
  if ('column' in split) return [{ column: split.column, path: at('column') }];
  return (['stratify', 'group'] as const).flatMap((key) => {
    const column = split[key];
    return column === undefined ? [] : [{ column, path: at(key) }];
  });
}

function unknownColumns(table: TableUse): Finding[] {
  const columns = knownColumns(table.data);
  if (columns === undefined) return [];
  const known = new Set(columns);
  const uses = [
    ...table.targets,
    ...(table.each ? [table.each] : []),
    ...splitUses(table),
    ...inputColumns(table),
    ...excluded(table),
  ];
  return uses.flatMap(({ column, path }) =>
    known.has(column) ? [] : [unknownColumn(column, path, columns, table.data)],
  );
}

function unknownColumn(column: string, path: Path, columns: readonly string[], data: Data): Finding {
  const suggestion = nearest(column, columns);
  const remedy =
    suggestion !== undefined
      ? `Did you mean ${code(suggestion)}?`
      : 'generate' in data
        ? `Its columns are ${generatedColumns(data)}.`
        : `Its columns are ${enumerate(columns)}.`;
  const extra = suggestion === undefined ? {} : { suggestion };
  return error('column-not-found', path, `The table has no column ${code(column)}. ${remedy}`, extra);
}

function generatedColumns(data: Extract<Data, { generate: string }>): string {
  const targets = data.generate === 'related-regressions' ? `\`y1\` to \`y${data.tasks}\`` : '`class`';
  return `\`x1\` to \`x${data.inputs}\` and ${targets}`;
}

function twice(table: TableUse): Finding[] {
  const { data, path } = table;
  const names = 'generate' in data ? [] : listed(data.columns ?? [], [...path, 'columns']);
  const repeated = (uses: readonly ColumnUse[], message: (column: string) => string): Finding[] => {
    const seen = new Set<string>();
    return uses.flatMap(({ column, path: at }) => {
      if (!seen.has(column)) {
        seen.add(column);
        return [];
      }
      return [error('column-twice', at, message(code(column)))];
    });
  };
  return [
    ...repeated(names, (column) => `Two columns are named ${column}. Give every column a name of its own.`),
    ...repeated(
      [...inputColumns(table), ...excluded(table)],
      (column) => `${column} is named twice among the inputs. Take one of them out.`,
    ),
  ];
}

function targetsAsInputs(table: TableUse): Finding[] {
  const targets = new Set(table.targets.map(({ column }) => column));
  const asInputs = inputColumns(table)
    .filter(({ column }) => targets.has(column))
    .map(({ column, path }) => {
      const message = `${code(column)} is a target, so it cannot be an input: the model would see the answer. Take it out.`;
      return error('target-as-input', path, message);
    });
  const { each } = table;
  if (!each || !targets.has(each.column)) return asInputs;
  const message = `${code(each.column)} names the tasks, so it cannot be their target. Name another column.`;
  return [...asInputs, error('target-names-tasks', table.targets[0].path, message)];
}
