import type { TaskPrediction } from '../relatedness/grouping/prediction';
import { foretold, type CheckedPair, type GroupCheck } from '../runs/groupCheck';
import type { TaskChange } from '../runs/gain';
import { intervalText, nameOf, percent, spreadText } from './comparison';
import { count, formatNumber } from './format';
import { title } from './results';
import { renderTable } from './tables';

/** What was foretold of the tasks of a run, and by what. */
export interface Foretelling {
  readonly measure: string;
  /** By task. */
  readonly predictions: ReadonlyMap<string, TaskPrediction>;
}

const verdictSentences: Readonly<Record<GroupCheck['verdict'], string>> = {
  held: 'The recommendation held: these groups are better than all tasks together and than each alone.',
  'did not hold': 'The recommendation did not hold: something that the groups stand against is better than they are.',
  'cannot be told': 'Whether the recommendation held cannot be told.',
};

interface ShownPair {
  readonly pair: CheckedPair;
  /** Such as `Groups against all together`. */
  readonly title: string;
  readonly sides: readonly [base: string, own: string];
  readonly foretelling?: Foretelling;
}

/** What a check says, in sentences and in a table for each two that it compares. */
export function renderCheck(check: GroupCheck, foretelling: Foretelling): string {
  const shown = pairsOf(check, foretelling);
  if (shown.length === 0) return 'Nothing can be compared: no seed has all its runs finished.';
  return [[title(verdictOf(check)), ...shown.map(sentence), ...foretoldText(check, foretelling)].join('\n')]
    .concat(shown.map(table), meaning(shown[0].pair))
    .join('\n\n');
}

function verdictOf({ verdict, againstAlone, againstTogether }: GroupCheck): string {
  if (verdict !== 'held' || (againstAlone && againstTogether)) return verdictSentences[verdict];
  const other = againstAlone ? 'each alone' : 'all tasks together';
  return `The recommendation held: it is better than ${other}, and it is the same as the other choice.`;
}

function pairsOf({ againstTogether, againstAlone, togetherAgainstAlone }: GroupCheck, foretelling: Foretelling) {
  const pairs: readonly (Omit<ShownPair, 'pair'> & { readonly pair: CheckedPair | undefined })[] = [
    {
      pair: againstTogether,
      title: 'Groups against all together',
      sides: ['together', 'groups'],
      foretelling,
    },
    { pair: againstAlone, title: 'Groups against each alone', sides: ['alone', 'groups'] },
    { pair: togetherAgainstAlone, title: 'All together against each alone', sides: ['alone', 'together'] },
  ];
  return pairs.flatMap((entry): ShownPair[] => (entry.pair === undefined ? [] : [{ ...entry, pair: entry.pair }]));
}

function sentence({ title: what, pair: { gain, pValue, verdict } }: ShownPair): string {
  const { overall } = gain;
  const interval = overall.interval === undefined ? '' : `, 95 % interval ${intervalText(overall)}`;
  const tested = pValue === undefined ? '' : pValue < 0.001 ? ', p < 0.001' : `, p = ${pValue.toPrecision(2)}`;
  return `${what}: ${verdict} (Δm ${percent(overall.mean)} %${interval}${tested}).`;
}

function foretoldText({ againstTogether }: GroupCheck, { measure, predictions }: Foretelling): string[] {
  if (againstTogether === undefined) return [];
  const changes = new Map([...predictions].map(([task, { change }]) => [task, change]));
  const { tasks, right, spearman } = foretold(changes, againstTogether.gain);
  if (tasks === 0) return [];
  const ranks = spearman === null ? '' : ` The rank correlation of the two is ${spearman.toFixed(2)}.`;
  return [
    `Of ${count(tasks, 'task')} ${measure} foretells whether it gains by the groups over all together: of ${right} it was right.${ranks}`,
  ];
}

function table({ title: what, sides: [base, own], pair: { gain, verdict }, foretelling }: ShownPair): string {
  const extra = (task: TaskChange) => (foretelling ? [changeText(foretelling.predictions.get(task.task))] : []);
  const rows = gain.tasks.map((task) => {
    const { alone, shared } = task.metrics[task.metric]!;
    const change = [percent(task.mean), intervalText(task), taskVerdicts[task.verdict]];
    return [...nameOf(task), spreadText(alone), spreadText(shared), ...change, ...extra(task)];
  });
  const { overall } = gain;
  const all = ['all (Δm)', '', '', '', percent(overall.mean), intervalText(overall), verdict];
  const head = ['task', 'metric', base, own, 'gain %', '95 % interval', 'verdict'];
  const foretoldHead = foretelling ? ['foretold'] : [];
  return `${title(what)}\n${renderTable([...head, ...foretoldHead], [...rows, [...all, ...(foretelling ? [''] : [])]], 2)}`;
}

const taskVerdicts = { helped: 'better', hurt: 'worse', 'cannot be told': 'cannot be told' } as const;

/** The change in the units of the measure, turned so that above 0 is closer. */
function changeText(prediction: TaskPrediction | undefined): string {
  const change = prediction?.change ?? null;
  if (change === null) return '-';
  return change > 0 ? `+${formatNumber(change)}` : formatNumber(change);
}

function meaning({ gain: { seeds, tasks } }: CheckedPair): string {
  const sign = 'Above 0 the first of the two is better, whichever way the metric goes.';
  if (seeds.length === 1)
    return `${sign} There is one seed, so nothing can be told about chance: give --seeds five or more.`;
  const many = `Holm's correction for ${count(tasks.length, 'task')}`;
  return `${sign} Over ${count(seeds.length, 'seed')}: paired t tests at p < 0.05, of the tasks with ${many}, of Δm for the two that decide. \`foretold\` is by how much closer a task's group is than all tasks are.`;
}
