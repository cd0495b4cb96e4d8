import { toCsv } from '../shared/csv';
import { composePicture, pngMessage } from '../shared/exporting';
import { fileName } from '../../src/figures/labels';
import type { Panel } from '../shared/panel';
import { runLabel } from '../shared/runStore';
import { relatednessHeader, relatednessRows } from './csvRows';
import type { Drawing, MatrixDrawing } from './drawing';
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
    exportCsv(): void {
      const [run] = panel.view.runs;
      if (run === undefined) return;
      const content = toCsv(relatednessHeader, relatednessRows(run.id, run.state));
      panel.post({ type: 'export', name: fileName([name(run.id), 'relatedness'], 'csv'), format: 'csv', content });
    },
  };
}

function stemOf(matrices: readonly MatrixDrawing[]): readonly string[] {
  return [...matrices.map(({ words }) => words.name), `epoch-${matrices[0].moment.epoch}`];
}

/** The measure, the epoch and what the colours mean, in a sentence. */
export function subtitleOf({ words, moment, scale }: MatrixDrawing): string {
  const [from, , to] = scaleMarks(words, scale);
  const end = ({ word, value }: typeof from) => `${word} (${Number(value.toPrecision(3))})`;
  const isNeutralEnd = scale.middle === from.value;
  return `${words.title}, epoch ${moment.epoch}. ${isNeutralEnd ? 'Grey' : 'Orange'}: ${end(from)}, blue: ${end(to)}.`;
}
