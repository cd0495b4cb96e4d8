import { decimalsOf } from '../../src/figures/palette';
import { plural } from '../../src/figures/numbers';
import { element, setText } from '../shared/dom';
import type { Theme } from '../shared/theme';
import type { Agreements } from './agreements';
import { fewestTasks } from './agreements';
import type { Cell } from './cellWords';
import { widestMatrix } from './layout';
import { createMatrixTable } from './matrixTable';
import { createMatrixView } from './matrixView';
import type { OnScreen } from './exports';
import { agreementsOnScreen } from './exports';
import type { MatrixSavers } from './saveButtons';
import { matrixSaveButtons } from './saveButtons';

export interface AgreementState {
  /** Made only while the pane is open. */
  readonly agreements: () => Agreements | undefined;
  /** How many tasks they are over. */
  readonly tasks: number;
  /** The measures that are shown. */
  readonly measure: string | undefined;
  readonly second: string | undefined;
  readonly table: boolean;
  readonly theme: Theme;
}

export interface AgreementActions {
  /** Shows two measures side by side, or one. */
  readonly choose: (measure: string, second: string | undefined) => void;
  readonly announce: (text: string) => void;
  /** What the buttons do that save what is shown. */
  readonly exports: (current: () => OnScreen | undefined) => MatrixSavers;
}

/** How far all measures of the run agree with each other, drawn only while it is open. */
export function createAgreementPane({ choose, announce, exports }: AgreementActions) {
  let state: AgreementState | undefined;
  let shown: Agreements | undefined;
  const view = createMatrixView(
    {
      choose: ({ row, column }: Cell) => {
        if (shown !== undefined) choose(shown.measures[row], row === column ? undefined : shown.measures[column]);
      },
      announce,
      // There is no button here that goes back to the whole: the key 0 does.
      zoomChanged: () => undefined,
    },
    'Show these two measures side by side',
  );
  const place = element('div', { class: 'matrix' }, [view.node]);
  const note = element('p', { class: 'note' });
  const table = createMatrixTable();
  const savers = matrixSaveButtons(
    exports(() => shown && agreementsOnScreen(shown, view.heatmap.canvas)),
    'Save the agreement of every two measures as CSV',
  );
  const node = element('details', { class: 'fold agreement-pane', on: { toggle: draw } }, [
    element('summary', { text: 'Agreement of measures' }),
    note,
    place,
    savers,
    table.node,
  ]);

  function draw(): void {
    if (!node.open || state === undefined) return;
    const { theme, measure, second, tasks } = state;
    shown = tasks < fewestTasks ? undefined : state.agreements();
    place.hidden = savers.hidden = shown === undefined;
    setText(note, noteOf(shown, tasks));
    table.update(state.table && shown !== undefined, shown === undefined ? [] : [tabled(shown)]);
    if (shown === undefined) return;
    const { measures, matrix } = shown;
    const chosen = { row: measures.indexOf(measure ?? ''), column: measures.indexOf(second ?? measure ?? '') };
    place.style.setProperty('--widest', `${Math.min(760, widestMatrix(measures.length))}px`);
    view.update({
      matrix,
      theme,
      chosen: chosen.row < 0 || chosen.column < 0 ? undefined : chosen,
      heading: undefined,
      captioned: false,
      roomForDendrogram: false,
    });
  }

  return {
    node,
    update(next: AgreementState) {
      state = next;
      draw();
    },
  };
}

function noteOf(shown: Agreements | undefined, tasks: number): string {
  if (tasks < fewestTasks) return `It takes three tasks to put pairs in an order, here are ${tasks}.`;
  if (shown === undefined) return 'Fewer than two measures have values of these tasks.';
  const without = shown.without.length === 0 ? '' : ` Without a value for any two tasks: ${shown.without.join(', ')}.`;
  return `Of ${plural(tasks, 'task')}, ${shown.moment}. Choose a cell to see its two measures side by side.${without}`;
}

function tabled({ matrix: { words, rows, columns, values, scale }, moment }: Agreements) {
  return { title: words.title, moment, directed: false, rows, columns, values, decimals: decimalsOf(scale) };
}
