import { measureByName, stepMeasuresOf, viewMeasuresOf, type MeasureDescription } from '../../relatedness';
import { isConstant, weightingByName } from '../../weighting';
import type { Experiment } from '../schema';
import { networkSize, stepSize, type DataSizes, type NetworkSize } from './network';

/** What one measure is about to cost. */
export interface MeasureEstimate {
  readonly measure: string;
  /** A few words: `≈ +3 % of training`. */
  readonly label: string;
  /** The same in as few words as there is room for behind a name: `≈ +3 %`. */
  readonly short: string;
  /** Markdown: the formula, and the same in the numbers of the experiment. */
  readonly explanation: string;
  /** Multiplications: of each measured step beside its own, or once in the end. */
  readonly multiplications?: number;
  /** Of those of training without it, 0.03 being 3 per cent. */
  readonly share?: number;
  /** Networks that are trained beside that of the run. */
  readonly trainings?: number;
}

/** Rows that are looked at in the end, at most, and those whose gradients make the Fisher information. */
const [heldOutRows, fisherRows, gradientRows] = [1024, 128, 512];
/** What the gradients of single rows are projected to. */
const projectedWidth = 64;

/**
 * The cost of the measures of an experiment, in their order, in multiplications of matrix products. Measures of which
 * it cannot be told are left out.
 * @param sizes Of its data; absent where that has not been read.
 */
export function estimateCosts(experiment: Experiment, sizes: DataSizes | undefined): readonly MeasureEstimate[] {
  // Each network of several has its own tasks and steps.
  if (sizes === undefined || experiment.groups !== undefined || sizes.tasks.length < 2) return [];
  const network = networkSize(experiment.model, sizes);
  return experiment.relatedness.measures.flatMap((name) => {
    const measure = measureByName(name);
    return measure === undefined ? [] : (estimateOf(measure, { experiment, sizes, network }) ?? []);
  });
}

interface Known {
  readonly experiment: Experiment;
  readonly sizes: DataSizes;
  readonly network: NetworkSize | undefined;
}

function estimateOf(measure: MeasureDescription, known: Known): MeasureEstimate | undefined {
  if (measure.cost.trainings) return byTraining(measure, measure.cost.trainings(known.sizes.tasks.length));
  if (viewMeasuresOf([measure.name]).length > 0) {
    const label = 'after each epoch, next to nothing';
    return { measure: measure.name, label, short: '≈ 0', explanation: `${measure.cost.formula}.` };
  }
  if (measure.moment === 'training') return ofSteps(measure, known);
  return measure.moment === 'trained' ? ofTrained(measure, known) : undefined;
}

function byTraining({ name, cost }: MeasureDescription, trainings: number): MeasureEstimate {
  return {
    measure: name,
    trainings,
    label: `${trainings} more trainings, at most ≈ ${trainings}× this run's time`,
    short: `${trainings} networks`,
    explanation: `${cost.formula}: ${trainings} networks, each of some of the tasks; so many times the run one after the other, less where they run side by side.`,
  };
}

function ofSteps({ name, cost }: MeasureDescription, known: Known): MeasureEstimate | undefined {
  const { experiment, sizes, network } = known;
  if (network === undefined || network.shared === 0) return undefined;
  const [measure] = stepMeasuresOf([name]);
  const { batchSize, stepsPerEpoch } = schedule(experiment, sizes);
  const step = stepSize(network, sizes, batchSize);
  const needs = measure.needs;
  const beside = besideStep(experiment, step);
  if (beside === undefined || (beside.free && needs !== 'gramian')) return undefined;
  if (beside.free) {
    return {
      measure: name,
      label: 'next to nothing: the weighting looks at the same gradients',
      short: '≈ 0',
      explanation: `${cost.formula}; but the weighting \`${experiment.training.weighting.name}\` has them anyway.`,
      share: 0,
      multiplications: 0,
    };
  }
  // By rows or by tasks, as the run chooses: not foretold here.
  if (sizes.pooled && needs === 'gramian') return undefined;
  const lookahead = needs === 'lookahead' ? sizes.tasks.length * step.forward : 0;
  const multiplications = step.gradients + step.products + lookahead;
  const measured = Math.ceil(stepsPerEpoch / experiment.relatedness.every);
  const share = (measured * multiplications) / (stepsPerEpoch * beside.step);
  return {
    measure: name,
    multiplications,
    share,
    label: `${addedText(share)} of training`,
    short: addedText(share),
    explanation: [
      `${cost.formula}, with $T = ${sizes.tasks.length}$ tasks, $n = ${batchSize}$ rows and $P = ${network.shared}$ shared parameters.`,
      `A step multiplies ${countText(beside.step)} times, a measured one ${countText(multiplications)} times more; ` +
        `${measured} of the ${stepsPerEpoch} steps of an epoch are measured: +${shareText(share)}.`,
      'Counted are the multiplications of matrix products; the time of small networks goes elsewhere, too. Measures that look at the same gradients share them.',
    ].join('\n\n'),
  };
}

/** What a step multiplies without measures, and whether its weighting has what the Gramian is made of. */
function besideStep(
  { training }: Experiment,
  { plain, evaluation, gradients, products }: ReturnType<typeof stepSize>,
): { readonly step: number; readonly free: boolean } | undefined {
  const method = weightingByName(training.weighting.name);
  if (method === undefined) return undefined;
  if (isConstant(method)) return { step: plain, free: false };
  if (method.observes !== undefined) return undefined;
  if (method.needs === 'losses') return { step: plain + evaluation, free: false };
  return training.gradientsAt === 'representation' ? undefined : { step: plain + gradients + products, free: true };
}

function schedule({ training }: Experiment, { streams }: DataSizes) {
  const most = Math.max(...streams.map(({ trainRows }) => trainRows));
  const batchSize = Math.min(training.batchSize, most);
  return { batchSize, stepsPerEpoch: Math.ceil(most / batchSize) };
}

function ofTrained({ name, cost }: MeasureDescription, known: Known): MeasureEstimate | undefined {
  const { sizes, network } = known;
  if (network === undefined) return undefined;
  const held = sizes.streams.reduce((sum, { heldOutRows: rows }) => Math.max(sum, rows), 0);
  const fisher = name === 'fisher-distance' || name === 'task2vec-distance';
  const reads = name === 'prediction-share' || name === 'loss-reliance';
  const linearised = name === 'grad-tae';
  // Steps are fitted to training rows, and their losses found on others.
  const looked = linearised ? Math.max(...sizes.streams.map(({ trainRows }) => trainRows)) : held;
  const rows = Math.min(looked, linearised ? gradientRows : fisher ? fisherRows : heldOutRows);
  const parameters = reads ? Math.round(stepSize(network, sizes, 1).evaluation) : network.shared;
  const classes = Math.max(...sizes.tasks.map(({ outputs }) => outputs));
  const features = linearised ? projectedWidth : name === 'leep' ? classes : network.representation;
  if (rows === 0 || ((fisher || linearised) && parameters === 0)) return undefined;
  const size = { tasks: sizes.tasks.length, rows, features, parameters };
  const multiplications = cost.multiplications(size);
  const training = trainingSize(known, network);
  const share = training === undefined ? undefined : multiplications / training;
  return {
    measure: name,
    multiplications,
    ...(share !== undefined && { share }),
    label:
      share === undefined
        ? `once, ≈ ${countText(multiplications)} multiplications`
        : `once, ${addedText(share)} of training`,
    short: share === undefined ? 'once' : `once ${addedText(share)}`,
    explanation: `${cost.formula}, with $T = ${size.tasks}$, $n = ${rows}$, $d = ${features}$ and $P = ${parameters}$: ${countText(multiplications)} multiplications, once, when the network is trained.`,
  };
}

/** What all epochs multiply without measures, should training not stop early. */
function trainingSize({ experiment, sizes }: Known, network: NetworkSize): number | undefined {
  const { batchSize, stepsPerEpoch } = schedule(experiment, sizes);
  const beside = besideStep(experiment, stepSize(network, sizes, batchSize));
  return beside && beside.step * stepsPerEpoch * experiment.training.epochs;
}

function addedText(share: number): string {
  return share < 0.001 ? '< 0.1 %' : `≈ +${shareText(share)}`;
}

/** Such as `3 %`, `0.4 %`, `260 %`. */
export function shareText(share: number): string {
  const percent = 100 * share;
  return percent < 0.1 ? 'less than 0.1 %' : `${Number(percent.toPrecision(percent < 100 ? 2 : 3))} %`;
}

/** Such as `940`, `3.2 million`. */
export function countText(count: number): string {
  const [unit, word] = (
    [
      [1e9, ' billion'],
      [1e6, ' million'],
      [1, ''],
    ] as const
  ).find(([size]) => count >= size) ?? [1, ''];
  const value = count / unit;
  return `${unit === 1 ? Math.round(value) : Number(value.toPrecision(2))}${word}`;
}
