import type { Finding } from '../experiment/problem';
import { counted, error, quoted } from './findings';
import type { EncodedInputs } from './inputs';
import type { SplitPositions } from './split';
import type { TableTask } from './tableTasks';
import { splitNames } from './taskSet';
import type { Stream, SplitRows, TaskInfo } from './taskSet';

/** A prepared table: its tasks, the rows of its splits and their encoded inputs. */
export interface PreparedTable {
  readonly name: string;
  readonly tasks: readonly TableTask[];
  readonly positions: SplitPositions;
  readonly inputs: EncodedInputs;
}

type Member = Omit<TaskInfo, 'stream' | 'column'> & Pick<TableTask, 'order' | 'labels' | 'encoder'>;
interface Draft {
  readonly name: string;
  readonly table: PreparedTable;
  readonly members: readonly Member[];
}

/** Puts tasks and streams in order: tasks as in the experiment file, streams by the first of their tasks. */
export function assemble(tables: readonly PreparedTable[]): { readonly tasks: TaskInfo[]; readonly streams: Stream[] } {
  const drafts = tables.flatMap(draftStreams).sort((a, b) => a.members[0].order - b.members[0].order);
  const placed = drafts
    .flatMap(({ members }, stream) => members.map((member, column) => ({ member, stream, column })))
    .sort((a, b) => a.member.order - b.member.order);
  const tasks = placed.map(({ member, stream, column }): TaskInfo => {
    const { name, kind, outputs, classes, mean, deviation, loss } = member;
    return { name, kind, stream, column, outputs, classes, mean, deviation, loss };
  });
  const positionOf = new Map(placed.map(({ member }, position) => [member, position]));
  const streams = drafts.map(({ name, table, members }): Stream => {
    const { inputWidth, numericWidth, inputNames, categorical } = table.inputs;
    const { encoder } = members[0];
    return {
      name,
      inputWidth,
      numericWidth,
      inputNames,
      categorical,
      tasks: members.map((member) => positionOf.get(member)!),
      splits: splitsOf(table, members),
      ...(encoder ? { encoder } : {}),
    };
  });
  return { tasks, streams };
}

/** Tasks of one table make one stream, but a task with an encoder of its own needs a stream of its own. */
function draftStreams(table: PreparedTable): Draft[] {
  const common = table.tasks.filter(({ encoder }) => encoder === undefined);
  const own = table.tasks.filter(({ encoder }) => encoder !== undefined);
  return [
    ...(common.length > 0 ? [{ name: table.name, table, members: common }] : []),
    ...own.map((task) => ({ name: task.name, table, members: [task] })),
  ];
}

function splitsOf({ positions, inputs }: PreparedTable, members: readonly Member[]): Stream['splits'] {
  const split = (name: keyof SplitPositions): SplitRows => {
    const rows = positions[name];
    const targets = new Float32Array(rows.length * members.length);
    const mask = new Float32Array(rows.length * members.length);
    members.forEach(({ labels }, column) => {
      let place = column;
      for (const row of rows) {
        const label = labels[row];
        if (!Number.isNaN(label)) {
          targets[place] = label;
          mask[place] = 1;
        }
        place += members.length;
      }
    });
    return { rows: rows.length, ...inputs.splits[name], targets, mask };
  };
  return Object.fromEntries(splitNames.map((name) => [name, split(name)])) as Stream['splits'];
}

/** What keeps streams from entering the shared encoder together. */
export function checkWidths(streams: readonly Stream[], tasks: readonly TaskInfo[]): Finding[] {
  const entering = streams.map(({ inputWidth, encoder }) => encoder?.layers.at(-1) ?? inputWidth);
  const differing = entering.findIndex((width) => width !== entering[0]);
  if (differing < 0) return [];
  const describe = (stream: number) =>
    `${quoted(tasks[streams[stream].tasks[0]].name)} (${counted(entering[stream], streams[stream].encoder?.layers.length ? 'unit' : 'input')})`;
  const allPrivate = streams.every(({ encoder }) => encoder && encoder.layers.length > 0);
  const remedy = allPrivate
    ? 'Give the last layer of their encoders the same number of units.'
    : `Add \`encoder: { layers: [${streams[differing].encoder?.layers.at(-1) ?? 100}] }\` to each of them.`;
  const message = `Tasks ${describe(0)} and ${describe(differing)} enter the shared encoder with different widths. ${remedy}`;
  const task = tasks[streams[differing].tasks[0]].name;
  const path = streams[differing].encoder ? ['tasks', task, 'encoder', 'layers'] : ['tasks', task];
  return [error('input-widths-differ', path, message)];
}
