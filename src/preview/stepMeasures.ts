import type { MeasureEstimate } from '../experiment/measureEstimate';
import { stepMeasuresOf, type MeasureDescription, type StepMeasure } from '../relatedness';
import { sharedCount, stepWork, trainingWork, type Network } from './network';
import { beyond, plainWork, times, total, type Work } from './work';
import { acrossNetworks, countText, shortOf } from './wording';

/** What a measure of single steps costs. @param measuring Those of the networks that measure it. */
export function estimateOfSteps(
  { name, cost }: MeasureDescription,
  measuring: readonly Network[],
  networks: readonly Network[],
): MeasureEstimate {
  const [measure] = stepMeasuresOf([name]);
  const added = measuring.map((network) => addedWork(network, measure));
  const perRun = measuring.map((network, place) => times(added[place], measuredSteps(network) * epochsOf(network)));
  const share = total(perRun).nanoseconds / total(networks.map(trainingWork)).nanoseconds;
  const multiplications = total(added).multiplications;
  if (multiplications === 0) {
    const { weighting } = measuring[0].experiment.training;
    return {
      measure: name,
      label: 'next to nothing: the weighting looks at the same gradients',
      short: shortOf(0),
      explanation: `${cost.formula}; but the weighting \`${weighting.name}\` has them anyway.`,
      share: 0,
      multiplications,
    };
  }
  return {
    measure: name,
    multiplications,
    share,
    label: `${shortOf(share)} of training`,
    short: shortOf(share),
    explanation: [
      ...(networks.length === 1
        ? numbers(cost.formula, networks[0], added[0])
        : [`${cost.formula}.`, acrossNetworks(measuring.length)]),
      'Multiplications are those of the compiled steps; the share is of the time that they take about. Measures that look at the same gradients share them.',
    ].join('\n\n'),
  };
}

/** Of one measured step, beside a step that is not. */
function addedWork(network: Network, { needs, cost }: StepMeasure): Work {
  const compiled = beyond(stepWork(network, [needs]), stepWork(network, []));
  if (needs !== 'gradients') return compiled;
  // The gradients themselves leave the engine, and are compared in plain code.
  const tasks = network.model.order.length;
  const size = { tasks, rows: 0, features: 0, parameters: sharedCount(network) };
  return total([
    compiled,
    plainWork(tasks * size.parameters, 'number'),
    plainWork(cost.multiplications(size), 'product'),
  ]);
}

function measuredSteps({ experiment, stepsPerEpoch }: Network): number {
  return Math.ceil(stepsPerEpoch / experiment.relatedness.every);
}

function epochsOf({ experiment }: Network): number {
  return experiment.training.epochs;
}

function numbers(formula: string, network: Network, added: Work): readonly string[] {
  const { model, batchSize, stepsPerEpoch } = network;
  return [
    `${formula}, with $T = ${model.order.length}$ tasks, $n = ${batchSize}$ rows and $P = ${sharedCount(network)}$ shared parameters.`,
    `A step multiplies ${countText(stepWork(network, []).multiplications)} times, a measured one ${countText(added.multiplications)} times more; ` +
      `${measuredSteps(network)} of the ${stepsPerEpoch} steps of an epoch are measured.`,
  ];
}
