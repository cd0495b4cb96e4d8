import { toCsv } from '../shared/csv';
import { composePicture, pngMessage } from '../shared/exporting';
import { fileName } from '../../src/figures/labels';
import type { Panel } from '../shared/panel';
import { runLabel } from '../shared/runStore';
import { relatednessHeader, relatednessRows } from './csvRows';
import type { Drawing, MatrixDrawing } from './drawing';
import { momentWords } from './matrixModel';
import type { MatrixFigure } from '../../src/figures/matrixFigure';
import { matricesLatex } from '../../src/figures/matrixLatex';
import { matricesSvg } from '../../src/figures/matrixSvg';
import { scaleMarks } from '../../src/figures/scale';

/** What is on the screen. */
export interface OnScreen {
  readonly drawing: Drawing;
  /** Of the measures, in their order; there may be more. */
  readonly canvases: readonly HTMLCanvasElement[];
}

/** What the buttons do that save what is shown. */
export function createExports(panel: Panel, current: () => OnScreen | undefined) {
  const name = (id: string) => runLabel(id, panel.view.listings);
  /** What is shown as a text that is made of the numbers, and not of the screen. */
  function exportFigure(
    format: 'svg' | 'tex',
    make: (title: string, figures: readonly MatrixFigure[]) => string,
  ): void {
    const [run] = panel.view.runs;
    const { drawing } = current() ?? {};
    if (drawing === undefined || drawing.rows.length === 0 || run === undefined) return;
    const content = make(name(run.id), drawing.matrices.map(figureOf));
    panel.post({
      type: 'export',
      name: fileName([name(run.id), ...stemOf(drawing.matrices)], format),
      format,
      content,
    });
  }

  return {
    exportPng(): void {
      const [run] = panel.view.runs;
      const shown = current();
      if (shown === undefined || shown.drawing.rows.length === 0 || run === undefined) return;
      const { matrices } = shown.drawing;
      const canvas = composePicture(
        {
          title: name(run.id),
          subtitle: matrices.map(subtitleOf).join(' '),
          charts: matrices.map(({ words }, place) => ({
            canvas: shown.canvases[place],
            ...(matrices.length > 1 ? { title: words.title } : {}),
          })),
          columns: matrices.length,
          legend: [],
        },
        panel.theme,
      );
      panel.post(pngMessage(fileName([name(run.id), ...stemOf(matrices)], 'png'), canvas));
    },
    exportSvg: () => exportFigure('svg', matricesSvg),
    exportLatex: () => exportFigure('tex', matricesLatex),
    exportCsv(): void {
      const [run] = panel.view.runs;
      if (run === undefined) return;
      const content = toCsv(relatednessHeader, relatednessRows(run.id, run.state));
      panel.post({ type: 'export', name: fileName([name(run.id), 'relatedness'], 'csv'), format: 'csv', content });
    },
  };
}

/** What a drawing on the screen is on paper. */
function figureOf({ legendState: _, description: __, moment, ...drawn }: MatrixDrawing): MatrixFigure {
  return { ...drawn, moment: momentWords(moment) };
}

function stemOf(matrices: readonly MatrixDrawing[]): readonly string[] {
  return [...matrices.map(({ words }) => words.name), momentWords(matrices[0].moment)];
}

/** The measure, the epoch and what the colours mean, in a sentence. */
export function subtitleOf({ words, moment, scale }: MatrixDrawing): string {
  const [from, , to] = scaleMarks(words, scale);
  const end = ({ word, value }: typeof from) => `${word} (${Number(value.toPrecision(3))})`;
  const isNeutralEnd = scale.middle === from.value;
  return `${words.title}, ${momentWords(moment)}. ${isNeutralEnd ? 'Grey' : 'Orange'}: ${end(from)}, blue: ${end(to)}.`;
}
