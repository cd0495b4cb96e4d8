import type { Finding, Path } from '../experiment/problem';
import type { PrivateEncoder } from '../experiment/schema';
import { code } from '../experiment/wording';
import { counted, error } from './findings';
import type { EncodedInputs } from './encodeInputs';
import type { SplitPositions } from './split';
import type { TableTask } from './tableTasks';
import { splitNames } from './taskSet';
import type { SplitName, SplitRows, Stream, TaskInfo } from './taskSet';

/** A prepared table: its tasks, the rows of its splits and their encoded inputs. */
export interface PreparedTable {
  readonly name: string;
  readonly tasks: readonly TableTask[];
  readonly positions: SplitPositions;
  readonly inputs: EncodedInputs;
  /** Only where the table is that of one task. */
  readonly encoder?: PrivateEncoder;
}

/** Makes a stream of each table and puts all in order: tasks as in the experiment file, streams by their first task. */
export function assemble(tables: readonly PreparedTable[]): { readonly tasks: TaskInfo[]; readonly streams: Stream[] } {
  const ordered = [...tables].sort((a, b) => a.tasks[0].order - b.tasks[0].order);
  const placed = ordered
    .flatMap((table, stream) => table.tasks.map((task, column) => ({ task, stream, column })))
    .sort((a, b) => a.task.order - b.task.order);
  const tasks = placed.map(({ task, stream, column }): TaskInfo => {
    const { name, kind, outputs, classes, mean, deviation, loss } = task;
    return { name, kind, stream, column, outputs, classes, mean, deviation, loss };
  });
  const positionOf = new Map(placed.map(({ task }, position) => [task, position]));
  const streams = ordered.map((table): Stream => {
    const { inputWidth, numericWidth, inputNames, categorical, preprocessing } = table.inputs;
    return {
      name: table.name,
      inputWidth,
      numericWidth,
      inputNames,
      categorical,
      preprocessing,
      tasks: table.tasks.map((task) => positionOf.get(task)!),
      splits: splitsOf(table),
      ...(table.encoder ? { encoder: table.encoder } : {}),
    };
  });
  return { tasks, streams };
}

function splitsOf({ positions, inputs, tasks }: PreparedTable): Stream['splits'] {
  const split = (name: SplitName): SplitRows => {
    const rows = positions[name];
    const targets = new Float32Array(rows.length * tasks.length);
    const mask = new Float32Array(rows.length * tasks.length);
    tasks.forEach(({ labels }, column) => {
      let place = column;
      for (const row of rows) {
        const label = labels[row];
        if (!Number.isNaN(label)) {
          targets[place] = label;
          mask[place] = 1;
        }
        place += tasks.length;
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
  const taskOf = (stream: number) => tasks[streams[stream].tasks[0]].name;
  const hasLayers = (stream: number) => (streams[stream].encoder?.layers.length ?? 0) > 0;
  const described = (stream: number) =>
    `${code(taskOf(stream))} (${counted(entering[stream], hasLayers(stream) ? 'unit' : 'input')})`;
  const units = streams.map(({ encoder }) => encoder?.layers.at(-1)).find((width) => width !== undefined) ?? 100;
  const remedy = streams.every((_, stream) => hasLayers(stream))
    ? 'Give the last layers of their encoders the same number of units.'
    : `Add \`encoder: { layers: [${units}] }\` to each of them.`;
  const message = `Tasks ${described(0)} and ${described(differing)} enter the shared encoder with different widths. ${remedy}`;
  const path: Path = ['tasks', taskOf(differing)];
  return [error('input-widths-differ', streams[differing].encoder ? [...path, 'encoder', 'layers'] : path, message)];
}
