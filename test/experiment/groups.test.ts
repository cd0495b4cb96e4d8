import { describe, expect, test } from 'vitest';
import { checkExperiment } from '../../src/experiment/check';
import { networkExperiment, networksOf, withGroups, withoutGroups } from '../../src/experiment/groups';
import { formatProblem } from '../../src/experiment/place';
import { renderExperiment } from '../../src/experiment/render';
import type { Experiment } from '../../src/experiment/schema';

/** Three lines, and the rest from the fourth. */
function experiment(rest: string): string {
  const tasks = '{ a: { target: y1, kind: regression }, b: { target: y2, kind: binary } }';
  return ['name: x', 'data: { source: a.csv }', `tasks: ${tasks}`, rest, ''].join('\n');
}

function soundOne(rest: string): Experiment {
  return checkExperiment(experiment(rest)).experiment!;
}

const cases: readonly [what: string, rest: string, problems: readonly string[]][] = [
  ['in short and in full', 'groups: [[a], { tasks: [a, b], serves: [b] }]', []],
  ['a network for all tasks', 'groups: [{ tasks: [b, a] }]', []],
  [
    'a task that is not there',
    'groups: [[a], [bb]]',
    [
      '4:1: error: Task `b` is served by no group. Add it to one, or give it a group of its own.',
      '4:16: error: There is no task `bb`. Did you mean `b`? -> b',
    ],
  ],
  [
    'a task that two networks serve',
    'groups: [[a, b], { tasks: [a, b] }]',
    [
      '4:28: error: Task `a` is served by group 1 already. Say under `serves` of one of the two what that one is for.',
      '4:31: error: Task `b` is served by group 1 already. Say under `serves` of one of the two what that one is for.',
    ],
  ],
  [
    'tasks that are served by none',
    'groups: [{ tasks: [a, b], serves: [a] }]',
    ['4:1: error: Task `b` is served by no group. Add it to one, or give it a group of its own.'],
  ],
  [
    'a network that serves what it does not train',
    'groups: [{ tasks: [a, b], serves: [a] }, { tasks: [b], serves: [a, b] }]',
    ['4:65: error: There is no task `a`. The tasks are `b`.'],
  ],
  ['a task twice in one network', 'groups: [[a, b, a]]', ['4:17: error: Task `a` is named twice. Take it out here.']],
  [
    'an empty group',
    'groups: [[a, b], []]',
    ['4:18: error: Item 2 of `groups` is an empty list. Write at least one value in it.'],
  ],
  ['no group', 'groups: []', ['4:9: error: `groups` is an empty list. Write at least one value in it.']],
  [
    'a task that is not trained',
    'only: [b]\ngroups: [[b], [a]]',
    [
      '4:1: information: There is one task, so nothing is shared and there is no relatedness to measure.',
      '5:16: error: Task `a` is not among those of `only`. Add it there, or take it out here.',
    ],
  ],
  [
    'no sharing',
    'groups: [[a, b]]\nmodel: { sharing: single-task }',
    [
      '4:1: warning: `sharing: single-task` trains each task alone, whatever its group. Take `groups` out, or choose another `sharing`.',
    ],
  ],
];

describe('groups', () => {
  test.each(cases)('%s', (_, rest, problems) => {
    const found = checkExperiment(experiment(rest));
    expect(
      found.problems.map((problem) => {
        const line = formatProblem('f', problem).slice(2);
        return problem.suggestion === undefined ? line : `${line} -> ${problem.suggestion}`;
      }),
    ).toEqual(problems);
    expect(found.experiment === undefined).toBe(problems.some((problem) => problem.includes(': error: ')));
  });

  test('are read in both forms, and written in the shorter one that says as much', () => {
    const read = soundOne('groups: [[a], { tasks: [a, b], serves: [b] }]');
    const networks = networksOf(read)!;
    expect(networks).toEqual([
      { tasks: ['a'], serves: ['a'] },
      { tasks: ['a', 'b'], serves: ['b'] },
    ]);
    const plain = withoutGroups(read);
    expect(networksOf(plain)).toBeUndefined();
    expect(renderExperiment(plain)).not.toContain('groups');
    expect(withGroups(plain, networks)).toEqual(read);
    expect(checkExperiment(renderExperiment(withGroups(plain, networks))).experiment).toEqual(read);
  });

  test('a network is the experiment of its tasks; a task by itself is as in a baseline', () => {
    const read = soundOne('groups: [[a, b]]\nbaseline: single-task\ntraining: { weighting: pcgrad }');
    const two = networkExperiment(read, { tasks: ['b', 'a'] });
    expect(two).toEqual({ ...withoutGroups(read), only: ['b', 'a'] });
    const one = networkExperiment(read, { tasks: ['b'] });
    expect(one).toMatchObject({ only: ['b'], model: { sharing: { name: 'single-task' } }, baseline: 'none' });
    expect(one.training.weighting).toEqual({ name: 'equal' });
    expect(checkExperiment(renderExperiment(one)).experiment).toEqual(one);
  });
});
