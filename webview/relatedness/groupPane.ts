import { groupingChoices } from '../../src/protocol/groupTasks';
import type { TaskGrouping } from '../../src/relatedness/grouping';
import { cssColour } from '../../src/figures/colour';
import { oneLine, shorten } from '../../src/figures/labels';
import { groupColour } from '../../src/figures/groups';
import { plural, shortValue } from '../../src/figures/numbers';
import type { MeasureWords } from '../../src/figures/measureWords';
import { element, setText } from '../shared/dom';
import type { Theme } from '../shared/theme';
import { button, dropdown } from '../shared/toolkit';
import type { FoundGroups } from './groupFinder';
import type { GroupingChoice } from './grouping';
import { choiceKey, usualGroups } from './grouping';
import type { RelatednessSettings } from './settings';

export interface GroupPaneState {
  readonly tasks: readonly string[];
  readonly words: MeasureWords;
  readonly choice: GroupingChoice | undefined;
  readonly groups: number | undefined;
  readonly found: FoundGroups;
  readonly theme: Theme;
}

const none = { value: '', label: 'Not shown' };

/** Which tasks to train together by what is shown: the control, the groups in words, and what to do with them. */
export function createGroupPane(
  change: (settings: Partial<RelatednessSettings>) => void,
  write: (choice: GroupingChoice, groups: number) => void,
) {
  let state: GroupPaneState | undefined;
  const choose = (choice: string) =>
    change(choice === '' ? { grouping: undefined, order: 'file' } : { grouping: { choice }, order: 'groups' });
  const method = dropdown({ label: 'Groups', choose });
  const number = dropdown({
    label: 'How many',
    choose: (value) => {
      if (state?.choice) change({ grouping: { choice: choiceKey(state.choice), groups: Number(value) } });
    },
  });
  const writer = button({
    label: 'Write experiments for these groups…',
    icon: 'new-file',
    title: 'Write the experiment of these groups, of all tasks together and of each alone, to check the groups',
    press: () => {
      if (state?.choice) write(state.choice, state.groups ?? usualGroups(state.tasks.length));
    },
  });
  const summary = element('p', { class: 'note' });
  const list = element('ol', { class: 'group-list' });
  const score = element('p', { class: 'group-score' });
  const result = element('div', { class: 'group-result', attributes: { 'aria-live': 'polite' } }, [list, score]);
  const node = element('section', { class: 'group-pane', attributes: { 'aria-label': 'Groups to train together' } }, [
    element('div', { class: 'group-controls' }, [method.node, number.node, writer.node]),
    summary,
    result,
  ]);
  let shown = '';
  return {
    node,
    update(next: GroupPaneState) {
      state = next;
      const { choice, tasks, groups = usualGroups(tasks.length), found } = next;
      const choices = groupingChoices.map((known) => ({ value: choiceKey(known), label: known.title }));
      method.update([none, ...choices], choice === undefined ? none.value : choiceKey(choice));
      number.node.hidden = choice === undefined;
      const atMost = choice?.method === 'tag' ? 'at most ' : '';
      number.update(
        tasks.map((_, place) => ({ value: String(place + 1), label: `${atMost}${place + 1}` })),
        String(Math.min(groups, tasks.length)),
      );
      const grouping = found !== undefined && 'grouping' in found ? found.grouping : undefined;
      writer.update({ hidden: choice === undefined, disabled: grouping === undefined });
      summary.hidden = result.hidden = choice === undefined;
      if (choice === undefined) return;
      setText(summary, `${choice.summary} By ${next.words.title}, over all tasks of the run.`);
      const key = JSON.stringify([found ?? null, tasks, next.words.name, next.theme.kind]);
      if (key === shown) return;
      shown = key;
      list.replaceChildren(...(grouping === undefined ? [] : groupItems(grouping, tasks, next.theme)));
      setText(score, sentenceOf(found, next.words, choice));
    },
  };
}

function groupItems({ groups }: TaskGrouping, tasks: readonly string[], theme: Theme): readonly HTMLElement[] {
  return groups.map(({ serves, helpers }, place) => {
    const names = (positions: readonly number[]) => positions.map((task) => shorten(tasks[task], 40)).join(', ');
    const mark = element('span', {
      class: 'group-mark',
      text: String(place + 1),
      attributes: { 'aria-hidden': 'true' },
    });
    mark.style.borderColor = cssColour(groupColour(place, theme.kind));
    const title = serves.map((task) => oneLine(tasks[task])).join(', ');
    return element('li', { attributes: { title } }, [
      mark,
      element('span', {}, [
        element('span', { class: 'visually-hidden', text: `Group ${place + 1}: ` }),
        names(serves),
        ...(helpers.length === 0
          ? []
          : [element('span', { class: 'group-helpers', text: ` — helped by ${names(helpers)}` })]),
      ]),
    ]);
  });
}

function sentenceOf(found: FoundGroups, words: MeasureWords, choice: GroupingChoice): string {
  if (found === undefined) return 'Looking for groups…';
  if ('failure' in found) return `No groups: ${found.failure}`;
  const { score, exact, filled, groups } = found.grouping;
  const direction = words.higherIsCloser ? 'higher is closer' : 'lower is closer';
  const best = choice.method !== 'tag' ? '' : exact ? ' There is no better one.' : ' The best that was found.';
  return [
    score === null
      ? 'A task is alone of which no value by itself is known, so there is no score.'
      : `Score: ${shortValue(score)}, the mean over tasks of what a task has with the others in its group (${direction}).${best}`,
    ...(groups.some(({ helpers }) => helpers.length > 0)
      ? [
          'A helper is trained in a group for what it does for the others there; its own answers come from the group that serves it. Its cells are outlined with dashes.',
        ]
      : []),
    ...(filled > 0
      ? [
          `${plural(filled, 'pair')} had no value and ${filled === 1 ? 'counts' : 'count'} as the mean of what is known of the task.`,
        ]
      : []),
  ].join(' ');
}
