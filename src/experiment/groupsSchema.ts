import { z } from 'zod';

const taskList = z.array(z.union([z.string().min(1), z.number()]).meta({ refersTo: 'task' })).min(1);

const groupSchema = z
  .strictObject({
    tasks: taskList.meta({ description: 'The tasks that are trained in this network.' }),
    serves: taskList.optional().meta({
      description:
        'Those of its tasks that this network answers for; all of them if not given. The others help them, and are served by another network.',
    }),
  })
  .meta({ title: 'Group', description: 'A network: the tasks that are trained in it, and those that it serves.' });

/** Networks that are trained apart from each other. */
export const groupsSchema = z
  .array(
    z.union([
      taskList.meta({ title: 'Tasks of a group', description: 'A network that serves all its tasks.' }),
      groupSchema,
    ]),
  )
  .min(1)
  .meta({
    title: 'Groups',
    description:
      'Which tasks are trained together: a list of networks, each a list of its tasks, or `tasks` and those of them that it `serves`. Every task is served by exactly one. Each network is a run of its own, with the rows, splits, preprocessing and scales of all tasks; a task by itself is trained as a baseline is. Without it all tasks are trained together.',
    examples: [[['first', 'second'], ['third']]],
  });
