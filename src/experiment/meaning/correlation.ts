import type { RelatedRegressions } from '../dataSchema';
import type { Finding, Path } from '../problem';
import { error } from './findings';

const tolerance = 1e-8;
/** Above this many tasks a decomposition takes too long to be made at every key stroke; reading the data makes it. */
const mostTasks = 200;

/** Correlations that no set of weight vectors can have. */
export function checkCorrelation({ correlation, tasks, inputs }: RelatedRegressions, dataPath: Path): Finding[] {
  const path = [...dataPath, 'correlation'];
  if (typeof correlation === 'number') return checkCommon(correlation, tasks, inputs, dataPath);
  const shape = checkMatrix(correlation, tasks, path);
  if (shape || tasks > mostTasks) return shape ? [shape] : [];
  const rank = semidefiniteRank(correlation);
  if (rank === undefined) {
    const message =
      'No weight vectors have these cosines to each other (the matrix is not positive semidefinite). Bring some of them nearer to 0.';
    return [error('correlation-impossible', path, message, { atKey: true })];
  }
  return tooFewInputs(rank, inputs, dataPath);
}

function checkCommon(correlation: number, tasks: number, inputs: number, path: Path): Finding[] {
  if (tasks === 1) return [];
  const least = -1 / (tasks - 1);
  if (correlation < least - tolerance) {
    const bound = Math.ceil(least * 1000) / 1000;
    const message = `${tasks} tasks cannot all have a cosine of ${correlation} to each other. Write at least ${bound}.`;
    return [error('correlation-impossible', [...path, 'correlation'], message)];
  }
  const rank = correlation > 1 - tolerance ? 1 : correlation < least + tolerance ? tasks - 1 : tasks;
  return tooFewInputs(rank, inputs, path);
}

function tooFewInputs(rank: number, inputs: number, path: Path): Finding[] {
  if (rank <= inputs) return [];
  const message = `This correlation needs at least ${rank} inputs, but there are ${inputs}. Write \`inputs: ${rank}\` or more.`;
  return [error('too-few-inputs', [...path, 'inputs'], message, { suggestion: String(rank) })];
}

function checkMatrix(matrix: readonly (readonly number[])[], tasks: number, path: Path): Finding | undefined {
  const wrong = (message: string, at: Path = path) => error('correlation-matrix', at, message, { atKey: at === path });
  if (matrix.length !== tasks) {
    const counts = `The matrix has ${matrix.length} ${matrix.length === 1 ? 'row' : 'rows'}, but there are ${tasks} tasks`;
    return wrong(`${counts}. Write one row per task, or \`tasks: ${matrix.length}\`.`);
  }
  for (const [row, numbers] of matrix.entries()) {
    if (numbers.length !== tasks) {
      return wrong(`Row ${row + 1} has ${numbers.length} numbers. Write ${tasks}, one per task.`, [...path, row]);
    }
  }
  for (let row = 0; row < tasks; row++) {
    if (matrix[row][row] !== 1) {
      return wrong(`The cosine of task ${row + 1} to itself is 1. Write 1 here.`, [...path, row, row]);
    }
    for (let column = 0; column < row; column++) {
      const [here, there] = [matrix[row][column], matrix[column][row]];
      if (here === there) continue;
      const message = `Tasks ${column + 1} and ${row + 1} have the cosine ${there} above the diagonal and ${here} here. Write the same number.`;
      return wrong(message, [...path, row, column]);
    }
  }
  return undefined;
}

/** The rank of a positive semidefinite matrix, by a Cholesky factorisation with pivots; undefined where it is none. */
function semidefiniteRank(matrix: readonly (readonly number[])[]): number | undefined {
  const rest = matrix.map((row) => Float64Array.from(row));
  const left = new Set(rest.keys());
  let rank = 0;
  while (left.size > 0) {
    const pivot = [...left].reduce((best, index) => (rest[index][index] > rest[best][best] ? index : best));
    const size = rest[pivot][pivot];
    if (size < tolerance) break;
    left.delete(pivot);
    rank++;
    for (const row of left) {
      const factor = rest[row][pivot] / size;
      for (const column of left) rest[row][column] -= factor * rest[pivot][column];
    }
  }
  const remains = [...left].some((row) => [...left].some((column) => Math.abs(rest[row][column]) > tolerance * 100));
  return remains ? undefined : rank;
}
