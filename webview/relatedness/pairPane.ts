import { element, setAttribute, setText } from '../shared/dom';
import { oneLine, shorten } from '../shared/labels';
import type { LineChart } from '../shared/lineChart';
import { createLineChart } from '../shared/lineChart';
import type { ChartLine } from '../shared/lineSpec';
import { exactValue, shortValue } from '../shared/numbers';
import { lineStyle } from '../shared/palette';
import type { Theme } from '../shared/theme';
import { button } from '../shared/toolkit';
import type { Cell } from './heatmapDrawing';
import type { MeasureWords } from './measureWords';
import type { Moment } from './matrixModel';
import { pairHistory } from './matrixModel';

export interface PairState {
  readonly pair: Cell;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly moments: readonly Moment[];
  readonly position: number;
  readonly words: MeasureWords;
  readonly theme: Theme;
}

/** The history of one pair over the epochs. */
export function createPairPane(close: () => void) {
  const title = element('h2', { class: 'pair-title' });
  const value = element('div', { class: 'pair-now' });
  const place = element('div', { class: 'pair-chart' });
  const closer = button({ icon: 'close', title: 'Close this pair', appearance: 'icon', press: close });
  const node = element('section', { class: 'pair-pane', attributes: { 'aria-label': 'History of a pair' } }, [
    element('div', { class: 'pair-head' }, [title, closer.node]),
    value,
    place,
  ]);
  let chart: LineChart | undefined;
  return {
    node,
    canvas: () => chart?.canvas,
    update(state: PairState | undefined) {
      node.hidden = state === undefined;
      if (state === undefined) return;
      const { pair, rows, columns, moments, position, words, theme } = state;
      const { epoch, matrix } = moments[position];
      const names = `${oneLine(rows[pair.row])} × ${oneLine(columns[pair.column])}`;
      setText(title, names);
      setAttribute(title, 'title', names);
      const now = matrix.values[pair.row]?.[pair.column] ?? null;
      setText(value, now === null ? `${words.unknown} up to epoch ${epoch}` : `${exactValue(now)} at epoch ${epoch}`);
      if (chart === undefined) {
        chart = createLineChart();
        place.append(chart.node);
      }
      const lines = linesOf(state, matrix.directed);
      chart.draw(
        {
          lines,
          x: { label: 'Epoch', log: false, format: (x) => shortValue(x) },
          y: { label: words.title, log: false },
          description: `${words.title} of ${shorten(names, 160)} over ${lines[0]?.points.x.length ?? 0} epochs.`,
          at: epoch,
        },
        theme,
      );
    },
  };
}

function linesOf({ pair: { row, column }, rows, columns, moments, theme }: PairState, directed: boolean): ChartLine[] {
  const line = (from: number, to: number, place: number): ChartLine => ({
    key: `${from}-${to}`,
    group: `${from}-${to}`,
    label: directed ? `${rows[from]} → ${columns[to]}` : `${rows[from]} × ${columns[to]}`,
    detail: '',
    points: pairHistory(moments, from, to),
    ...lineStyle(place, theme.kind),
    dash: [],
    width: 2,
  });
  return directed && row !== column ? [line(row, column, 0), line(column, row, 1)] : [line(row, column, 0)];
}
