import type { InputPlan } from './inputs';
import type { Preprocessing } from './preprocessing';

/** The preprocessing of a table as it was fitted before. */
export interface FittedTable {
  readonly name: string;
  readonly preprocessing: Preprocessing;
}

/** What was fitted for a table of these columns: for the one of that name, or else for the first that has them. */
export function fittedFor(name: string, plan: InputPlan, fitted: readonly FittedTable[]): Preprocessing | undefined {
  const alike = fitted.filter(({ preprocessing }) => hasColumns(preprocessing, plan));
  return (alike.find((table) => table.name === name) ?? alike.at(0))?.preprocessing;
}

function hasColumns({ numeric, categorical }: Preprocessing, plan: InputPlan): boolean {
  const same = (columns: readonly { readonly column: string }[], planned: readonly { readonly name: string }[]) =>
    columns.length === planned.length && columns.every(({ column }, index) => column === planned[index].name);
  return same(numeric, plan.numeric) && same(categorical, plan.categorical);
}
