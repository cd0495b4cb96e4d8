import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Experiment } from '../experiment/schema';
import { planTrainings, type PlannedTraining, type TrainingsMeasure } from '../relatedness';
import { RunFolderError } from '../runs/errors';
import type { Ending, RelatednessMatrix, RunEventBody } from '../runs/events';
import { requestRun, type StartedRun } from '../runs/lifecycle';
import { runFiles } from '../runs/record';
import { eachSideBySide, type FollowedRun } from '../runs/sideBySide';
import { Workers } from '../runs/workers';
import type { Stopwatch } from './pace';
import { tensorflowSettings } from './oneDnn';
import type { Requests } from './requests';
import { ReachedByTraining } from './reachedByTraining';
import { dropModel, finishedBefore, openSubRun, processesAtOnce, subRunOf, type ParentRun } from './subRun';

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
  /** Whether TensorFlow trains networks like these faster by the operations of oneDNN. */
  readonly oneDnn: boolean;
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

/** What the journal says at the start of a run, so that its progress counts what comes after its own training. */
export function announceTrainings(
  experiment: Experiment,
  tasks: number,
  measures: readonly TrainingsMeasure[],
): RunEventBody | undefined {
  const total = planTrainings(measures, tasks).length;
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
  private readonly reached: ReachedByTraining;
  private readonly live = new Map<PlannedTraining, StartedRun>();
  private readonly stop = new AbortController();
  private readonly atOnce: number;
  private readonly workers: Workers;
  private paused = false;

  constructor(private readonly job: MoreTraining) {
    const { parent, measures, ending, trainScript, oneDnn } = job;
    this.plan = planTrainings(measures, parent.tasks.length);
    this.atOnce = processesAtOnce(parent.experiment);
    this.workers = new Workers({
      ...{ most: this.atOnce, trainScript, logs: join(parent.folder, runFiles.workers) },
      env: tensorflowSettings(oneDnn),
    });
    this.reached = new ReachedByTraining(parent.tasks, ending);
  }

  async run(): Promise<MoreMeasured> {
    const left = await this.takeFinished();
    this.tell();
    const over = new AbortController();
    const obeying = this.obey(over.signal);
    // What it fails by is told below; until then nothing more is to begin.
    obeying.catch(() => this.stop.abort());
    try {
      await eachSideBySide(
        left.map((planned) => (stop) => this.start(planned, stop)),
        {
          atOnce: this.atOnce,
          stop: this.stop.signal,
          onStart: (index, run) => this.began(left[index], run),
          onEnd: (index, end) => this.ended(left[index], end),
        },
      );
    } finally {
      over.abort();
      await this.workers.close();
    }
    await obeying;
    if (this.reached.done === this.plan.length) await this.dropModels();
    return this.measured();
  }

  /**
   * Takes what an earlier process has finished.
   * @returns The others.
   */
  private async takeFinished(): Promise<readonly PlannedTraining[]> {
    const left = new Set<PlannedTraining>();
    // Those that start from another come last in the plan: by then it is known whose model is still needed.
    for (const planned of this.plan.toReversed()) {
      const isStart = [...left].some(({ from }) => from === planned.tasks[0]);
      const needed = planned.leaves.filter((what) => what !== 'model' || isStart);
      const finished = await finishedBefore(subRunOf(this.job.parent, planned), needed);
      if (finished === undefined) left.add(planned);
      else this.reached.take(planned, finished);
    }
    return this.plan.filter((planned) => left.has(planned));
  }

  /** Models are kept only to start from. */
  private async dropModels(): Promise<void> {
    for (const planned of this.plan) {
      if (planned.leaves.includes('model')) await dropModel(subRunOf(this.job.parent, planned)).catch(() => undefined);
    }
  }

  private measured(): MoreMeasured {
    const { measures, append } = this.job;
    const stopped = this.stop.signal.aborted && this.reached.done < this.plan.length;
    for (const message of this.reached.warnings(this.plan.length)) append({ type: 'warning', message });
    return { matrices: this.reached.done === 0 ? [] : this.reached.matrices(measures), stopped };
  }

  private async start(planned: PlannedTraining, stop: AbortSignal): Promise<StartedRun | undefined> {
    const { from } = planned;
    // What it starts from was begun before it, so waiting for that comes to an end.
    const waits = () => this.paused || (from !== undefined && this.reached.hasStart(from) === undefined);
    while (waits() && !stop.aborted) await delay(look, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) return undefined;
    if (from !== undefined && this.reached.hasStart(from) === false) {
      this.reached.fail(planned, `there is no model of ${this.job.parent.tasks[from]} to start from`);
      this.tell();
      return undefined;
    }
    try {
      return await openSubRun(subRunOf(this.job.parent, planned), this.workers.launch);
    } catch (error) {
      if (!(error instanceof RunFolderError)) throw error;
      this.reached.fail(planned, error.message);
      this.tell();
      return undefined;
    }
  }

  private began(planned: PlannedTraining, run: StartedRun): void {
    this.live.set(planned, run);
    if (this.paused) void ask(run, 'pause');
    this.tell();
  }

  private ended(planned: PlannedTraining, { run: { folder }, state, problem }: FollowedRun): void {
    this.live.delete(planned);
    if (state.phase === 'finished') this.reached.take(planned, { folder, state });
    else if (!(state.phase === 'stopped' && this.stop.signal.aborted)) {
      const told = state.failure?.message ?? problem?.message;
      this.reached.fail(
        planned,
        told ?? (state.phase === 'stopped' ? 'it was stopped' : 'its process ended without a word'),
      );
    }
    this.tell();
  }

  private tell(): void {
    const { measures, append } = this.job;
    append({
      type: 'trainings',
      measures: measures.map(({ name }) => name),
      done: this.reached.done,
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
