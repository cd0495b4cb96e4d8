import type { MetricName } from '../../src/experiment/metric';
import type { RunEventOf, SplitMetrics } from '../../src/runs/events';
import type { Run } from '../shared/runStore';
import { activeSeconds } from '../shared/runStore';
import type { Points } from '../shared/thinning';
import type { Axis, CurveSplit } from './settings';
import type { Subject } from './tasks';

/** One run's values of one subject on one split. */
export interface Curve {
  readonly run: Run;
  readonly subject: Subject;
  readonly split: CurveSplit;
  readonly points: Points;
  /** Where each point was measured. */
  readonly places: readonly Place[];
  /** Position of the best epoch among the points. */
  readonly best?: number;
}

type Place = {
  readonly step: number;
  readonly epoch: number;
  readonly time: number;
};

/** All curves of the subjects; those without a point are left out. */
export function collectCurves(
  runs: readonly Run[],
  subjects: readonly Subject[],
  {
    metric,
    axis,
    splits,
  }: { readonly metric: MetricName; readonly axis: Axis; readonly splits: readonly CurveSplit[] },
): Curve[] {
  return runs.flatMap((run) => {
    const at = coordinate(run, axis);
    const tasks = new Map(run.state.tasks.map(({ name }, place) => [name, place]));
    return subjects.flatMap((subject) =>
      splits.flatMap((split): Curve[] => {
        const found = split === 'train' && metric === 'loss' ? stepValues(run, subject, tasks) : [];
        const values = found.length > 0 ? found : epochValues(run, subject, tasks, split, metric);
        if (values.length === 0) return [];
        const best = split === 'validation' ? bestPlace(run, values) : undefined;
        return [
          {
            run,
            subject,
            split,
            points: { x: values.map(({ place }) => at(place)), y: values.map(({ value }) => value) },
            places: values.map(({ place }) => place),
            ...(best === undefined ? {} : { best }),
          },
        ];
      }),
    );
  });
}

interface Value {
  readonly place: Place;
  readonly value: number;
}

/** Where an event lies on the x axis. A step's epoch is a fraction, so that curves of steps and of epochs fit. */
export function coordinate(run: Run, axis: Axis): (place: Place & { readonly type?: string }) => number {
  switch (axis) {
    case 'steps':
      return ({ step }) => step;
    case 'time':
      return ({ time }) => activeSeconds(run, time);
    case 'epochs': {
      const perEpoch = run.state.started?.stepsPerEpoch ?? 0;
      return ({ step, epoch, type }) => (type === 'epoch' || perEpoch === 0 ? epoch : step / perEpoch);
    }
  }
}

function stepValues(run: Run, subject: Subject, tasks: ReadonlyMap<string, number>): Value[] {
  if (subject.kind === 'pooled') return [];
  const task = subject.kind === 'task' ? tasks.get(subject.label) : undefined;
  if (subject.kind === 'task' && task === undefined) return [];
  const values: Value[] = [];
  for (const place of run.state.steps) {
    const value = task === undefined ? meanOf(place.losses) : (place.losses[task] ?? null);
    if (value !== null) values.push({ place, value });
  }
  return values;
}

function epochValues(
  run: Run,
  subject: Subject,
  tasks: ReadonlyMap<string, number>,
  split: CurveSplit,
  metric: MetricName,
): Value[] {
  return run.state.epochs.flatMap((place) => {
    const value = epochValue(place, subject, tasks, split, metric);
    return value === undefined ? [] : [{ place, value }];
  });
}

function epochValue(
  { metrics, pooled }: RunEventOf<'epoch'>,
  subject: Subject,
  tasks: ReadonlyMap<string, number>,
  split: CurveSplit,
  metric: MetricName,
): number | undefined {
  const of = (entry: SplitMetrics | undefined) => entry?.[split]?.[metric];
  if (subject.kind === 'pooled') return of(pooled);
  if (subject.kind === 'mean') return meanOf(metrics.map((entry) => of(entry) ?? null)) ?? undefined;
  const task = tasks.get(subject.label);
  return task === undefined ? undefined : of(metrics[task]);
}

/** Mean of what is there. */
export function meanOf(values: readonly (number | null)[]): number | null {
  let sum = 0;
  let number = 0;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    sum += value;
    number++;
  }
  return number === 0 ? null : sum / number;
}

function bestPlace({ state }: Run, values: readonly Value[]): number | undefined {
  const epoch = state.ending?.bestEpoch ?? state.epochs.findLast(({ best }) => best)?.epoch;
  const position = values.findIndex(({ place }) => place.epoch === epoch);
  return position < 0 ? undefined : position;
}

export interface WeightCurve {
  readonly run: Run;
  /** The task, or undefined for the learning rate of the whole run. */
  readonly subject?: Subject;
  readonly points: Points;
}

/** Task weights over time, one curve per task and run. */
export function collectWeights(runs: readonly Run[], subjects: readonly Subject[], axis: Axis): WeightCurve[] {
  return runs.flatMap((run) => {
    const at = coordinate(run, axis);
    const x = run.state.steps.map(at);
    return subjects.flatMap((subject) => {
      const task = run.state.tasks.findIndex(({ name }) => subject.kind === 'task' && name === subject.label);
      if (task < 0 || x.length === 0) return [];
      return [{ run, subject, points: { x, y: run.state.steps.map(({ weights }) => weights[task] ?? NaN) } }];
    });
  });
}

/** The learning rate over time, one curve per run. */
export function collectRates(runs: readonly Run[], axis: Axis): WeightCurve[] {
  return runs
    .filter(({ state }) => state.steps.length > 0)
    .map((run) => ({
      run,
      points: {
        x: run.state.steps.map(coordinate(run, axis)),
        y: run.state.steps.map(({ learningRate }) => learningRate),
      },
    }));
}

/** Whether some task's weight ever changed. */
export function weightsVary(runs: readonly Run[]): boolean {
  return runs.some(({ state: { steps } }) =>
    steps.some(({ weights }) => weights.some((weight, task) => weight !== steps[0].weights[task])),
  );
}

export function ratesVary(runs: readonly Run[]): boolean {
  return runs.some(({ state: { steps } }) => steps.some(({ learningRate }) => learningRate !== steps[0].learningRate));
}
