import type { Extremes, Pair } from '../../src/figures/extremePairs';
import { scaleMarks } from '../../src/figures/scale';
import { cssColour } from '../../src/figures/colour';
import { element, setText } from '../shared/dom';
import { shorten } from '../../src/figures/labels';
import { cellValue, shortValue } from '../../src/figures/numbers';
import type { ColourScale } from '../../src/figures/palette';
import { decimalsOf } from '../../src/figures/palette';
import type { Cell } from './cellWords';
import type { MeasureWords } from '../../src/figures/measureWords';
import { readingOf } from '../../src/figures/measureWords';

export interface LegendState {
  readonly words: MeasureWords;
  readonly scale: ColourScale;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly extremes: Extremes | undefined;
  readonly unknown: number;
  /** Whether cells have marks for their intervals. */
  readonly marked?: boolean;
  /** What the tree beside the rows says, where there is one. */
  readonly tree?: string;
}

/** What the colours mean, with words at both ends, and the two pairs that stand out. */
export function createMatrixLegend(choose: (cell: Cell) => void, chooseTitle: string) {
  const bar = element('div', { class: 'scale-bar', attributes: { 'aria-hidden': 'true' } });
  const ends = [0, 1, 2].map(() => ({
    value: element('span', { class: 'scale-value' }),
    word: element('span', { class: 'scale-word' }),
  }));
  const summary = element('p', { class: 'note' });
  const reading = element('p', { class: 'note scale-reading' });
  const treeNote = element('p', { class: 'note' });
  const undecided = element('div', { class: 'mark-key' }, [
    element('span', { class: 'mark-sample mark-corner' }),
    element('span', { text: 'may be unrelated: the 95 % interval holds the neutral value' }),
  ]);
  const wide = element('div', { class: 'mark-key' }, [
    element('span', { class: 'mark-sample mark-dot' }),
    element('span', { text: 'the wider the circle, the wider the 95 % interval over seeds' }),
  ]);
  const absent = element('span');
  const unknown = element('div', { class: 'unknown-key' }, [element('span', { class: 'unknown-sample' }), absent]);
  const highest = createPairButton('Highest', choose, chooseTitle);
  const lowest = createPairButton('Lowest', choose, chooseTitle);
  const node = element('aside', { class: 'matrix-legend', attributes: { 'aria-label': 'Legend' } }, [
    element('div', { class: 'scale' }, [
      bar,
      element(
        'div',
        { class: 'scale-ends' },
        ends.map(({ value, word }) => element('div', { class: 'scale-end' }, [value, word])),
      ),
    ]),
    reading,
    unknown,
    undecided,
    wide,
    element('div', { class: 'pair-buttons' }, [highest.node, lowest.node]),
    summary,
    treeNote,
  ]);
  return {
    node,
    update({ words, scale, rows, columns, extremes, unknown: count, tree = '', marked = false }: LegendState) {
      undecided.hidden = !marked || words.neutral === undefined;
      wide.hidden = !marked;
      setText(treeNote, tree);
      treeNote.hidden = tree === '';
      const marks = scaleMarks(words, scale);
      const [from, , to] = marks.map(({ value }) => value);
      const stops = Array.from({ length: 13 }, (_, place) => cssColour(scale.at(from + ((to - from) * place) / 12)));
      bar.style.background = `linear-gradient(to right, ${stops.join(', ')})`;
      marks.forEach(({ value, word }, place) => {
        setText(ends[place].value, shortValue(Number(value.toPrecision(3))));
        setText(ends[place].word, word);
      });
      setText(summary, words.summary);
      setText(reading, readingOf(words));
      reading.hidden = reading.textContent === '';
      setText(absent, words.absent);
      unknown.hidden = count === 0;
      const read = { rows, columns, words, decimals: decimalsOf(scale) };
      highest.update(extremes?.highest, read);
      lowest.update(extremes?.lowest, read);
    },
  };
}

function createPairButton(label: string, choose: (cell: Cell) => void, title: string) {
  let pair: Pair | undefined;
  const names = element('span', { class: 'pair-names' });
  const value = element('span', { class: 'pair-value' });
  const sentence = element('span', { class: 'pair-sentence' });
  const node = element(
    'button',
    {
      class: 'pair-button',
      attributes: { type: 'button', title },
      on: {
        click: () => {
          if (pair !== undefined) choose(pair);
        },
      },
    },
    [element('span', { class: 'field-label', text: label }), value, names, sentence],
  );
  return {
    node,
    update(
      next: Pair | undefined,
      {
        rows,
        columns,
        words,
        decimals,
      }: Pick<LegendState, 'rows' | 'columns' | 'words'> & { readonly decimals: number },
    ) {
      pair = next;
      node.hidden = next === undefined;
      if (next === undefined) return;
      const [row, column] = [rows[next.row], columns[next.column]].map((name) => shorten(name, 60));
      setText(names, `${row} ${words.directed ? '→' : '×'} ${column}`);
      setText(value, cellValue(next.value, decimals));
      setText(sentence, words.say === undefined ? '' : `${words.say(next.value, row, column)}.`);
    },
  };
}
