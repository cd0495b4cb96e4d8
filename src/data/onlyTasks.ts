import { splitNames, type SplitRows, type Stream, type TaskInfo } from './taskSet';

/**
 * Some of the tasks of a prepared task set, in its order, as they are prepared among all of them. Rows that have a label
 * for none of them are taken out.
 */
export function keepTasks(
  tasks: readonly TaskInfo[],
  streams: readonly Stream[],
  names: readonly string[],
): { readonly tasks: TaskInfo[]; readonly streams: Stream[] } {
  const kept = tasks.filter(({ name }) => names.includes(name));
  const used = streams.map((_, stream) => stream).filter((stream) => kept.some((task) => task.stream === stream));
  const columnsOf = (stream: number) =>
    kept.filter((task) => task.stream === stream).sort((a, b) => a.column - b.column);
  return {
    tasks: kept.map((task) => ({
      ...task,
      stream: used.indexOf(task.stream),
      column: columnsOf(task.stream).indexOf(task),
    })),
    streams: used.map((position) => {
      const own = columnsOf(position);
      const stream = streams[position];
      const columns = own.map(({ column }) => column);
      const splits = splitNames.map((split) => [split, keepColumns(stream, stream.splits[split], columns)]);
      return {
        ...stream,
        tasks: own.map((task) => kept.indexOf(task)),
        splits: Object.fromEntries(splits) as Stream['splits'],
      };
    }),
  };
}

function keepColumns(stream: Stream, split: SplitRows, columns: readonly number[]): SplitRows {
  const width = stream.tasks.length;
  const labelled = (row: number) => columns.some((column) => split.mask[row * width + column] === 1);
  const rows = Array.from({ length: split.rows }, (_, row) => row).filter(labelled);
  const taken = <Numbers extends Float32Array | Uint16Array>(
    from: Numbers,
    into: Numbers,
    fromWidth: number,
    chosen: readonly number[],
  ): Numbers => {
    let place = 0;
    for (const row of rows) for (const column of chosen) into[place++] = from[row * fromWidth + column];
    return into;
  };
  const all = (count: number) => Array.from({ length: count }, (_, column) => column);
  const floats = (count: number) => new Float32Array(rows.length * count);
  const { numericWidth, categorical } = stream;
  return {
    rows: rows.length,
    numeric: taken(split.numeric, floats(numericWidth), numericWidth, all(numericWidth)),
    codes: taken(
      split.codes,
      new Uint16Array(rows.length * categorical.length),
      categorical.length,
      all(categorical.length),
    ),
    targets: taken(split.targets, floats(columns.length), width, columns),
    mask: taken(split.mask, floats(columns.length), width, columns),
  };
}
