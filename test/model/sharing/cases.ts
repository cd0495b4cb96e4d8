import { draftTaskSet, type TaskDraft } from '../taskSets';

const number: TaskDraft = { kind: 'regression' };
const yesNo: TaskDraft = { kind: 'binary', classes: ['no', 'yes'] };
const colour: TaskDraft = { kind: 'multiclass', classes: ['red', 'green', 'blue'] };
const private4 = { layers: [4], activation: 'tanh' as const, dropout: 0 };

/** Every sharing architecture with options that keep it small. */
export const sharingCases = [
  { name: 'hard' },
  { name: 'single-task' },
  { name: 'soft', strength: 0.3 },
  { name: 'soft', strength: 0.3, distance: 'trace-norm' },
  { name: 'additive', sharedDecay: 0.01, specificDecay: 0.1 },
  { name: 'cross-stitch' },
  { name: 'mtan', attention: 3 },
  { name: 'mmoe', experts: 3 },
  { name: 'one-gate', experts: 3 },
  { name: 'cgc', sharedExperts: 2, taskExperts: 2 },
  { name: 'ple', sharedExperts: 1, taskExperts: 2 },
  { name: 'dselect-k', experts: 4, selected: 2, entropy: 0.1 },
  { name: 'ltb', branches: 3 },
  { name: 'task-embedding', size: 3 },
  { name: 'factorised', rank: 2 },
  { name: 'low-rank', rank: 3 },
] as const;

/** The three shapes of task set. */
export const taskSetShapes = [
  {
    shape: 'several targets of a row',
    taskSet: draftTaskSet([{ tasks: [number, yesNo, number, colour], inputs: 3 }]),
    ownTask: false,
  },
  {
    shape: 'one task per value',
    taskSet: draftTaskSet([{ tasks: [number, number, number], inputs: 3 }], true),
    ownTask: true,
  },
  {
    shape: 'tables of their own',
    taskSet: draftTaskSet([
      { tasks: [colour], inputs: 3, encoder: private4 },
      { tasks: [number, { ...number, loss: 'huber' }], inputs: 5, encoder: private4 },
    ]),
    ownTask: false,
  },
] as const;

export function caseTitle(sharing: (typeof sharingCases)[number]): string {
  return 'distance' in sharing ? `${sharing.name} (${sharing.distance})` : sharing.name;
}

/** Each architecture with each shape. */
export const allCases = sharingCases.flatMap((sharing) =>
  taskSetShapes.map((shape) => ({ title: `${caseTitle(sharing)}: ${shape.shape}`, sharing, ...shape })),
);
