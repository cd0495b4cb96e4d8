import { element, setAttribute, setText } from '../shared/dom';
import { oneLine, shorten } from '../../src/figures/labels';
import { atMoment, epochOf } from '../../src/figures/moments';
import type { LineChart } from '../shared/lineChart';
import { createLineChart } from '../shared/lineChart';
import type { ChartLine } from '../shared/lineSpec';
import { shortValue } from '../../src/figures/numbers';
import { lineStyle } from '../../src/figures/palette';
import type { Theme } from '../shared/theme';
import { button } from '../shared/toolkit';
import type { Cell } from './cellWords';
import { cellSentence, cellValueWords } from './cellWords';
import type { MeasureHistory } from './measureHistory';
import { pairHistory } from './matrixModel';

/** A pair by its row and column among all that there are. */
export interface PairState extends Cell {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** Of the measures that are shown. */
  readonly histories: readonly MeasureHistory[];
  readonly theme: Theme;
}

/** The history of one pair over the epochs, a chart for each measure that is shown and has some. */
export function createPairPane(close: () => void) {
  const title = element('h2', { class: 'pair-title' });
  const closer = button({ icon: 'close', title: 'Close this pair', appearance: 'icon', press: close });
  const charts = [createPairChart(), createPairChart()];
  const node = element('section', { class: 'pair-pane', attributes: { 'aria-label': 'History of a pair' } }, [
    element('div', { class: 'pair-head' }, [title, closer.node]),
    element(
      'div',
      { class: 'pair-charts' },
      charts.map((chart) => chart.node),
    ),
  ]);
  return {
    node,
    update(state: PairState | undefined) {
      node.hidden = state === undefined;
      if (state === undefined) return;
      const names = `${oneLine(state.rows[state.row])} × ${oneLine(state.columns[state.column])}`;
      setText(title, names);
      setAttribute(title, 'title', names);
      charts.forEach((chart, place) => chart.update(state, state.histories.at(place)));
    },
  };
}

function createPairChart() {
  const value = element('div', { class: 'pair-now' });
  const sentence = element('div', { class: 'pair-sentence' });
  const place = element('div', { class: 'pair-chart' });
  const node = element('div', {}, [value, sentence, place]);
  let chart: LineChart | undefined;
  return {
    node,
    update(state: PairState, history: MeasureHistory | undefined) {
      node.hidden = history === undefined;
      if (history === undefined) return;
      const { words, moments, position } = history;
      const { at, matrix } = moments[position];
      const epoch = epochOf(at);
      const read = { rows: state.rows, columns: state.columns, values: matrix.values, ...words };
      setText(value, `${words.title}: ${cellValueWords(read, state)}${atMoment(at)}`);
      setText(sentence, cellSentence(read, state));
      place.hidden = epoch === undefined;
      if (epoch === undefined) return;
      if (chart === undefined) {
        chart = createLineChart();
        place.append(chart.node);
      }
      const lines = linesOf(state, history);
      const names = `${shorten(state.rows[state.row], 80)} and ${shorten(state.columns[state.column], 80)}`;
      chart.draw(
        {
          lines,
          x: { label: 'Epoch', log: false, format: (x) => shortValue(x), whole: true },
          y: { label: words.title, log: false },
          description: `${words.title} of ${names} over ${lines[0]?.points.x.length ?? 0} epochs.`,
          at: epoch,
        },
        state.theme,
      );
    },
  };
}

function linesOf({ row, column, rows, columns, theme }: PairState, { words, moments }: MeasureHistory): ChartLine[] {
  const line = (from: number, to: number, place: number): ChartLine => ({
    key: `${from}-${to}`,
    group: `${from}-${to}`,
    label: `${rows[from]} ${words.directed ? '→' : '×'} ${columns[to]}`,
    detail: '',
    points: pairHistory(moments, from, to),
    ...lineStyle(place, theme.kind),
    dash: [],
    width: 2,
  });
  return words.directed && row !== column ? [line(row, column, 0), line(column, row, 1)] : [line(row, column, 0)];
}
