import type { Model } from '../model/model';
import type { UsageMatrix } from '../runs/events';
import { usageName } from './steps';

/** Digits after the point in the journal. */
const precision = 1e6;

/** Collects the probes of a sharing architecture over the batches of an evaluation. */
export interface Usage {
  /**
   * @param mask rows x tasks of the stream.
   * @param results Outputs of the stream's evaluation program.
   */
  add(stream: number, mask: ArrayLike<number>, results: Readonly<Record<string, ArrayLike<number>>>): void;
  /** Means over each task's labelled rows; null where it has none. Empty where no batch was seen. */
  matrices(): readonly UsageMatrix[];
}

export function createUsage({ shared: { probes = [] }, taskSet: { streams } }: Model): Usage {
  const tasks = streams.reduce((sum, stream) => sum + stream.tasks.length, 0);
  const starts = streams.map((_, stream) =>
    streams.slice(0, stream).reduce((sum, { tasks: own }) => sum + own.length, 0),
  );
  const counts = new Float64Array(tasks);
  const sums = probes.map(({ rows, columns }) => new Float64Array(rows.length * columns.length));
  let batches = 0;
  return {
    add(stream, mask, results) {
      if (probes.length === 0) return;
      batches++;
      const width = streams[stream].tasks.length;
      for (let cell = 0; cell < mask.length; cell++) counts[starts[stream] + (cell % width)] += mask[cell];
      probes.forEach(({ name, perRow, columns }, probe) => {
        const values = results[usageName(name)] as ArrayLike<number> | undefined;
        if (!values) return;
        if (!perRow) sums[probe].set(values);
        else {
          const from = starts[stream] * columns.length;
          for (let cell = 0; cell < values.length; cell++) sums[probe][from + cell] += values[cell];
        }
      });
    },
    matrices: () =>
      batches === 0
        ? []
        : probes.map(({ name, title, rows, columns, perRow, shows }, probe) => {
            const value = (row: number, column: number) => {
              const sum = sums[probe][row * columns.length + column];
              if (perRow && counts[row] === 0) return null;
              return Math.round((perRow ? sum / counts[row] : sum) * precision) / precision;
            };
            return {
              name,
              title,
              rows,
              columns,
              ...(shows && { shows }),
              values: rows.map((_, row) => columns.map((__, column) => value(row, column))),
            };
          }),
  };
}
