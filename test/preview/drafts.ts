import type { ExperimentInput, Experiment } from '../../src/experiment/schema';
import { sharings } from '../../src/experiment/sharing';
import { measures } from '../../src/relatedness';
import { weightings } from '../../src/weighting';
import { draftExperiment, draftTaskSet, type StreamDraft } from '../model/taskSets';
import { withRows } from '../training/stepping';

export const everyMeasure = measures.map(({ name }) => name);
export const everySharing = sharings.map(({ name }) => name);

const number = { kind: 'regression' as const };
const yesNo = { kind: 'binary' as const, classes: ['no', 'yes'] };
const colour = { kind: 'multiclass' as const, classes: ['red', 'green', 'blue'] };
const oneTable: readonly StreamDraft[] = [{ tasks: [number, number, yesNo, yesNo, colour], inputs: 12 }];
const ownTables: readonly StreamDraft[] = [2, 1].map((tasks) => ({
  tasks: Array.from({ length: tasks }, () => yesNo),
  inputs: 6 + tasks,
  encoder: { layers: [8], activation: 'relu' as const, dropout: 0 },
}));

/** Task sets by what they are called. */
export const tables = {
  'one table': withRows(draftTaskSet(oneTable), { train: 64, validation: 24 }),
  'tables of their own': withRows(draftTaskSet(ownTables), { train: 64, validation: 24 }),
};

type Parts = Pick<ExperimentInput, 'model' | 'training' | 'relatedness'>;
type Sharing = (typeof everySharing)[number];

/** An experiment with that sharing, on which every measure is asked for unless others are given. */
export function experimentWith(sharing: Sharing, { training, relatedness }: Omit<Parts, 'model'> = {}): Experiment {
  return draftExperiment({
    model: { sharing, encoder: { layers: [16, 8] }, head: { layers: [4] } },
    training: { batchSize: 32, epochs: 5, ...training },
    relatedness: { measures: everyMeasure, ...relatedness },
  });
}

/** A weighting method for each way to look at a step. */
export const looks = [
  ...new Map(
    weightings
      .filter(({ name }) => name !== 'fixed')
      .map(({ name, needs, ...method }) => {
        const { observes, follows } = { observes: undefined, follows: undefined, ...method };
        return [[needs, observes, follows].join(' '), [name, needs] as const];
      }),
  ).values(),
];
