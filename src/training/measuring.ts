import { hasLinearHeads, missingValue } from '../experiment/measureLack';
import type { Experiment } from '../experiment/schema';
import type { Model } from '../model/model';
import {
  gradientMeasuresOf,
  stepMeasuresOf,
  trainedMeasuresOf,
  trainingsMeasuresOf,
  viewMeasuresOf,
  type MeasureDescription,
  type StepMeasure,
  type TasksAhead,
  type TrainedMeasure,
  type TrainingsMeasure,
  type ViewMeasure,
} from '../relatedness';
import { heldRows } from './inspection';
import { hasSharedParameters } from './steps';

/** What a run measures, and what it cannot. */
export interface Measured {
  /** What some steps measure. */
  readonly measures: readonly StepMeasure[];
  /** What is measured after epochs of what the sharing architecture shows. */
  readonly views: readonly ViewMeasure[];
  /** What is measured of the trained model. */
  readonly inspected: readonly TrainedMeasure[];
  /** What is measured by training more networks. */
  readonly trainings: readonly TrainingsMeasure[];
  readonly obstacles: readonly Obstacle[];
}

/** Why some of the measures that were asked for cannot be measured. */
export interface Obstacle {
  /** Names of the measures. */
  readonly measures: readonly string[];
  /** What to say to a person: which, why, and what to do. */
  readonly message: string;
  /** The reason alone, in few words. */
  readonly why: string;
}

/** What of `relatedness.measures` a run of the model measures. */
export function measuring({ relatedness, model: settings }: Experiment, model: Model): Measured {
  const names = relatedness.measures;
  if (names.length === 0 || model.taskSet.tasks.length < 2)
    return { measures: [], views: [], inspected: [], trainings: [], obstacles: [] };
  const steps = stepMeasuresOf(names);
  const views = viewMeasuresOf(names);
  const trained = trainedMeasuresOf(names);
  const obstacles = [
    ...notAtGradients(gradientMeasuresOf(names), settings, model),
    ...unseen(views, settings, model),
    ...inseparable(trained, settings, model),
    ...withoutValue(trained, settings, model),
  ];
  const isFree = ({ name }: MeasureDescription) => !obstacles.some(({ measures }) => measures.includes(name));
  return {
    measures: steps.filter(isFree),
    views: views.filter(isFree),
    inspected: trained.filter(isFree),
    trainings: trainingsMeasuresOf(names),
    obstacles,
  };
}

type Settings = Experiment['model'];

function sharingOf({ sharing }: Settings): string {
  return `with sharing \`${sharing.name}\``;
}

function notAtGradients(asked: readonly MeasureDescription[], settings: Settings, model: Model): readonly Obstacle[] {
  if (asked.length === 0 || hasSharedParameters(model)) return [];
  const measures = asked.map(({ name }) => name);
  if (model.parameters.some(({ frozen }) => frozen)) {
    const why = '`freeze` keeps the shared parameters as they are';
    return [{ measures, why, message: `Relatedness is not measured at the gradients: ${why}.` }];
  }
  if (settings.encoder.layers.length === 0) {
    const why = 'the encoder has no layers, so the tasks share no parameters';
    return [{ measures, why, message: `Relatedness is not measured: ${why}. Give \`encoder\` a layer.` }];
  }
  const why = `${sharingOf(settings)} no parameter is trained by several tasks`;
  const remedy = 'Use another sharing architecture, such as `hard`.';
  return [{ measures, why, message: `Relatedness is not measured: ${why}. ${remedy}` }];
}

/** Of what a sharing architecture shows, what this one does not. */
function unseen(views: readonly ViewMeasure[], settings: Settings, model: Model): readonly Obstacle[] {
  const shown = new Set((model.shared.probes ?? []).map(({ shows }) => shows));
  return views
    .filter(({ needs }) => !shown.has(needs))
    .map(({ name, title, needs }) =>
      needs === 'use'
        ? otherSharing(name, title, `${sharingOf(settings)} tasks have no gates or stitches`, 'mmoe')
        : otherSharing(name, title, `${sharingOf(settings)} tasks have no vectors of their own`, 'task-embedding'),
    );
}

function inseparable(trained: readonly TrainedMeasure[], settings: Settings, model: Model): readonly Obstacle[] {
  if (model.shared.separable === true) return [];
  const why = `${sharingOf(settings)} the contributions of tasks cannot be told apart`;
  return trained
    .filter(({ needs }) => needs === 'contributions')
    .map(({ name, title }) => otherSharing(name, title, why, 'cross-stitch'));
}

/** Measures that tell nothing of tasks like these, or of such a model. */
function withoutValue(trained: readonly TrainedMeasure[], settings: Settings, model: Model): readonly Obstacle[] {
  const { tasks, streams, pooled } = model.taskSet;
  const ahead: TasksAhead = {
    tasks: tasks.map(({ kind, stream }) => ({ kind, table: stream, rows: heldRows(streams[stream]) })),
    labelsApart: pooled,
    linearHeads: hasLinearHeads(settings),
  };
  return trained.flatMap((measure) => {
    const missing = missingValue(measure, ahead, settings);
    if (missing === undefined) return [];
    const why = `it ${missing.why}`;
    return [{ measures: [measure.name], why, message: `${measure.title} is not measured: ${why}. ${missing.remedy}.` }];
  });
}

function otherSharing(name: string, title: string, why: string, better: string): Obstacle {
  const message = `${title} is not measured: ${why}. Use another sharing architecture, such as \`${better}\`.`;
  return { measures: [name], why, message };
}
