import { lackOf, type TaskKind, type TasksAhead, type TrainedMeasure } from '../relatedness';
import type { Experiment } from './schema';
import { readsAlike } from './sharing';
import { code, enumerate } from './wording';

/** Why a measure will have no value. */
export interface MissingValue {
  /** What the measure does and what there is, behind its name: `compares …, and here …`. */
  readonly why: string;
  /** A sentence without its full stop. */
  readonly remedy: string;
}

/** Whether each head is one layer on what all tasks of a row read. */
export function hasLinearHeads(model: Experiment['model']): boolean {
  return model.head.layers.length === 0 && readsAlike(model);
}

/** Why a measure will have no value of any two tasks; undefined where it can have one. */
export function missingValue(
  measure: TrainedMeasure,
  ahead: TasksAhead,
  model: Experiment['model'],
): MissingValue | undefined {
  const takeOut = 'Take it out';
  switch (lackOf(measure, ahead)) {
    case undefined:
      return undefined;
    case 'kinds':
      return { why: kindsText(measure), remedy: takeOut };
    case 'labels in the same rows':
      return {
        why: 'compares the labels of two tasks in the same rows, and here tasks have rows of their own',
        remedy: takeOut,
      };
    case 'table':
      return {
        why: 'compares two tasks on the rows of one table, and here tasks have tables of their own',
        remedy: takeOut,
      };
    case 'linear heads':
      return headsText(model);
    case 'rows': {
      const rows = Math.max(...ahead.tasks.map((task) => task.rows ?? 0));
      const why = `needs at least ${measure.takes?.rows} rows, and the trained network is looked at on ${rows}`;
      return { why, remedy: 'Give `split` more validation rows' };
    }
  }
}

function kindsText({ takes: { from, to } = {} }: TrainedMeasure): string {
  const kinds = (some: readonly TaskKind[] = []) => enumerate(some, 'or');
  return from === undefined
    ? `tells of tasks of kind ${kinds(to)}, and here is none`
    : `compares tasks of kind ${kinds(from)}, and here are not two`;
}

function headsText({ head, sharing }: Experiment['model']): MissingValue {
  const what = 'compares the weights of heads that are one layer on what all tasks read, and here';
  return head.layers.length > 0
    ? { why: `${what} heads have more layers`, remedy: 'Write `head: { layers: [] }`, or take it out' }
    : {
        why: `${what}, with ${code(`sharing: ${sharing.name}`)}, each task reads its own`,
        remedy: 'Choose another sharing, such as `hard`, or take it out',
      };
}
