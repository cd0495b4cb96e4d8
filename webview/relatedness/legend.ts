import { cssColour } from '../shared/colour';
import { element, setText } from '../shared/dom';
import { shorten } from '../shared/labels';
import { cellValue, shortValue } from '../shared/numbers';
import type { ColourScale } from '../shared/palette';
import type { MeasureWords } from './measureWords';
import type { Cell } from './heatmapDrawing';
import type { Pair } from './matrixModel';

export interface LegendState {
  readonly words: MeasureWords;
  readonly scale: ColourScale;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly extremes: { readonly highest: Pair; readonly lowest: Pair } | undefined;
  readonly unknown: number;
}

/** What the colours mean, with words at both ends, and the two pairs that stand out. */
export function createMatrixLegend(choose: (cell: Cell) => void) {
  const bar = element('div', { class: 'scale-bar', attributes: { 'aria-hidden': 'true' } });
  const ends = [0, 1, 2].map(() => ({
    value: element('span', { class: 'scale-value' }),
    word: element('span', { class: 'scale-word' }),
  }));
  const summary = element('p', { class: 'note' });
  const unknownWord = element('span');
  const unknown = element('div', { class: 'unknown-key' }, [element('span', { class: 'unknown-sample' }), unknownWord]);
  const highest = createPairButton('Highest', choose);
  const lowest = createPairButton('Lowest', choose);
  const node = element('aside', { class: 'matrix-legend', attributes: { 'aria-label': 'Legend' } }, [
    element('div', { class: 'scale' }, [
      bar,
      element(
        'div',
        { class: 'scale-ends' },
        ends.map(({ value, word }) => element('div', { class: 'scale-end' }, [value, word])),
      ),
    ]),
    unknown,
    element('div', { class: 'pair-buttons' }, [highest.node, lowest.node]),
    summary,
  ]);
  return {
    node,
    update({ words, scale, rows, columns, extremes, unknown: count }: LegendState) {
      const stops = Array.from({ length: 13 }, (_, place) =>
        cssColour(scale.at(scale.low + ((scale.high - scale.low) * place) / 12)),
      );
      bar.style.background = `linear-gradient(to right, ${stops.join(', ')})`;
      const middle = (scale.low + scale.high) / 2;
      const texts = [words.low, scale.low < 0 ? words.middle : '', words.high];
      [scale.low, middle, scale.high].forEach((value, place) => {
        setText(ends[place].value, shortValue(Number(value.toPrecision(3))));
        setText(ends[place].word, texts[place]);
      });
      setText(summary, words.summary);
      unknown.hidden = count === 0;
      setText(unknownWord, words.unknown);
      highest.update(extremes?.highest, rows, columns);
      lowest.update(extremes?.lowest, rows, columns);
    },
  };
}

function createPairButton(label: string, choose: (cell: Cell) => void) {
  let pair: Pair | undefined;
  const names = element('span', { class: 'pair-names' });
  const value = element('span', { class: 'pair-value' });
  const node = element(
    'button',
    {
      class: 'pair-button',
      attributes: { type: 'button', title: 'Show this pair over the epochs' },
      on: {
        click: () => {
          if (pair !== undefined) choose(pair);
        },
      },
    },
    [element('span', { class: 'field-label', text: label }), names, value],
  );
  return {
    node,
    update(next: Pair | undefined, rows: readonly string[], columns: readonly string[]) {
      pair = next;
      node.hidden = next === undefined;
      if (next === undefined) return;
      setText(names, `${shorten(rows[next.row] ?? '', 20)} × ${shorten(columns[next.column] ?? '', 20)}`);
      setText(value, cellValue(next.value));
    },
  };
}
