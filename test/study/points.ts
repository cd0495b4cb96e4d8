import { signalDeviation, trueRelatedness } from '../../src/data/generators/trueRelatedness';
import { relatedRegressionsSchema } from '../../src/experiment/dataSchema';
import { experimentSchema, type Experiment, type ExperimentInput } from '../../src/experiment/schema';
import { measures, stepMeasuresOf, type MeasureDescription, type MeasureSize } from '../../src/relatedness';
import { drawCorrelation, type StructureName } from './structures';

export const labelKinds = ['numbers', 'two classes', 'four classes'] as const;
export type LabelKind = (typeof labelKinds)[number];

/** Data of known relatedness. */
export interface Point {
  readonly structure: StructureName;
  readonly labels: LabelKind;
  /** Whether the tasks have sines or are linear. */
  readonly sines: boolean;
  /** Standard deviation of what cannot be predicted over that of what can. */
  readonly noise: number;
  /** Rows in all: four fifths are for training, the rest for validation. */
  readonly rows: number;
}

const tasks = 8;
const inputs = 20;
export const batchSize = 64;
const encoder = [64, 32];
const headLayer = 16;
const experts = 4;
const vectorSize = 8;
/** Rows that runs look at for measures of trained models, at most, and for the Fisher information. */
const inspectedRows = 1024;
const fisherRows = 128;
/** Training steps, about, whatever the number of rows. */
const steps = 600;

/** A network that shows what some measures look at. */
export interface Setting {
  readonly model: ExperimentInput['model'];
  readonly measures: readonly string[];
  /** Steps between two measurements. */
  readonly every: number;
  /** Whether the first epoch is looked at by itself, too. */
  readonly firstEpoch?: boolean;
  /** What tells its figures from those of the same measures in another setting. */
  readonly note?: string;
}

const head = { layers: [headLayer] };
const names = (some: readonly { readonly name: string }[]) => some.map(({ name }) => name);
const trainsMore = ({ cost }: MeasureDescription) => cost.trainings !== undefined;
const contributions = ['prediction-share', 'loss-reliance'];
const shownElsewhere = ['mtrl-correlation', 'usage-similarity', 'embedding-cosine', ...contributions];

/** Hard sharing, which shows most. A short training that looks at every step looks as often as a long one at every tenth. */
export const usual: Setting = {
  model: { encoder: { layers: encoder }, head },
  measures: names(measures.filter((measure) => !trainsMore(measure))).filter((name) => !shownElsewhere.includes(name)),
  every: 1,
  firstEpoch: true,
};

/** The same with measures for which runs train more networks. */
export const byTraining: Setting = {
  model: usual.model,
  measures: names(measures.filter(trainsMore)),
  every: 10,
};

/** Networks for what hard sharing does not show, and steps measured more rarely. */
export const others: readonly Setting[] = [
  {
    ...usual,
    measures: names(measures.filter((measure) => stepMeasuresOf([measure.name]).length > 0)),
    every: 10,
    firstEpoch: false,
    note: 'every 10th step',
  },
  { model: { encoder: { layers: encoder } }, measures: ['mtrl-correlation'], every: 1 },
  { model: { encoder: { layers: [] } }, measures: ['mtrl-correlation'], every: 1, note: 'no trunk' },
  {
    model: { sharing: { name: 'mmoe', experts }, encoder: { layers: encoder }, head },
    measures: ['usage-similarity', ...contributions],
    every: 1,
  },
  {
    model: { sharing: { name: 'cross-stitch' }, encoder: { layers: encoder }, head },
    measures: contributions,
    every: 1,
    note: 'cross-stitch',
  },
  {
    model: { sharing: { name: 'task-embedding', size: vectorSize }, encoder: { layers: encoder }, head },
    measures: ['embedding-cosine'],
    every: 1,
  },
];

const classCounts: Readonly<Record<LabelKind, number | undefined>> = {
  numbers: undefined,
  'two classes': 2,
  'four classes': 4,
};
const kinds = { numbers: 'regression', 'two classes': 'binary', 'four classes': 'multiclass' } as const;

/** The generated data of a replicate: its seed draws the truth and the rows. */
function dataOf({ structure, labels, sines, noise, rows }: Point, seed: number) {
  const nonlinearity = sines ? 1 : 0;
  return relatedRegressionsSchema.parse({
    ...{ generate: 'related-regressions', tasks, inputs, rows, nonlinearity, seed },
    correlation: drawCorrelation(structure, tasks, seed),
    noise: noise * signalDeviation(nonlinearity),
    split: { train: 0.8, validation: 0.2, test: 0, seed },
    ...(classCounts[labels] !== undefined && { classes: classCounts[labels] }),
  });
}

/** The truth that a replicate's matrices are held against. */
export function truthOf(point: Point, seed: number): number[][] {
  return trueRelatedness(dataOf(point, seed));
}

/** @param recorded The measures. */
export function experimentOf(
  point: Point,
  { model, every }: Setting,
  recorded: readonly string[],
  seed: number,
): Experiment {
  const targets = Array.from({ length: tasks }, (_, task) => `y${task + 1}`);
  return experimentSchema.parse({
    name: 'Relatedness study',
    data: dataOf(point, seed),
    tasks: Object.fromEntries(targets.map((target) => [target, { target, kind: kinds[point.labels] }])),
    model,
    training: {
      epochs: Math.max(1, Math.round(steps / stepsAnEpoch(point))),
      batchSize,
      seeds: [seed],
      optimizer: { name: 'adam', learningRate: 0.003 },
    },
    relatedness: { measures: [...recorded], every },
    // The same engine everywhere, so that the figures are the same.
    engine: 'wasm',
  });
}

/** How large the things are that a measure looks at, for what it says of its cost. */
export function sizeOf({ rows }: Point, { model }: Setting, measure: string): MeasureSize {
  const units = [inputs, ...(model?.encoder?.layers ?? encoder)];
  const layers = units.slice(1).reduce((sum, width, layer) => sum + (units[layer] + 1) * width, 0);
  const widths: Readonly<Record<string, number>> = { 'usage-similarity': experts, 'embedding-cosine': vectorSize };
  const ofSteps = stepMeasuresOf([measure]).length > 0;
  return {
    tasks,
    rows: ofSteps ? batchSize : measure.endsWith('distance') ? fisherRows : Math.min(inspectedRows, 0.2 * rows),
    features: widths[measure] ?? model?.head?.layers?.at(-1) ?? units.at(-1)!,
    parameters: layers,
  };
}

function stepsAnEpoch({ rows }: Point): number {
  return Math.ceil((0.8 * rows) / batchSize);
}
