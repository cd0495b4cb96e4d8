import type { Inputs } from '../experiment/dataSchema';
import type { Finding, Path } from '../experiment/problem';
import { enumerate } from '../experiment/wording';
import { fitCategorical, placesOf, writeCodes } from './categorical';
import { warning } from './findings';
import type { InputPlan } from './inputs';
import { fitNumeric, writeFlags, writeNumeric } from './numeric';
import type { CategoricalPreprocessing, NumericPreprocessing, Preprocessing } from './preprocessing';
import type { SplitPositions } from './split';
import { typeOf } from './table';
import { splitNames } from './taskSet';
import type { CategoricalInput, SplitName } from './taskSet';

/** A table whose inputs are to be encoded. */
export interface InputTable {
  readonly plan: InputPlan;
  readonly inputs: Inputs;
  readonly positions: SplitPositions;
}

/** Inputs of every split, fitted on the training split alone. */
export interface EncodedInputs extends InputLayout {
  readonly preprocessing: Preprocessing;
  readonly splits: Readonly<Record<SplitName, EncodedRows>>;
}

/** Rows as the model takes them, but for the one-hot blocks, which are expanded batch by batch. */
export interface EncodedRows {
  /** rows x numericWidth, row-major, scaled. */
  readonly numeric: Float32Array;
  /** rows x categorical columns, row-major: the level's place within its block. */
  readonly codes: Uint16Array;
}

/** What an input row consists of. */
export interface InputLayout {
  readonly inputWidth: number;
  readonly numericWidth: number;
  readonly inputNames: readonly string[];
  readonly categorical: readonly CategoricalInput[];
}

/** What a missing value is called among the levels. */
const missingName = '(missing)';

/**
 * Fits and encodes the inputs of tables with the same input columns: scaled numbers, then flags of missing numbers,
 * then one-hot blocks. All of them get the same encoding, fitted on the training rows of all, so that an input means
 * the same to an encoder that they share. `path` is that of the inputs object.
 * @param fitted What was fitted before, per table, where that is to be used.
 */
export function encodeInputs(
  tables: readonly InputTable[],
  path: Path,
  fitted: readonly (Preprocessing | undefined)[] = [],
): { readonly encoded: readonly EncodedInputs[]; readonly findings: readonly Finding[] } {
  const fits = tables.map(({ plan }, part) => fitted[part] ?? fitInputs(tables, plan));
  const encoded = tables.map(({ plan, positions }, part): EncodedInputs => {
    const preprocessing = fits[part];
    const encode = createEncoder(plan, preprocessing);
    const splits = Object.fromEntries(splitNames.map((name) => [name, encode(positions[name])]));
    return { ...layoutOf(preprocessing), preprocessing, splits: splits as EncodedInputs['splits'] };
  });
  const trainRows = tables.reduce((sum, { positions }) => sum + positions.train.length, 0);
  return { encoded, findings: oddities(fits[0], trainRows, path) };
}

/** Fits on the training rows of all tables; the types are those of the columns of `own`. */
function fitInputs(tables: readonly InputTable[], own: InputPlan): Preprocessing {
  const { inputs } = tables[0];
  const numbers = own.numeric.map(({ name, type }, index) => {
    const parts = tables.map(({ plan, positions }) => ({
      values: plan.numeric[index].values,
      trainRows: positions.train,
    }));
    return { column: name, type, ...fitNumeric(parts, inputs.numeric.scale) };
  });
  let width = numbers.length;
  const flags = inputs.numeric.missing === 'mean-and-flag';
  const numeric = numbers.map((fit): NumericPreprocessing =>
    flags && fit.training.missing > 0 ? { ...fit, flag: width++ } : fit,
  );
  const categorical = own.categorical.map((column, index): CategoricalPreprocessing => {
    const parts = tables.map(({ plan, positions }) => ({
      column: plan.categorical[index],
      trainRows: positions.train,
    }));
    const { levels, different } = fitCategorical(parts, inputs.categorical.maxLevels);
    const offset = width;
    width += levels.length + 1;
    const otherLevels = different - levels.length;
    return { column: column.name, type: typeOf(column), levels, offset, width: levels.length + 1, otherLevels };
  });
  return { numeric, categorical };
}

/** Encodes rows of a table whose columns are those of the preprocessing, in its order. */
export function createEncoder(
  plan: InputPlan,
  { numeric, categorical }: Preprocessing,
): (rows: Uint32Array) => EncodedRows {
  const width = numericWidthOf(numeric);
  const places = categorical.map((fit, index) => placesOf(plan.categorical[index], fit));
  return (rows) => {
    const numbers = new Float32Array(rows.length * width);
    numeric.forEach((fit, index) => {
      const { values } = plan.numeric[index];
      writeNumeric(values, rows, fit, numbers, index, width);
      if (fit.flag !== undefined) writeFlags(values, rows, numbers, fit.flag, width);
    });
    const codes = new Uint16Array(rows.length * categorical.length);
    places.forEach((ofColumn, index) => {
      writeCodes(plan.categorical[index], rows, ofColumn, codes, index, categorical.length);
    });
    return { numeric: numbers, codes };
  };
}

/** Widths and names of the inputs that a preprocessing makes. */
export function layoutOf({ numeric, categorical }: Preprocessing): InputLayout {
  const numericWidth = numericWidthOf(numeric);
  const blocks = categorical.map(({ column, levels, offset, width }): CategoricalInput => {
    return { column, levels: levels.map((level) => level ?? missingName), offset, width };
  });
  const flagged = numeric.filter(({ flag }) => flag !== undefined);
  return {
    inputWidth: blocks.reduce((width, block) => width + block.width, numericWidth),
    numericWidth,
    inputNames: [
      ...numeric.map(({ column }) => column),
      ...flagged.map(({ column }) => `${column} is missing`),
      ...blocks.flatMap(({ column, levels }) => [...levels, '(other)'].map((level) => `${column} = ${level}`)),
    ],
    categorical: blocks,
  };
}

function numericWidthOf(numeric: Preprocessing['numeric']): number {
  return numeric.length + numeric.filter(({ flag }) => flag !== undefined).length;
}

function oddities({ numeric, categorical }: Preprocessing, trainRows: number, path: Path): Finding[] {
  const findings: Finding[] = [];
  const empty = numeric.filter(({ training }) => training.missing === trainRows).map(({ column }) => column);
  if (empty.length > 0) {
    const remedy = 'Exclude them, or see whether `missing` is right.';
    const message = `These columns have no value in the training split: ${enumerate(empty)}. ${remedy}`;
    findings.push(warning('all-missing', path, message));
  }
  const unique = categorical.filter(
    ({ levels, otherLevels }) => trainRows > 50 && levels.length + otherLevels > 0.9 * trainRows,
  );
  if (unique.length > 0) {
    const names = enumerate(unique.map(({ column }) => column));
    const message = `These columns have another value in nearly every row, so nothing can be learned from them: ${names}. Exclude them.`;
    findings.push(warning('different-in-every-row', path, message));
  }
  return findings;
}
