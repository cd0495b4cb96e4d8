import type { MatrixFigure } from '../../src/figures/matrixFigure';
import { matricesLatex } from '../../src/figures/matrixLatex';
import { matricesSvg } from '../../src/figures/matrixSvg';
import { fileName } from '../../src/figures/labels';
import { momentWords } from '../../src/figures/moments';
import { scaleMarks } from '../../src/figures/scale';
import type { RunState } from '../../src/runs/state';
import { toCsv } from '../shared/csv';
import { composePicture, pngMessage } from '../shared/exporting';
import type { Panel } from '../shared/panel';
import { runLabel } from '../shared/runStore';
import { agreementHeader, agreementRows, relatednessHeader, relatednessRows } from './csvRows';
import type { Agreements } from './agreements';
import type { Drawing, ShownMatrix } from './drawing';
import type { MatrixSavers } from './saveButtons';

/** Matrices that are on the screen. */
export interface OnScreen {
  readonly figures: readonly MatrixFigure[];
  /** Of the matrices, in their order; there may be more. */
  readonly canvases: readonly HTMLCanvasElement[];
  /** What is saved as numbers, of a run and its state; the name is what follows that of the run. */
  readonly table: (id: string, state: RunState) => { readonly name: readonly string[]; readonly content: string };
}

/** The measures that the panel shows; undefined where it shows none. As numbers all epochs are saved. */
export function drawingOnScreen(
  { rows, matrices }: Drawing,
  canvases: readonly HTMLCanvasElement[],
): OnScreen | undefined {
  if (rows.length === 0) return undefined;
  return {
    figures: matrices.map((matrix) => figureOf(matrix, momentWords(matrix.moment.at))),
    canvases,
    table: (id, state) => ({
      name: ['relatedness'],
      content: toCsv(relatednessHeader, relatednessRows(id, state)),
    }),
  };
}

/** How far all measures agree, as it is shown. */
export function agreementsOnScreen(agreements: Agreements, canvas: HTMLCanvasElement): OnScreen {
  const { matrix, moment } = agreements;
  return {
    figures: [figureOf(matrix, moment)],
    canvases: [canvas],
    table: (id) => ({
      name: [matrix.words.name, moment],
      content: toCsv(agreementHeader, agreementRows(id, agreements)),
    }),
  };
}

/** What the buttons do that save matrices. */
export function createExports(panel: Panel, current: () => OnScreen | undefined): MatrixSavers {
  const name = (id: string) => runLabel(id, panel.view.listings);
  /** Saves what is shown, of the run that it is of. */
  const saving = (save: (shown: OnScreen, run: { readonly id: string; readonly state: RunState }) => void) => () => {
    const [run] = panel.view.runs;
    const shown = current();
    if (shown !== undefined && run !== undefined) save(shown, run);
  };
  /** What is shown as a text that is made of the numbers, and not of the screen. */
  const exportFigure = (
    format: 'svg' | 'tex',
    make: (title: string, figures: readonly MatrixFigure[]) => string,
  ): (() => void) =>
    saving(({ figures }, { id }) => {
      const content = make(name(id), figures);
      panel.post({ type: 'export', name: fileName([name(id), ...stemOf(figures)], format), format, content });
    });

  return {
    exportPng: saving(({ figures, canvases }, { id }) => {
      const canvas = composePicture(
        {
          title: name(id),
          subtitle: figures.map(subtitleOf).join(' '),
          charts: figures.map(({ words }, place) => ({
            canvas: canvases[place],
            ...(figures.length > 1 ? { title: words.title } : {}),
          })),
          columns: figures.length,
          legend: [],
        },
        panel.theme,
      );
      panel.post(pngMessage(fileName([name(id), ...stemOf(figures)], 'png'), canvas));
    }),
    exportSvg: exportFigure('svg', matricesSvg),
    exportLatex: exportFigure('tex', matricesLatex),
    exportCsv: saving(({ table }, { id, state }) => {
      const { name: stem, content } = table(id, state);
      panel.post({ type: 'export', name: fileName([name(id), ...stem], 'csv'), format: 'csv', content });
    }),
  };
}

/** What a drawing on the screen is on paper. */
function figureOf({ legendState: _, description: __, ...drawn }: ShownMatrix, moment: string): MatrixFigure {
  return { ...drawn, moment };
}

function stemOf(figures: readonly MatrixFigure[]): readonly string[] {
  return [...figures.map(({ words }) => words.name), figures[0].moment];
}

/** The measure, the epoch and what the colours mean, in a sentence. */
export function subtitleOf({ words, moment, scale }: MatrixFigure): string {
  const [from, , to] = scaleMarks(words, scale);
  const end = ({ word, value }: typeof from) => `${word} (${Number(value.toPrecision(3))})`;
  const isNeutralEnd = scale.middle === from.value;
  return `${words.title}, ${moment}. ${isNeutralEnd ? 'Grey' : 'Orange'}: ${end(from)}, blue: ${end(to)}.`;
}
