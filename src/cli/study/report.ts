import { join } from 'node:path';
import type { StudyPanel } from '../../studies/summary';
import { title } from '../results';
import { renderTable } from '../tables';
import { clean } from '../terminal';
import { studyFiles } from '../../studies/study';
import type { StudyOutcome } from './studies';

/** What `mtl study` says at the end: what sharing brought at each place of each axis, and where the rest is. */
export function renderStudy({ panels }: StudyOutcome, folder: string): string {
  const gains = panels.flatMap((panel) => (panel.kind === 'gain' ? [renderGain(panel)] : []));
  const files = [studyFiles.chart, studyFiles.table].map((name) => clean(join(folder, name)));
  return [...gains, `Chart: ${files[0]}\nTable: ${files[1]}`].join('\n\n');
}

function renderGain({ axis, lines, ...panel }: StudyPanel & { readonly kind: 'gain' }): string {
  const places = [...new Set(lines.flatMap(({ points }) => points.map(({ at }) => at)))].sort((a, b) => a - b);
  const rows = places.map((at) => [
    axis.share ? `${Number((100 * at).toPrecision(6))} %` : String(at),
    ...lines.map(({ points }) => {
      const point = points.find((entry) => entry.at === at);
      if (point === undefined) return '-';
      const [lower, upper] = point.interval ?? [];
      const range = lower === undefined ? '' : ` (${percent(lower)} to ${percent(upper!)})`;
      return `${percent(point.mean)}${range}`;
    }),
  ]);
  const heading = `Δm over ${panel.over} in per cent, with its 95 % interval; above 0 is better`;
  return `${title(heading)}\n${renderTable([axis.title, ...lines.map(({ arm }) => arm)], rows, 1)}`;
}

function percent(share: number): string {
  const value = 100 * share;
  return `${value > 0 ? '+' : ''}${value.toFixed(1)}`;
}
