import { epochSchedule, stepsPerEpoch } from '../data/batches';
import { splitNames } from '../data/taskSet';
import type { Experiment } from '../experiment/schema';
import type { Model } from '../model/model';
import type { MetricValues } from '../model/metrics';
import { taskParameters } from '../model/taskParameters';
import type { Executor } from '../program';
import type { StepMeasure, TrainedMeasure, ViewMeasure } from '../relatedness';
import type { Ending, RelatednessMatrix, RunEventBody, UsageMatrix } from '../runs/events';
import type { Control } from './control';
import { TrainingError } from './errors';
import { bySplit, createEvaluator, type Evaluation, type Evaluator } from './evaluation';
import { inspectModel } from './inspection';
import { addLosses, clearLosses, meanLosses } from './means';
import { createRelatednessRecorder, type RelatednessRecorder } from './relatednessRecorder';
import { isExhausted, keepBest } from './keeping';
import { createBreath, startStopwatch, type Stopwatch } from './pace';
import { initialProgress, type TrainingProgress } from './progress';
import type { CheckpointPlan } from './checkpointPlan';
import { stepsPerEvent } from './stepJournal';
import { createTrainingStep, type TrainingStep } from './trainingStep';

/** What one run trains with. */
export interface TrainingJob {
  readonly experiment: Experiment;
  readonly model: Model;
  readonly executor: Executor;
  readonly seed: number;
  readonly batchSize: number;
  /** What some steps measure; the executor then has the program for it. */
  readonly measures: readonly StepMeasure[];
  /** What is measured of what the sharing architecture shows after epochs. */
  readonly views: readonly ViewMeasure[];
  /** What is measured of the trained model; the executor then has the programs for it. */
  readonly inspected: readonly TrainedMeasure[];
  readonly append: (event: RunEventBody) => void;
  /** Asked between steps; waits while the run is paused. */
  readonly control: Control;
  /** Where to go on from, with the executor's state as it was then; absent for a run from its beginning. */
  readonly from?: TrainingProgress;
  /** What the run has worked before. */
  readonly secondsBefore: number;
  readonly checkpoints: CheckpointPlan;
  /** Whether what was trained is kept at the end, because there is more to do after it. */
  readonly keepsTheEnd: boolean;
}

export interface Trainer {
  /**
   * Trains to the end, or until it is told to stop, and puts the parameters of the best epoch back; where no parameter
   * is shared, of each task's best epoch.
   * @throws TrainingError where a loss is NaN or infinite.
   */
  train(): Promise<'epochs' | 'early-stopping' | 'stopped'>;
  /** The figures of the parameters as they are then, on every split. */
  ending(): Promise<Ending>;
  /** Seconds of work. */
  readonly stopwatch: Stopwatch;
}

export function createTrainer(job: TrainingJob): Trainer {
  return new RunTrainer(job);
}

class RunTrainer implements Trainer {
  private readonly state: TrainingProgress;
  readonly stopwatch: Stopwatch;
  private readonly breathe = createBreath();
  private readonly evaluator: Evaluator;
  private readonly trainingStep: TrainingStep;
  private readonly stepsPerEvent: number;
  private readonly relatedness: RelatednessRecorder;
  /** Where each task's parameters lie; undefined where they share some. */
  private readonly independent: ReturnType<typeof taskParameters>;

  constructor(private readonly job: TrainingJob) {
    const { experiment, model, executor, seed, batchSize, measures, views, from } = job;
    const { tasks } = model.taskSet;
    const needs = measures.map((measure) => measure.needs);
    this.trainingStep = createTrainingStep({ experiment, model, executor, seed, batchSize, needs });
    this.evaluator = createEvaluator(model, executor, this.breathe);
    this.stepsPerEvent = stepsPerEvent({
      parameters: model.parameterCount,
      rows: batchSize * model.taskSet.streams.length,
      totalSteps: experiment.training.epochs * stepsPerEpoch(model.taskSet, batchSize),
    });
    this.independent = taskParameters(model);
    this.relatedness = createRelatednessRecorder({
      measures,
      views,
      every: experiment.relatedness.every,
      tasks: tasks.map(({ name }) => name),
    });
    this.state = from ?? initialProgress(tasks.length, measures);
    this.stopwatch = startStopwatch(job.secondsBefore);
  }

  async train(): Promise<'epochs' | 'early-stopping' | 'stopped'> {
    const reason = await this.runEpochs();
    if (reason !== 'stopped' && this.job.keepsTheEnd) this.keep();
    if (this.state.kept) this.job.executor.writeState(this.state.kept);
    return reason;
  }

  async ending(): Promise<Ending> {
    const { step, epoch, stepInEpoch, watch, taskWatches } = this.state;
    const evaluations =
      step === 0
        ? {}
        : {
            train: await this.evaluator.evaluate('train'),
            validation: await this.evaluator.evaluate('validation'),
            test: await this.evaluator.evaluate('test'),
          };
    return {
      step,
      epoch: epoch + (stepInEpoch > 0 ? 1 : 0),
      bestEpoch: watch.best?.epoch ?? 0,
      ...(taskWatches && { bestEpochs: taskWatches.map(({ best }) => best?.epoch ?? 0) }),
      seconds: this.stopwatch.seconds(),
      ...this.metricsOf(evaluations),
      relatedness: step === 0 ? [] : this.relatednessInTheEnd(evaluations.validation?.usage ?? []),
    };
  }

  private relatednessInTheEnd(usage: readonly UsageMatrix[]): RelatednessMatrix[] {
    const { model, executor, inspected, seed } = this.job;
    return [...this.relatedness.ending(this.state, usage), ...inspectModel(model, executor, inspected, seed)];
  }

  private async runEpochs(): Promise<'epochs' | 'early-stopping' | 'stopped'> {
    const { training } = this.job.experiment;
    for (;;) {
      if (isExhausted(this.state, training.stopEarly)) return 'early-stopping';
      if (this.state.epoch >= training.epochs) return 'epochs';
      const began = this.stopwatch.seconds();
      if ((await this.runSteps()) === 'stop') return 'stopped';
      await this.finishEpoch(began);
      this.checkpoint(true);
    }
  }

  private async runSteps(): Promise<'go on' | 'stop'> {
    const { model, batchSize, seed } = this.job;
    const { state } = this;
    const schedule = epochSchedule(model.taskSet, batchSize, seed, state.epoch);
    while (state.stepInEpoch < schedule.steps) {
      if ((await this.job.control(state.step, this.stopwatch, () => this.keep())) === 'stop') {
        this.journalStep();
        return 'stop';
      }
      this.runStep(schedule.rowsAt(state.stepInEpoch));
      if (state.step % this.stepsPerEvent === 0) this.journalStep();
      // What stands at the end of an epoch is kept once the epoch is finished.
      if (state.stepInEpoch < schedule.steps) this.checkpoint(false);
      await this.breathe();
    }
    this.journalStep();
    return 'go on';
  }

  private checkpoint(epochEnded: boolean): void {
    const { step, epoch, stepInEpoch } = this.state;
    if (!this.job.checkpoints.isDue(step, epochEnded)) return;
    this.job.append({ type: 'checkpoint', step, epoch: epoch + (stepInEpoch > 0 ? 1 : 0) });
    this.keep();
  }

  private keep(): void {
    this.job.checkpoints.keep(this.state, this.stopwatch.seconds());
  }

  private runStep(rows: readonly Uint32Array[]): void {
    const { state } = this;
    const measuring = this.relatedness.isDue(state.stepInEpoch);
    const { losses, counts, related } = this.trainingStep.take(state, rows, measuring);
    state.step++;
    state.stepInEpoch++;
    this.checkLosses(losses);
    addLosses(state.epochLosses, losses, counts, (labelled) => labelled);
    addLosses(state.recentLosses, losses, counts, (labelled) => (labelled > 0 ? 1 : 0));
    if (measuring) this.relatedness.add(state, related);
  }

  private checkLosses(losses: readonly number[]): void {
    const task = losses.findIndex((loss) => !Number.isFinite(loss));
    if (task === -1) return;
    this.journalStep();
    throw this.notFinite(task, `at step ${this.state.step}`);
  }

  private notFinite(task: number, when: string): TrainingError {
    const { step } = this.state;
    const { name } = this.job.model.taskSet.tasks[task];
    const { learningRate } = this.job.experiment.training.optimizer;
    return new TrainingError(
      'loss-not-finite',
      `The loss of task "${name}" was no longer a finite number ${when}. ` +
        `Lower the learning rate (now ${learningRate}), or look for extreme values in the inputs and the target.`,
      { step, task: name },
    );
  }

  private journalStep(): void {
    const { state } = this;
    const losses = meanLosses(state.recentLosses);
    if (state.journalledStep === state.step || losses.every((loss) => loss === null)) return;
    state.journalledStep = state.step;
    clearLosses(state.recentLosses);
    this.job.append({
      type: 'step',
      step: state.step,
      epoch: state.epoch + 1,
      losses,
      weights: this.trainingStep.weights,
      learningRate: this.job.experiment.training.optimizer.learningRate,
    });
  }

  private async finishEpoch(began: number): Promise<void> {
    const { job, state } = this;
    const { stopEarly } = job.experiment.training;
    const validation = await this.evaluator.evaluate('validation');
    const unsound = validation.tasks.findIndex(({ loss }) => loss !== undefined && !Number.isFinite(loss));
    if (unsound !== -1) throw this.notFinite(unsound, `on the validation split after epoch ${state.epoch + 1}`);
    state.epoch++;
    state.stepInEpoch = 0;
    const best = keepBest(state, validation.tasks, stopEarly, this.independent, () => this.parameters());
    this.journalRelatedness(validation.usage ?? []);
    job.append({
      type: 'epoch',
      step: state.step,
      epoch: state.epoch,
      seconds: this.stopwatch.seconds() - began,
      ...this.metricsOf({ train: this.trainingLosses(), validation }),
      best,
    });
    if (validation.usage && validation.usage.length > 0) {
      job.append({ type: 'usage', step: state.step, epoch: state.epoch, matrices: validation.usage });
    }
    this.trainingStep.finishEpoch(state, meanLosses(state.epochLosses));
    clearLosses(state.epochLosses);
  }

  private journalRelatedness(usage: readonly UsageMatrix[]): void {
    const { job, state } = this;
    const matrices = this.relatedness.finishEpoch(state, usage);
    if (matrices.length > 0) job.append({ type: 'relatedness', step: state.step, epoch: state.epoch, matrices });
  }

  /** The mean losses of the epoch, each batch with the parameters of its step. */
  private trainingLosses(): Evaluation {
    const { sums, counts } = this.state.epochLosses;
    const { pooled } = this.job.model.taskSet;
    const tasks = meanLosses(this.state.epochLosses).map((loss): MetricValues => (loss === null ? {} : { loss }));
    const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
    return { tasks, ...(pooled && { pooled: { loss: total(sums) / total(counts) } }) };
  }

  private metricsOf(evaluations: Parameters<typeof bySplit>[0]) {
    const { tasks, pooled } = this.job.model.taskSet;
    const none = splitNames.every((split) => evaluations[split] === undefined);
    return {
      metrics: none ? [] : tasks.map((_, task) => bySplit(evaluations, (evaluation) => evaluation.tasks[task])),
      ...(pooled && !none && { pooled: bySplit(evaluations, (evaluation) => evaluation.pooled) }),
    };
  }

  private parameters(): Record<string, Float32Array> {
    const values = this.job.executor.readState();
    return Object.fromEntries(this.job.model.parameters.map(({ name }) => [name, values[name]]));
  }
}

/** Rows per training step: as many as asked for, but no more than the largest table has. */
export function effectiveBatchSize(model: Model, batchSize: number): number {
  return Math.min(batchSize, Math.max(...model.taskSet.streams.map(({ splits }) => splits.train.rows)));
}
