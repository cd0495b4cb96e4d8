import { describe, expect, test } from 'vitest';
import { createRandom, shuffle, type Random } from '../../src/common/random';
import { weightings, type AnyWeighting } from '../../src/weighting';
import { directions } from '../../src/weighting/solvers/directions';
import { eigen } from '../../src/common/linear/eigen';
import { gramianOf } from '../../src/common/linear/matrix';
import { methodNamed, norm, product, weighStep, type Step } from './step';

/** Options that change a method's way; each is tried as often as the defaults. */
const variants: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  uncertainty: [{ descent: 'sgd', learningRate: 1 }],
  'imtl-l': [{ descent: 'sgd', learningRate: 1 }],
  rlw: [
    { distribution: 'uniform' },
    { distribution: 'dirichlet' },
    { distribution: 'bernoulli' },
    { distribution: 'single' },
  ],
  stch: [{ mu: 0.01, warmUp: 0 }],
  gradnorm: [{ descent: 'sgd' }, { alpha: 0 }],
  mgda: [{ normalise: 'l2' }, { normalise: 'loss' }, { normalise: 'loss+' }],
  cagrad: [{ c: 0, rescale: 0 }, { c: 1, rescale: 2 }, { c: 3 }],
  'nash-mtl': [{ maxNorm: 0 }],
  'aligned-mtl': [{ scale: 'median' }, { scale: 'rmse' }],
  fairgrad: [{ alpha: 0.5 }, { alpha: 2 }, { alpha: 10 }],
  graddrop: [{ leak: 0.3 }],
  'db-mtl': [{ beta: 0 }],
  moco: [{ rho: 1, gamma: 10 }],
  modo: [{ gamma: 1 }],
  sdmgrad: [{ iterations: 2 }],
};

/**
 * Where a method answers rounding itself, so that nothing can be said of the order or scale of tasks: sdmgrad's twenty long steps
 * multiply it by about four each time, modo's step by the square of the gradients,
 * nearly dependent gradients have two answers, and an unfair step for far shorter gradients is below rounding.
 */
const unresolved: Readonly<Record<string, (trial: Trial) => boolean>> = {
  sdmgrad: ({ options }) => options?.iterations !== 2,
  modo: ({ gradients }) => gradients.some((row) => norm(row) > 1e3),
  config: (trial) => nearlyDependent(trial),
  'imtl-g': (trial) => nearlyDependent(trial),
  fairgrad: ({ gradients, options }) => options?.alpha !== undefined && spread(gradients) > 1e6,
};

/** The longest over the shortest that is not zero. */
function spread(gradients: readonly (readonly number[])[]): number {
  const norms = gradients.map(norm).filter((length) => length > 0);
  return Math.max(...norms) / Math.min(...norms);
}

/** Whether it is open if gradients are dependent: the smallest eigenvalue of the cosines is nearly none. */
function nearlyDependent(trial: Trial): boolean {
  const values = spectrum(trial);
  return values.some((value) => value < 1e-7 * values[0] && value > 1e-15 * values[0]);
}

/** Eigenvalues of the cosines, descending. */
function spectrum({ gradients, present }: Trial): Float64Array {
  const rows = gradients.filter((row, task) => present[task] && norm(row) > 0);
  return eigen(directions(gramianOf(rows), rows.length).cosines, rows.length).values;
}

interface Trial extends Step {
  readonly gradients: readonly (readonly number[])[];
  readonly losses: readonly number[];
  readonly present: readonly boolean[];
}

const exponent = (random: Random, size: number) => 10 ** (size * (2 * random.uniform() - 1));

/** Gradients of any rank and size, among them zero, equal and opposite ones, and tasks without a batch. */
function randomTrial(random: Random, count = 1 + random.integer(10)): Trial {
  const length = 1 + random.integer(12);
  const scale = random.uniform() < 0.5 ? 1 : exponent(random, 15);
  const uneven = random.uniform() < 0.3 ? 15 : 0;
  const special = random.uniform() < 0.5 ? 0.3 : 0;
  const rows: number[][] = [];
  for (let task = 0; task < count; task++) {
    const size = uneven > 0 ? exponent(random, uneven) : scale;
    const fresh = Array.from({ length }, () => size * random.normal());
    const kind = random.uniform() < special ? random.integer(3) : -1;
    const earlier = rows[random.integer(Math.max(1, task))] ?? fresh;
    rows.push([fresh.map(() => 0), [...earlier], earlier.map((value) => -value)][kind] ?? fresh);
  }
  const missing = random.uniform() < 0.3 ? 0.3 : 0;
  const certain = random.integer(count);
  const present = rows.map((_, task) => task === certain || random.uniform() >= missing);
  const lossSize = random.uniform() < 0.5 ? 1 : 15;
  const loss = () => (random.uniform() < 0.02 ? 0 : exponent(random, lossSize));
  return {
    gradients: rows.map((row, task) => (present[task] ? row : row.map(() => 0))),
    losses: rows.map((_, task) => (present[task] ? loss() : NaN)),
    present,
    history: Array.from({ length: random.integer(4) }, () => rows.map(() => (random.uniform() < 0.1 ? null : loss()))),
    epoch: random.integer(8),
    step: random.integer(5),
  };
}

/** Sum of the lengths of what is added up: what rounding is measured by. */
function reach({ gradients }: Step, weights: readonly number[]): number {
  return weights.reduce((total, weight, task) => total + Math.abs(weight) * norm(gradients[task]), 0);
}

function checkFinite(weighing: ReturnType<typeof weighStep>): void {
  const { weights, followed, state } = weighing;
  if (!weights.every(Number.isFinite)) throw new Error(`weights ${weights.join(', ')}`);
  if (!followed.every(Number.isFinite)) throw new Error('a step that is not finite');
  if (JSON.stringify(state).includes('null') && hasNumber(state)) {
    throw new Error(`a state that JSON cannot hold: ${JSON.stringify(state)}`);
  }
}

/** Whether a number in it is not finite, which JSON writes as null. */
function hasNumber(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasNumber);
}

function checkConstraint({ weights: kind }: AnyWeighting, weights: readonly number[]): void {
  if (kind === 'any') return;
  if (weights.some((weight) => weight < 0)) throw new Error(`a negative weight: ${weights.join(', ')}`);
  if (kind === 'non-negative') return;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const wanted = kind === 'simplex' ? 1 : weights.length;
  if (Math.abs(total - wanted) > 1e-9 * wanted) throw new Error(`weights that sum to ${total}, not ${wanted}`);
}

function checkNoConflict(
  method: AnyWeighting,
  trial: Trial,
  { weights, followed }: ReturnType<typeof weighStep>,
): void {
  if (method.conflict === 'possible') return;
  if (method.conflict === 'never-if-independent' && !independent(trial)) return;
  const size = reach(trial, weights);
  trial.gradients.forEach((row, task) => {
    const gain = product(row, followed);
    if (gain < -1e-9 * norm(row) * size)
      throw new Error(`the loss of task ${task} rises by ${-gain / norm(row) / size}`);
  });
}

function independent(trial: Trial): boolean {
  const values = spectrum(trial);
  return values.every((value) => value > 1e-6);
}

function checkOrder(method: AnyWeighting, trial: Trial, weighed: ReturnType<typeof weighStep>, random: Random): void {
  if (method.orderMatters || unresolved[method.name]?.(trial)) return;
  const order = shuffle([...trial.losses.keys()], random);
  const turned = <T>(values: readonly T[]) => order.map((task) => values[task]);
  const other = weighStep(method, {
    ...trial,
    tasks: order.map((task) => String.fromCodePoint(97 + task)),
    gradients: turned(trial.gradients),
    losses: turned(trial.losses),
    present: turned(trial.present),
    history: trial.history?.map(turned),
  });
  const difference = norm(weighed.followed.map((value, k) => value - other.followed[k]));
  const turnedReach = reach({ gradients: turned(trial.gradients) }, other.weights);
  const size = Math.max(reach(trial, weighed.weights), turnedReach, norm(weighed.followed));
  // From inner products no angle below about 1e-8 is seen, and near that the solution is as uncertain.
  if (difference > 1e-5 * size)
    throw new Error(`another step in order ${order.join(', ')}: off by ${difference / size}`);
}

function tryOnce(method: AnyWeighting, trial: Trial, random: Random): void {
  const first = weighStep(method, trial);
  checkFinite(first);
  checkConstraint(method, first.weights);
  checkNoConflict(method, trial, first);
  checkOrder(method, trial, first, random);
}

/** Goes on from a state that has seen something else, in which the tasks are no longer alike. */
function goOn(method: AnyWeighting, before: Trial, random: Random): void {
  const first = weighStep(method, before);
  const state: unknown = JSON.parse(JSON.stringify(first.state));
  const next = randomTrial(random, before.losses.length);
  const length = before.gradients[0].length;
  const gradients = next.gradients.map((row) => Array.from({ length }, (_, k) => row[k % row.length]));
  const {
    weights,
    followed,
    state: last,
  } = weighStep(method, { ...next, gradients, state, memory: first.memory, step: 1 });
  checkFinite({ weights, followed, state: last });
  checkConstraint(method, weights);
  const observed = method.observe?.({
    tasks: next.losses.map(String),
    present: next.present,
    options: method.options.parse({}),
    state: last,
    values: next.losses,
  });
  if (hasNumber(observed)) throw new Error(`a state that is not finite after observing: ${JSON.stringify(observed)}`);
}

describe.each(weightings.map(({ name }) => ({ name })))('$name', ({ name }) => {
  const method = methodNamed(name);
  const choices = [{}, ...(variants[name] ?? [])];

  test('ten thousand random steps', () => {
    const random = createRandom(7, name);
    for (let index = 0; index < 10_000; index++) {
      const options = choices[index % choices.length];
      const trial = { ...randomTrial(random), options };
      try {
        tryOnce(method, trial, random);
        if (index % 5 === 0) goOn(method, trial, random);
      } catch (error) {
        throw new Error(`trial ${index} with ${JSON.stringify(trial)}`, { cause: error });
      }
    }
  });

  test('fifty tasks, and one', () => {
    const random = createRandom(8, name);
    for (const count of [50, 50, 50, 50, 50, 1, 1]) tryOnce(method, randomTrial(random, count), random);
    const alone = weighStep(method, { gradients: [[3, 4]], losses: [2] });
    expect(product(alone.followed, [3, 4])).toBeGreaterThan(0);
  });
});

/** The power of the scale that the weights follow when all gradients are scaled alike. */
const homogeneous = [
  ...['mgda', 'pcgrad', 'gradvac', 'cagrad', 'imtl-g', 'aligned-mtl', 'upgrad', 'dualproj', 'config'].map((name) => ({
    name,
    power: 0,
    options: {},
  })),
  { name: 'sdmgrad', power: 0, options: { iterations: 2 } },
  { name: 'mgda', power: -1, options: { normalise: 'l2' } },
  { name: 'mgda', power: -1, options: { normalise: 'loss+' } },
  { name: 'nash-mtl', power: -1, options: {} },
  { name: 'nash-mtl', power: -1, options: { maxNorm: 0 } },
  { name: 'fairgrad', power: -4 / 3, options: { alpha: 2 } },
];

test.each(homogeneous)(
  '$name $options: scaled gradients scale the weights by power $power',
  ({ name, power, options }) => {
    const random = createRandom(9, name);
    for (let index = 0; index < 500; index++) {
      const trial = { ...randomTrial(random), options, taskOrder: undefined, random: createRandom(1) };
      if (unresolved[name]?.(trial)) continue;
      const factor = 2 ** (random.integer(61) - 30);
      const gradients = trial.gradients.map((row) => row.map((value) => value * factor));
      const one = weighStep(methodNamed(name), trial);
      const other = weighStep(methodNamed(name), { ...trial, gradients, random: createRandom(1) });
      const back = 1 / factor ** (1 + power);
      const size = Math.max(reach(trial, one.weights), back * reach({ gradients }, other.weights));
      const off = one.followed.map((value, k) => value - other.followed[k] * back);
      expect(norm(off)).toBeLessThanOrEqual(1e-6 * size);
    }
  },
);

test('every weight of a variant table names a method', () => {
  for (const name of Object.keys(variants)) expect(methodNamed(name).name).toBe(name);
});
