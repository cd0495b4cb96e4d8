import { setTimeout as delay } from 'node:timers/promises';
import { planTrainings, valuesOfTrainings, type PlannedTraining, type TrainingsMeasure } from '../relatedness';
import { RunFolderError } from '../runs/errors';
import type { Ending, RelatednessMatrix, RunEventBody } from '../runs/events';
import { requestRun, type StartedRun } from '../runs/lifecycle';
import { eachSideBySide, type FollowedRun } from '../runs/sideBySide';
import type { RunState } from '../runs/state';
import { matrixOf } from './means';
import type { Stopwatch } from './pace';
import type { Requests } from './requests';
import { finishedBefore, openSubRun, processesAtOnce, subRunOf, tasksText, type ParentRun } from './subRun';

/** What is trained after a run for the measures that need more networks than its own. */
export interface MoreTraining {
  readonly parent: ParentRun;
  readonly measures: readonly TrainingsMeasure[];
  /** Of the run itself, which trains all tasks together. */
  readonly ending: Ending;
  readonly requests: Requests;
  readonly stopwatch: Stopwatch;
  readonly append: (event: RunEventBody) => void;
  /** The bundled train.js. */
  readonly trainScript: string;
}

/** What came of it. */
export interface MoreMeasured {
  /** Cells are empty where a network was not trained to its end. */
  readonly matrices: readonly RelatednessMatrix[];
  /** Whether it was asked to stop before all was done. */
  readonly stopped: boolean;
}

/** Milliseconds between two looks at the requests. */
const look = 200;
/** Trainings that failed are told one by one up to so many. */
const failuresTold = 3;

/** What the journal says at the start of a run, so that its progress counts what comes after its own training. */
export function announceTrainings(
  { experiment, tasks }: Pick<ParentRun, 'experiment' | 'tasks'>,
  measures: readonly TrainingsMeasure[],
): RunEventBody | undefined {
  const total = planTrainings(measures, tasks.length).length;
  if (total === 0) return undefined;
  const names = measures.map(({ name }) => name);
  return { type: 'trainings', measures: names, done: 0, total, atOnce: processesAtOnce(experiment) };
}

/**
 * Trains the networks that measures need, as runs in the folder `runs` of the run's own folder, several at one time. Those
 * that an earlier process of the run has finished are taken as they are. Stops and pauses as the run is asked to.
 */
export async function measureByTraining(job: MoreTraining): Promise<MoreMeasured> {
  return new Measuring(job).run();
}

class Measuring {
  private readonly plan: readonly PlannedTraining[];
  /** By the positions of the tasks. */
  private readonly reached = new Map<string, readonly (number | null)[]>();
  private readonly failures: string[] = [];
  private readonly live = new Map<PlannedTraining, StartedRun>();
  private readonly stop = new AbortController();
  private readonly atOnce: number;
  private done = 0;
  private paused = false;

  constructor(private readonly job: MoreTraining) {
    const { parent, measures, ending } = job;
    this.plan = planTrainings(measures, parent.tasks.length);
    this.atOnce = processesAtOnce(parent.experiment);
    const all = parent.tasks.map((_, task) => task);
    this.reached.set(
      keyOf(all),
      all.map((task) => this.lossOf(task, ending.metrics[task])),
    );
  }

  async run(): Promise<MoreMeasured> {
    const left: PlannedTraining[] = [];
    for (const planned of this.plan) {
      const state = await finishedBefore(subRunOf(this.job.parent, planned));
      if (state === undefined) left.push(planned);
      else this.take(planned, state);
    }
    this.tell();
    const over = new AbortController();
    const obeying = this.obey(over.signal);
    try {
      await eachSideBySide(
        left.map((planned) => () => this.start(planned)),
        {
          atOnce: this.atOnce,
          stop: this.stop.signal,
          onStart: (index, run) => this.began(left[index], run),
          onEnd: (index, end) => this.ended(left[index], end),
        },
      );
    } finally {
      over.abort();
      await obeying;
    }
    return this.measured();
  }

  private measured(): MoreMeasured {
    const { parent, measures, append } = this.job;
    const stopped = this.stop.signal.aborted && this.done < this.plan.length;
    const matrices = measures.map((measure) =>
      matrixOf(
        measure,
        valuesOfTrainings(measure, parent.tasks.length, (tasks) => this.reached.get(keyOf(tasks))),
      ),
    );
    for (const message of this.warnings()) append({ type: 'warning', message });
    return { matrices: this.done === 0 ? [] : matrices, stopped };
  }

  private warnings(): readonly string[] {
    const { parent, ending } = this.job;
    const unmeasured = parent.tasks.filter((_, task) => this.lossOf(task, ending.metrics[task]) === null);
    const { failures } = this;
    const more = failures.length > failuresTold ? `; and ${failures.length - failuresTold} more` : '';
    return [
      ...(unmeasured.length > 0
        ? [
            `What more training brings is not known of ${unmeasured.join(', ')}: no validation or test row has a label. Give \`split\` some validation rows.`,
          ]
        : []),
      ...(failures.length > 0
        ? [
            `${failures.length} of ${this.plan.length} trainings for relatedness came to no result, so their cells are empty: ${failures.slice(0, failuresTold).join('; ')}${more}.`,
          ]
        : []),
    ];
  }

  private async start(planned: PlannedTraining): Promise<StartedRun | undefined> {
    const { signal } = this.stop;
    while (this.paused && !signal.aborted) await delay(look, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return undefined;
    try {
      return await openSubRun(subRunOf(this.job.parent, planned), this.job.trainScript);
    } catch (error) {
      if (!(error instanceof RunFolderError)) throw error;
      this.fail(planned, error.message);
      this.tell();
      return undefined;
    }
  }

  private began(planned: PlannedTraining, run: StartedRun): void {
    this.live.set(planned, run);
    if (this.paused) void ask(run, 'pause');
    this.tell();
  }

  private ended(planned: PlannedTraining, { state, problem }: FollowedRun): void {
    this.live.delete(planned);
    if (state.phase === 'finished') this.take(planned, state);
    else if (!(state.phase === 'stopped' && this.stop.signal.aborted)) {
      const told = state.failure?.message ?? problem?.message;
      this.fail(planned, told ?? (state.phase === 'stopped' ? 'it was stopped' : 'its process ended without a word'));
    }
    this.tell();
  }

  private take({ tasks }: PlannedTraining, { tasks: trained, ending }: RunState): void {
    const losses = tasks.map((task) => {
      const place = trained.findIndex(({ name }) => name === this.job.parent.tasks[task]);
      return this.lossOf(task, ending?.metrics[place]);
    });
    this.reached.set(keyOf(tasks), losses);
    this.done++;
  }

  private fail({ tasks }: PlannedTraining, why: string): void {
    this.failures.push(`${tasksText(this.job.parent.tasks, tasks)} (${why.replace(/\.$/, '')})`);
    this.done++;
  }

  /** On validation rows; on test rows where a task has no label on those. */
  private lossOf(task: number, metrics: Ending['metrics'][number] | undefined): number | null {
    const split = this.job.ending.metrics[task].validation?.loss === undefined ? 'test' : 'validation';
    return metrics?.[split]?.loss ?? null;
  }

  private tell(): void {
    const { measures, append } = this.job;
    append({
      type: 'trainings',
      measures: measures.map(({ name }) => name),
      done: this.done,
      total: this.plan.length,
      atOnce: this.atOnce,
      running: this.live.size,
    });
  }

  /** Passes on what the run is asked for, until all is over. */
  private async obey(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const asked = this.job.requests.take();
      if (asked.includes('stop')) {
        this.stop.abort();
        this.job.stopwatch.resume();
        return;
      }
      if (asked.includes('pause') && !asked.includes('resume')) this.pause();
      else if (asked.includes('resume') && this.paused) this.resume();
      await delay(look, undefined, { signal: over }).catch(() => undefined);
    }
  }

  private pause(): void {
    if (this.paused) return;
    this.paused = true;
    this.job.stopwatch.pause();
    this.job.append({ type: 'paused', step: this.job.ending.step });
    for (const run of this.live.values()) void ask(run, 'pause');
  }

  private resume(): void {
    this.paused = false;
    this.job.stopwatch.resume();
    this.job.append({ type: 'resumed', step: this.job.ending.step });
    for (const run of this.live.values()) void ask(run, 'resume');
  }
}

/** A sub-run may be over in this moment, which is just as well. */
async function ask({ folder }: StartedRun, request: 'pause' | 'resume'): Promise<void> {
  await requestRun(folder, request).catch(() => undefined);
}

function keyOf(tasks: readonly number[]): string {
  return tasks.join(' ');
}
