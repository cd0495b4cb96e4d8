import type { MetricName } from '../../src/experiment/metric';
import { metricNames } from '../../src/experiment/metric';
import type { Run } from '../shared/runStore';

/** What a line can stand for: a task, the mean over tasks, or all rows together. */
export interface Subject {
  readonly key: string;
  readonly label: string;
  readonly kind: 'task' | 'mean' | 'pooled';
  /** Place among the tasks of all runs; decides the style. */
  readonly place: number;
}

export const meanSubject: Subject = { key: 'mean', label: 'mean over tasks', kind: 'mean', place: 0 };
export const pooledSubject: Subject = { key: 'pooled', label: 'all rows together', kind: 'pooled', place: 0 };

/** So many tasks are drawn without being asked for. */
export const tasksAtFirst = 12;

/** Everything that can be drawn: the tasks of all runs by name, in the order in which they appear. */
export function subjectsOf(runs: readonly Run[]): Subject[] {
  const names = [...new Set(runs.flatMap(({ state }) => state.tasks.map(({ name }) => name)))];
  const tasks = names.map((name, place): Subject => ({ key: `task:${name}`, label: name, kind: 'task', place }));
  const pooled = runs.some(({ state }) => state.epochs.some((epoch) => epoch.pooled !== undefined));
  return [...tasks, ...(names.length > 1 ? [meanSubject] : []), ...(pooled ? [pooledSubject] : [])];
}

/** Which of them are drawn: those that were chosen, or else the first tasks, with the mean where some are left out. */
export function chosenSubjects(subjects: readonly Subject[], chosen: readonly string[] | undefined): Subject[] {
  const wanted = chosen === undefined ? undefined : new Set(chosen);
  const found = wanted === undefined ? [] : subjects.filter(({ key }) => wanted.has(key));
  if (wanted !== undefined && (found.length > 0 || wanted.size === 0)) return found;
  const tasks = subjects.filter(({ kind }) => kind === 'task');
  if (tasks.length <= tasksAtFirst) return tasks;
  return [...tasks.slice(0, tasksAtFirst), ...subjects.filter(({ kind }) => kind === 'mean')];
}

/** The metrics that some task of some run has, in the usual order; always the loss. */
export function metricsOf(runs: readonly Run[]): MetricName[] {
  const had = new Set<MetricName>(['loss']);
  for (const { state } of runs) for (const { metrics } of state.tasks) for (const metric of metrics) had.add(metric);
  return metricNames.filter((name) => had.has(name));
}

/** What the closed list of tasks says. */
export function tasksSummary(subjects: readonly Subject[], shown: readonly Subject[]): string {
  const all = subjects.filter(({ kind }) => kind === 'task').length;
  const tasks = shown.filter(({ kind }) => kind === 'task').length;
  const more = shown.filter(({ kind }) => kind !== 'task').map(({ label }) => label);
  const first = tasks === all ? (all === 1 ? '1 task' : `all ${all}`) : `${tasks} of ${all}`;
  return [first, ...more].join(' + ');
}

/** A word on the tasks that are not drawn; empty where all are. */
export function hiddenNote(subjects: readonly Subject[], shown: readonly Subject[]): string {
  const all = subjects.filter(({ kind }) => kind === 'task').length;
  const hidden = all - shown.filter(({ kind }) => kind === 'task').length;
  if (hidden === 0) return '';
  return `${hidden} of ${all} tasks ${hidden === 1 ? 'is' : 'are'} not drawn; the list of tasks adds them.`;
}
