import { createRandom } from '../../common/random';
import type { Random } from '../../common/random';
import type { TwoModalities } from '../../experiment/dataSchema';
import { numericColumn } from '../table';
import type { Table } from '../table';

const classes = 10;
const latentSize = 10;
const hiddenSize = 64;
const prototypeDeviation = 1.5;
const observationDeviation = 0.5;

/**
 * Ten classes seen through one modality. A row is a point of a hidden space: the prototype of its class plus normal
 * noise of deviation `noise`. What is seen of it is a fixed smooth map of the modality, `B tanh(A z + c)`, plus a
 * little noise of its own. Prototypes and maps do not depend on `seed`, so that two modalities, or two seeds of one,
 * always share the hidden structure; `seed` draws classes and rows alone. Classes are drawn with equal chances.
 */
export function generateTwoModalities(data: TwoModalities): Table {
  const prototypes = normalMatrix(
    classes,
    latentSize,
    prototypeDeviation,
    createRandom(0, 'two-modalities prototypes'),
  );
  const see = modalityMap(data.modality, data.inputs);
  const random = createRandom(data.seed, `two-modalities ${data.modality} rows`);
  const inputs = Array.from({ length: data.inputs }, () => new Float64Array(data.rows));
  const labels = new Float64Array(data.rows);
  const latent = new Float64Array(latentSize);
  for (let row = 0; row < data.rows; row++) {
    const label = random.integer(classes);
    labels[row] = label;
    for (let index = 0; index < latentSize; index++)
      latent[index] = prototypes[label][index] + data.noise * random.normal();
    const seen = see(latent);
    for (let input = 0; input < data.inputs; input++) {
      inputs[input][row] = seen[input] + observationDeviation * random.normal();
    }
  }
  const columns = [
    ...inputs.map((values, input) => numericColumn(`x${input + 1}`, values)),
    numericColumn('class', labels),
  ];
  return { rows: data.rows, columns };
}

/** From a point of the hidden space to its inputs, before noise. The first inputs stay the same when there are more. */
function modalityMap(modality: string, inputs: number): (latent: Float64Array) => Float64Array {
  const random = createRandom(0, `two-modalities ${modality} map`);
  const inner = normalMatrix(hiddenSize, latentSize, 1 / Math.sqrt(latentSize), random);
  const shift = Float64Array.from({ length: hiddenSize }, () => random.normal());
  const outer = normalMatrix(inputs, hiddenSize, 1 / Math.sqrt(hiddenSize), random);
  return (latent) => {
    const hidden = inner.map((row, unit) => Math.tanh(dot(row, latent) + shift[unit]));
    return Float64Array.from(outer, (row) => dot(row, hidden));
  };
}

function normalMatrix(rows: number, columns: number, deviation: number, random: Random): Float64Array[] {
  return Array.from({ length: rows }, () => Float64Array.from({ length: columns }, () => deviation * random.normal()));
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index] * b[index];
  return sum;
}
