import type { RelatednessValues } from '../../src/relatedness';
import type { GroupingOptions, TaskGrouping } from '../../src/relatedness/grouping';
import { groupTasks } from '../../src/relatedness/grouping';

/** Which groups are looked for. */
export interface GroupingRequest {
  readonly values: RelatednessValues;
  readonly higherIsCloser: boolean;
  readonly options: GroupingOptions;
}

/** What comes back. */
export type GroupingAnswer = { readonly grouping: TaskGrouping } | { readonly failure: string };

/** What of a worker's own scope is used here; the page's types have that of a window. */
const scope = self as unknown as Pick<Worker, 'postMessage' | 'addEventListener'>;

// A selection of networks for fifty tasks takes seconds, in which a page would stand still.
scope.addEventListener('message', (({ data }: MessageEvent<GroupingRequest>) =>
  scope.postMessage(answerTo(data))) as EventListener);

function answerTo({ values, higherIsCloser, options }: GroupingRequest): GroupingAnswer {
  try {
    return { grouping: groupTasks(values, higherIsCloser, options) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
