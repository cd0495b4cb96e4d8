import type { Experiment } from '../experiment/schema';
import { inTaskOrder, type Model } from '../model/model';
import type { Executor, TypedArray } from '../program';
import type { MeasuredStep, StepNeed } from '../relatedness';
import { taskWeights } from '../weighting';
import { alignments, probeRadius } from '../weighting/autoLambda';
import { alignmentStepName } from './alignmentStep';
import { createFeed, createValidationFeed, type Feed, type ValidationFeed } from './feed';
import { gradientStepNames, sharedGradient } from './gradientSteps';
import { relatesApart } from './relating';
import { representationStepName } from './representationStep';
import { inputNames, stepNames } from './steps';
import { pairsInTaskOrder, rowsInTaskOrder, rowsOf } from './taskOrder';
import { createWeigher, type Standing, type Weigher, type Weights } from './weigher';

/** What a step shows of the tasks, in the order of the task set. */
export interface Seen extends MeasuredStep {
  readonly losses: readonly number[];
  /** Labels of each task in the batch. */
  readonly counts: readonly number[];
  readonly present: readonly boolean[];
  readonly gramian: Float64Array;
  readonly gradients: readonly Float64Array[];
}

/** A step that was taken, and where relatedness was to be measured what it is measured by. */
export interface Taken extends Seen {
  readonly related: MeasuredStep;
}

/** Takes the training steps of a run: feeds a batch, looks at it, weighs the tasks, trains, and sees what became of it. */
export interface TrainingStep {
  /** Those of the last step, in the order of the task set: what the method says that was applied. */
  readonly weights: readonly number[];
  /**
   * One step from where training stands; what the method remembers is put into `standing`. Where a loss is not finite
   * before the step, nothing is changed by a method that looks first.
   * @param rows Per stream, positions within its training split.
   * @param measuring Whether measures of relatedness want to see it.
   */
  take(standing: Standing, rows: readonly Uint32Array[], measuring: boolean): Taken;
  /** Tells the method the mean losses of an epoch. */
  finishEpoch(standing: Standing, losses: readonly (number | null)[]): void;
}

export interface TrainingStepOptions {
  readonly experiment: Experiment;
  readonly model: Model;
  /** With the programs that `compile` gives it. */
  readonly executor: Executor;
  readonly seed: number;
  readonly batchSize: number;
  /** What measures of relatedness need of a step. */
  readonly needs: readonly StepNeed[];
}

export function createTrainingStep(options: TrainingStepOptions): TrainingStep {
  return new Steps(options);
}

type Outputs = Readonly<Record<string, ArrayLike<number>>>;
type Inputs = Readonly<Record<string, TypedArray>>;

class Steps implements TrainingStep {
  weights: readonly number[];
  private readonly feed: Feed;
  private readonly validation: ValidationFeed | undefined;
  /** For methods that look at a step before they weigh it. */
  private readonly weigher: Weigher | undefined;

  constructor(private readonly options: TrainingStepOptions) {
    const { experiment, model, seed, batchSize } = options;
    const names = model.taskSet.tasks.map(({ name }) => name);
    this.weigher = createWeigher(experiment.training, names, seed);
    this.weights = this.weigher ? names.map(() => 1) : taskWeights(experiment.training.weighting, names);
    const { learningRate } = experiment.training.optimizer;
    this.feed = createFeed(model, { batchSize, seed, learningRate, weights: this.weights });
    if (this.weigher?.look.observes === 'alignments') this.validation = createValidationFeed(model, batchSize, seed);
  }

  take(standing: Standing, rows: readonly Uint32Array[], measuring: boolean): Taken {
    const { inputs } = this.feed;
    this.feed.fill(rows, standing.step);
    const apart = measuring && relatesApart(this.weigher?.look, this.options.needs);
    const related = apart ? this.run(stepNames.relate, inputs) : undefined;
    const seen = this.weigher ? this.weighAndTrain(this.weigher, standing, measuring) : this.train(inputs, measuring);
    return { ...seen, related: related ?? seen };
  }

  finishEpoch(standing: Standing, losses: readonly (number | null)[]): void {
    this.weigher?.finishEpoch(standing, losses);
  }

  private weighAndTrain(weigher: Weigher, standing: Standing, measuring: boolean): Seen {
    const seen = this.look(weigher, standing);
    if (!seen.losses.every(Number.isFinite)) return seen;
    const weights = weigher.weigh(standing, seen);
    this.weights = weights.shared;
    const trained = this.follow(weigher, seen, weights, measuring);
    if (weigher.look.observes === 'losses') {
      const { present, losses } = this.run(stepNames.losses, this.feed.inputs);
      weigher.observe(standing, present, losses);
    }
    return trained;
  }

  /** What the method wants to see of the batch before it weighs. */
  private look(weigher: Weigher, standing: Standing): Seen {
    const { needs, at, observes } = weigher.look;
    if (observes === 'alignments') return this.lookAhead(weigher, standing);
    if (needs === 'losses') return this.run(stepNames.losses, this.feed.inputs);
    return this.run(at === 'representation' ? representationStepName : gradientStepNames.measure, this.feed.inputs);
  }

  /** A trial step with the present weights, of which the method learns before it weighs. */
  private lookAhead(weigher: Weigher, standing: Standing): Seen {
    const { model, executor } = this.options;
    this.validation?.fill(standing.step);
    const { shared } = weigher.weigh(standing, {
      losses: [],
      present: [],
      gramian: new Float64Array(0),
      gradients: [],
    });
    const inputs = { ...this.feed.inputs, ...this.validation?.inputs, [inputNames.weights]: this.inModelOrder(shared) };
    const outputs = executor.run(alignmentStepName, inputs);
    const seen = this.seen(outputs);
    const [ahead, behind] = [inTaskOrder(model, outputs.ahead), inTaskOrder(model, outputs.behind)];
    const values = alignments(ahead, behind, probeRadius(Math.sqrt(outputs.squaredNorm[0])));
    weigher.observe(standing, seen.present, values);
    return seen;
  }

  private follow({ look: { needs, at, follows } }: Weigher, seen: Seen, weights: Weights, measuring: boolean): Seen {
    const own = { [inputNames.ownWeights]: this.inModelOrder(weights.own) };
    const shared = { [inputNames.weights]: this.inModelOrder(weights.shared) };
    const { inputs } = this.feed;
    if (needs === 'losses') return this.train({ ...inputs, ...shared }, measuring);
    if (at === 'representation') return this.train({ ...inputs, ...shared, ...own }, measuring);
    const followed =
      follows === 'gradient' && weights.gradient ? { [sharedGradient]: Float32Array.from(weights.gradient) } : shared;
    const rate = { [inputNames.learningRate]: inputs[inputNames.learningRate] };
    this.options.executor.run(gradientStepNames.apply, { ...followed, ...own, ...rate });
    return seen;
  }

  private train(inputs: Inputs, measuring: boolean): Seen {
    return this.run(measuring ? stepNames.trainAndMeasure : stepNames.train, inputs);
  }

  private run(program: string, inputs: Inputs): Seen {
    return this.seen(this.options.executor.run(program, inputs));
  }

  /** What a program shows of the tasks, in their own order: copies where the next call would overwrite it. */
  private seen({ losses, counts, gramian, gradients, lookahead }: Partial<Outputs>): Seen {
    const { model } = this.options;
    const labelled = inTaskOrder(model, counts!);
    return {
      losses: inTaskOrder(model, losses!),
      counts: labelled,
      present: labelled.map((count) => count > 0),
      gramian: gramian ? pairsInTaskOrder(model, gramian) : new Float64Array(0),
      gradients: gradients ? rowsInTaskOrder(model, gradients) : [],
      lookahead: lookahead ? rowsOf(pairsInTaskOrder(model, lookahead), model.order.length) : [],
    };
  }

  private inModelOrder(values: readonly number[]): Float32Array {
    return Float32Array.from(this.options.model.order, (task) => values[task]);
  }
}
