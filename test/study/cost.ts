import { measureByName, stepMeasuresOf } from '../../src/relatedness';
import { batchSize, experimentOf, others, sizeOf, usual, type Point, type Setting } from './points';
import type { Section } from './report';
import { trainRuns, type TrainedRun } from './trainRuns';

/** What a measure costs beside the training of the same network without it; 0.1 is a tenth. */
export interface Cost {
  readonly measure: string;
  /** The multiplications that its description states, over those of training. */
  readonly multiplications: number;
  /** Seconds of the fastest run that records it alone, over those of the fastest that records nothing, less 1. */
  readonly seconds: number;
  /** Of the latter. */
  readonly trainingSeconds: number;
}

/** As often as where an experiment says nothing else. */
const every = 10;
const point: Point = { structure: 'clusters', labels: 'two classes', sines: true, noise: 1, rows: 8000 };

/**
 * Trains each network without measures and with each of its measures alone. Runs are trained one at a time and in rounds,
 * so that what the machine does beside it falls on all.
 */
export async function measureCosts(
  trainScript: string,
  rounds: number,
  wanted: (measure: string) => boolean,
): Promise<readonly Cost[]> {
  const costs: Cost[] = [];
  for (const known of [usual, ...others.filter(({ note }) => note === undefined)]) {
    const setting = { ...known, measures: known.measures.filter(wanted) };
    if (setting.measures.length === 0) continue;
    const orders = [[], ...setting.measures.map((measure) => [measure])];
    const experiments = Array.from({ length: rounds }, () =>
      orders.map((recorded) => experimentOf(point, { ...setting, every }, recorded, 1)),
    );
    const runs = await trainRuns(experiments.flat(), { trainScript, atOnce: 1 });
    const ofOrder = (order: number) => runs.filter((_, index) => index % orders.length === order);
    setting.measures.forEach((measure, index) => costs.push(costOf(measure, setting, ofOrder(0), ofOrder(index + 1))));
  }
  return costs;
}

function costOf(
  measure: string,
  setting: Setting,
  plain: readonly TrainedRun[],
  measured: readonly TrainedRun[],
): Cost {
  const [{ parameters, step }] = plain;
  const isOfSteps = stepMeasuresOf([measure]).length > 0;
  const multiplications = measureByName(measure)!.cost.multiplications(sizeOf(point, setting, measure));
  // Forward once and backward about twice, for each row and parameter.
  const training = 3 * step * batchSize * parameters;
  return {
    measure,
    multiplications: (multiplications * (isOfSteps ? step / every : 1)) / training,
    seconds: fastest(measured) / fastest(plain) - 1,
    trainingSeconds: fastest(plain),
  };
}

/** What else the machine does only ever makes a run slower. */
function fastest(runs: readonly TrainedRun[]): number {
  return Math.min(...runs.map(({ seconds }) => seconds));
}

export function costSection(costs: readonly Cost[]): Section {
  const seconds = costs.map(({ trainingSeconds }) => trainingSeconds);
  return {
    title: 'Cost',
    text: `Of recording one measure, relative to training without it: ${point.rows.toLocaleString('en')} rows, 8 tasks, two classes; steps measured at every 10th; runs of ${Math.min(...seconds).toFixed(1)} to ${Math.max(...seconds).toFixed(1)} s, one at a time, the fastest of each.`,
    columns: ['measure', 'multiplications', 'seconds'],
    rows: [...costs]
      .sort((one, other) => one.multiplications - other.multiplications)
      .map(({ measure, multiplications, seconds: more }) => [measure, percent(multiplications), percent(more)]),
  };
}

function percent(share: number): string {
  const value = 100 * share;
  return `${value.toFixed(Math.abs(value) < 1 ? 2 : 0)} %`;
}
