import type { Inputs } from '../experiment/dataSchema';
import type { Finding, Path } from '../experiment/problem';
import { enumerate } from '../experiment/wording';
import { fitCategorical, writeCodes } from './categorical';
import type { CategoricalFit } from './categorical';
import { warning } from './findings';
import type { InputPlan } from './inputs';
import { fitNumeric, writeFlags, writeNumeric } from './numeric';
import type { NumericFit } from './numeric';
import type { SplitPositions } from './split';
import { splitNames } from './taskSet';
import type { CategoricalInput, SplitName } from './taskSet';

/** A table whose inputs are to be encoded. */
export interface InputTable {
  readonly plan: InputPlan;
  readonly inputs: Inputs;
  readonly positions: SplitPositions;
}

/** Inputs of every split, fitted on the training split alone. */
export interface EncodedInputs {
  readonly inputWidth: number;
  readonly numericWidth: number;
  readonly inputNames: readonly string[];
  readonly categorical: readonly CategoricalInput[];
  readonly splits: Readonly<Record<SplitName, { readonly numeric: Float32Array; readonly codes: Uint16Array }>>;
}

interface Fit {
  readonly numbers: readonly { readonly name: string; readonly fit: NumericFit }[];
  /** Positions in `numbers` of the columns whose missing values get a flag. */
  readonly flagged: readonly number[];
  readonly categories: readonly { readonly name: string; readonly fit: CategoricalFit }[];
  readonly trainRows: number;
}

/**
 * Fits and encodes the inputs of tables with the same input columns: scaled numbers, then flags of missing numbers,
 * then one-hot blocks. All of them get the same encoding, fitted on the training rows of all, so that an input means
 * the same to an encoder that they share. `path` is that of the inputs object.
 */
export function encodeInputs(
  tables: readonly InputTable[],
  path: Path,
): { readonly encoded: readonly EncodedInputs[]; readonly findings: readonly Finding[] } {
  const fit = fitInputs(tables);
  return { encoded: tables.map((table, part) => encodeTable(table, part, fit)), findings: oddities(fit, path) };
}

function fitInputs(tables: readonly InputTable[]): Fit {
  const [{ plan, inputs }] = tables;
  const numbers = plan.numeric.map(({ name }, index) => {
    const parts = tables.map((table) => ({
      values: table.plan.numeric[index].values,
      trainRows: table.positions.train,
    }));
    return { name, fit: fitNumeric(parts, inputs.numeric.scale) };
  });
  const flags = inputs.numeric.missing === 'mean-and-flag';
  const categories = plan.categorical.map(({ name }, index) => {
    const parts = tables.map((table) => ({
      column: table.plan.categorical[index],
      trainRows: table.positions.train,
    }));
    return { name, fit: fitCategorical(parts, inputs.categorical.maxLevels) };
  });
  return {
    numbers,
    flagged: numbers.flatMap(({ fit }, index) => (flags && fit.missing > 0 ? [index] : [])),
    categories,
    trainRows: tables.reduce((sum, { positions }) => sum + positions.train.length, 0),
  };
}

function encodeTable(
  { plan, positions }: InputTable,
  part: number,
  { numbers, flagged, categories }: Fit,
): EncodedInputs {
  const numericWidth = numbers.length + flagged.length;
  const categorical = blocksOf(categories, numericWidth);
  const encode = (rows: Uint32Array) => {
    const numeric = new Float32Array(rows.length * numericWidth);
    numbers.forEach(({ fit }, index) => {
      writeNumeric(plan.numeric[index].values, rows, fit, numeric, index, numericWidth);
    });
    flagged.forEach((column, index) => {
      writeFlags(plan.numeric[column].values, rows, numeric, numbers.length + index, numericWidth);
    });
    const codes = new Uint16Array(rows.length * categories.length);
    categories.forEach(({ fit }, index) => {
      writeCodes(plan.categorical[index], rows, fit.places[part], codes, index, categories.length);
    });
    return { numeric, codes };
  };
  return {
    inputWidth: categorical.reduce((width, block) => width + block.width, numericWidth),
    numericWidth,
    inputNames: [
      ...numbers.map(({ name }) => name),
      ...flagged.map((column) => `${numbers[column].name} is missing`),
      ...categorical.flatMap(({ column, levels }) => [...levels, '(other)'].map((level) => `${column} = ${level}`)),
    ],
    categorical,
    splits: Object.fromEntries(splitNames.map((name) => [name, encode(positions[name])])) as EncodedInputs['splits'],
  };
}

function blocksOf(categories: Fit['categories'], start: number): CategoricalInput[] {
  let offset = start;
  return categories.map(({ name, fit }) => {
    const block = { column: name, levels: fit.levels, offset, width: fit.levels.length + 1 };
    offset += block.width;
    return block;
  });
}

function oddities({ numbers, categories, trainRows }: Fit, path: Path): Finding[] {
  const findings: Finding[] = [];
  const empty = numbers.filter(({ fit }) => fit.missing === trainRows).map(({ name }) => name);
  if (empty.length > 0) {
    const remedy = 'Exclude them, or see whether `missing` is right.';
    const message = `These columns have no value in the training split: ${enumerate(empty)}. ${remedy}`;
    findings.push(warning('all-missing', path, message));
  }
  const unique = categories.filter(({ fit }) => trainRows > 50 && fit.different > 0.9 * trainRows);
  if (unique.length > 0) {
    const names = enumerate(unique.map(({ name }) => name));
    const message = `These columns have another value in nearly every row, so nothing can be learned from them: ${names}. Exclude them.`;
    findings.push(warning('different-in-every-row', path, message));
  }
  return findings;
}
