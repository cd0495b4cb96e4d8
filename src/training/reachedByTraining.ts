import { valuesOfTrainings, type PlannedTraining, type TrainingsMeasure } from '../relatedness';
import { decidingLoss } from '../runs/decidingLoss';
import type { Ending, RelatednessMatrix } from '../runs/events';
import { hasLeft, readRowLosses } from './leftBehind';
import { matrixOf } from './means';
import { tasksText, type FinishedRun } from './subRun';

/** Trainings that failed are told one by one up to so many. */
const failuresTold = 3;

/** What the networks reach that measures need besides that of the run: gathered as each comes to its end. */
export class ReachedByTraining {
  /** By the positions of the tasks. */
  private readonly losses = new Map<string, readonly (number | null)[]>();
  /** Losses at single rows, by the task and then by the one that its network started from, or itself. */
  private readonly atRows: readonly Map<number, ArrayLike<number>>[];
  /** By a task whose network alone has ended: whether there is a model to start from. */
  private readonly sources = new Map<number, boolean>();
  private readonly failures: string[] = [];
  /** How many have come to an end, be it one of no use. */
  private ended = 0;

  /**
   * @param tasks Names of the tasks of the run.
   * @param ending Of the run itself, which trains all of them together.
   */
  constructor(
    private readonly tasks: readonly string[],
    private readonly ending: Ending,
  ) {
    const all = tasks.map((_, task) => task);
    this.atRows = all.map(() => new Map());
    this.losses.set(
      keyOf(all),
      all.map((task) => this.lossOf(task, ending.metrics[task])),
    );
  }

  get done(): number {
    return this.ended;
  }

  /** Whether there is a model of a task alone to start from; undefined as long as its network has not ended. */
  hasStart(task: number): boolean | undefined {
    return this.sources.get(task);
  }

  /** Takes what is needed of a network that was trained to its end. */
  take(planned: PlannedTraining, { folder, state: { tasks: trained, ending } }: FinishedRun): void {
    const { tasks, from, leaves } = planned;
    if (from === undefined) {
      const losses = tasks.map((task) => {
        const place = trained.findIndex(({ name }) => name === this.tasks[task]);
        return this.lossOf(task, ending?.metrics[place]);
      });
      this.losses.set(keyOf(tasks), losses);
    }
    if (leaves.includes('row losses') && !this.takeRows(tasks[0], from ?? tasks[0], folder)) {
      this.fail(planned, 'its losses at single rows are missing, or are not of the rows of the others');
      return;
    }
    if (leaves.includes('model')) this.sources.set(tasks[0], hasLeft(folder, 'model'));
    this.ended++;
  }

  /** @returns Whether they are there, and as many as others of the task. */
  private takeRows(task: number, from: number, folder: string): boolean {
    const rows = readRowLosses(folder);
    const [other] = this.atRows[task].values();
    if (rows === undefined || (other !== undefined && other.length !== rows.length)) return false;
    // Without a row there is nothing to tell starts apart by.
    if (rows.length > 0) this.atRows[task].set(from, rows);
    return true;
  }

  /** Notes that a network came to no result. */
  fail(planned: PlannedTraining, why: string): void {
    this.failures.push(`${tasksText(this.tasks, planned)} (${why.replace(/\.$/, '')})`);
    if (planned.leaves.includes('model')) this.sources.set(planned.tasks[0], false);
    this.ended++;
  }

  /** Cells are empty where a network was not trained to its end. */
  matrices(measures: readonly TrainingsMeasure[]): readonly RelatednessMatrix[] {
    const reached = {
      losses: (tasks: readonly number[]) => this.losses.get(keyOf(tasks)),
      atRows: (task: number, from: number) => this.atRows[task].get(from),
    };
    return measures.map((measure) => matrixOf(measure, valuesOfTrainings(measure, this.tasks.length, reached)));
  }

  /** What a person should know of the matrices. @param total How many networks were to be trained. */
  warnings(total: number): readonly string[] {
    const { tasks, failures, ending } = this;
    const unmeasured = tasks.filter((_, task) => this.lossOf(task, ending.metrics[task]) === null);
    const more = failures.length > failuresTold ? `; and ${failures.length - failuresTold} more` : '';
    return [
      ...(unmeasured.length > 0
        ? [
            `What more training brings is not known of ${unmeasured.join(', ')}: no validation or test row has a label. Give \`split\` some validation rows.`,
          ]
        : []),
      ...(failures.length > 0
        ? [
            `${failures.length} of ${total} trainings for relatedness came to no result, so their cells are empty: ${failures.slice(0, failuresTold).join('; ')}${more}.`,
          ]
        : []),
    ];
  }

  private lossOf(task: number, metrics: Ending['metrics'][number] | undefined): number | null {
    return decidingLoss(this.ending.metrics[task], metrics) ?? null;
  }
}

function keyOf(tasks: readonly number[]): string {
  return tasks.join(' ');
}
