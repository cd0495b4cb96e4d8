import type { MeasureEstimate } from '../experiment/measureEstimate';
import { trainedMeasuresOf, type MeasureDescription, type MeasureSize, type TrainedMeasure } from '../relatedness';
import { inspectionOf } from '../training/inspection';
import { projectedWidth } from '../training/linearisedTasks';
import { sharedCount, trainingWork, type Network } from './network';
import { plainWork, times, total, type Work } from './work';
import { acrossNetworks, countText, shortOf } from './wording';

/** What a measure of the trained model costs. @param measuring Those of the networks that measure it. */
export function estimateOfTrained(
  { name, cost }: MeasureDescription,
  measuring: readonly Network[],
  networks: readonly Network[],
): MeasureEstimate {
  const [measure] = trainedMeasuresOf([name]);
  const work = total(measuring.map((network) => inspectionWork(network, measure)));
  const share = work.nanoseconds / total(networks.map(trainingWork)).nanoseconds;
  return {
    measure: name,
    multiplications: work.multiplications,
    share,
    label: `once, ${shortOf(share)} of training`,
    short: `once ${shortOf(share)}`,
    explanation: [
      networks.length === 1
        ? numbers(cost.formula, sizeOf(networks[0], measure))
        : `${cost.formula}. ${acrossNetworks(measuring.length)}`,
      `${countText(work.multiplications)} multiplications, once, when training has ended. The share is of the time of all epochs: part of this is plain code, which takes longer for each.`,
    ].join('\n\n'),
  };
}

function inspectionWork(network: Network, measure: TrainedMeasure): Work {
  const { calls } = inspectionOf(network.model, measure);
  const compiled = calls.map((call) => times(network.programs(call.name, []), call.times));
  return total([...compiled, ...inPlainCode(measure, sizeOf(network, measure))]);
}

/** What is left to do with what the programs have given. */
function inPlainCode({ needs, cost }: TrainedMeasure, size: MeasureSize): readonly Work[] {
  const { tasks, rows, features, parameters } = size;
  const gradients = tasks * rows * parameters;
  const seen = plainWork(tasks * rows * features, 'number');
  switch (needs) {
    case 'contributions':
      return [plainWork((tasks + 1) * tasks * rows, 'number')];
    case 'fisher':
      return [plainWork(gradients, 'number'), plainWork(cost.multiplications({ ...size, rows: 0 }))];
    case 'linearised tasks':
      return [
        plainWork(gradients, 'projected'),
        plainWork(cost.multiplications({ ...size, parameters: 0 }), 'product'),
      ];
    case 'representations':
      return [seen, plainWork(cost.multiplications(size), 'product')];
    default:
      return [seen, plainWork(cost.multiplications(size))];
  }
}

function sizeOf(network: Network, measure: TrainedMeasure): MeasureSize {
  const { groups, order } = network.model;
  const widths = groups.map(({ units, inputs }) => units.at(-2) ?? inputs);
  const classes = groups.map(({ kind, outputs }) => (kind === 'binary' ? 2 : outputs));
  const { needs } = measure;
  const features =
    needs === 'linearised tasks' ? [projectedWidth] : needs === 'probabilities and labels' ? classes : widths;
  return {
    tasks: order.length,
    rows: inspectionOf(network.model, measure).rows,
    features: Math.max(...features),
    parameters: sharedCount(network),
  };
}

function numbers(formula: string, { tasks, rows, features, parameters }: MeasureSize): string {
  return `${formula}, with $T = ${tasks}$, $n = ${rows}$, $d = ${features}$ and $P = ${parameters}$.`;
}
