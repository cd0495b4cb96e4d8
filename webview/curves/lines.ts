import type { RunListing } from '../../src/protocol/messages';
import type { Colour } from '../../src/figures/colour';
import type { ChartLine } from '../shared/lineSpec';
import type { LineStyle } from '../../src/figures/palette';
import { dashes, lineStyle } from '../../src/figures/palette';
import { plural } from '../../src/figures/numbers';
import { runLabel, startName } from '../shared/runStore';
import { smooth } from '../shared/smoothing';
import type { Theme } from '../shared/theme';
import { bandOf } from './bands';
import type { Curve, WeightCurve } from './series';
import type { CurvesSettings, CurveSplit } from './settings';
import type { Subject } from './tasks';

export interface LinesContext {
  readonly listings: readonly RunListing[];
  readonly settings: CurvesSettings;
  readonly theme: Theme;
  /** Ids of the runs on the panel, in order. */
  readonly runs: readonly string[];
}

export const splitWords: Readonly<Record<CurveSplit, string>> = { train: 'training', validation: 'validation' };

/** Style of a subject: by its place among the tasks; the mean and the pooled rows in the colour of the text. */
export function subjectStyle(subject: Subject, theme: Theme): LineStyle {
  if (subject.kind === 'task') return lineStyle(subject.place, theme.kind);
  return { colour: theme.foreground, marker: subject.kind === 'mean' ? 'rectRot' : 'star' };
}

/** The lines of a chart: one per curve, or one per set of replicates with a band around it. */
export function linesOf(curves: readonly Curve[], context: LinesContext): ChartLine[] {
  const { settings } = context;
  const alone = new Set(curves.map(({ subject }) => subject.key)).size === 1;
  const groups =
    settings.replicates === 'band' ? replicateGroups(curves, context.listings) : curves.map((curve) => [curve]);
  return groups.flatMap((group) => {
    const line = group.length > 1 ? bandLine(group, context) : curveLine(group[0], context);
    const [first] = group;
    const byRun = alone && context.runs.length > 1 && group.length === 1;
    const run = lineStyle(context.runs.indexOf(first.run.id), context.theme.kind);
    const style: LineStyle = byRun
      ? run
      : {
          colour: subjectStyle(first.subject, context.theme).colour,
          marker:
            group.length === 1 && context.runs.length > 1
              ? run.marker
              : subjectStyle(first.subject, context.theme).marker,
        };
    return smoothed({ ...line, ...style, ...(byRun ? { group: first.run.id } : {}) }, smoothingOf(first, settings));
  });
}

function experimentOf(id: string, listings: readonly RunListing[]): string {
  const listing = listings.find((candidate) => candidate.id === id);
  return listing === undefined ? id : startName(listing);
}

/** Curves of the same experiment, subject and split together: they differ in their seed. */
function replicateGroups(curves: readonly Curve[], listings: readonly RunListing[]): Curve[][] {
  const groups = new Map<string, Curve[]>();
  for (const curve of curves) {
    const key = JSON.stringify([experimentOf(curve.run.id, listings), curve.subject.key, curve.split]);
    groups.set(key, [...(groups.get(key) ?? []), curve]);
  }
  return [...groups.values()];
}

function baseLine({ subject, split }: Curve, key: string) {
  return {
    key: JSON.stringify([key, subject.key, split]),
    group: subject.key,
    label: subject.label,
    dash: dashes[split],
    width: subject.kind === 'task' ? 1.75 : 2.5,
    colour: [0, 0, 0, 1] as Colour,
    marker: 'circle' as const,
  };
}

function curveLine(curve: Curve, { listings, runs }: LinesContext): ChartLine {
  const { run, split, points, best } = curve;
  const detail = runs.length > 1 ? `${splitWords[split]} · ${runLabel(run.id, listings)}` : splitWords[split];
  return { ...baseLine(curve, run.id), detail, points, ...(best === undefined ? {} : { best }) };
}

function bandLine(group: readonly Curve[], { listings, settings }: LinesContext): ChartLine {
  const [first] = group;
  const weight = smoothingOf(first, settings);
  const curves = group.map(({ points: { x, y } }) => ({ x, y: smooth(y, weight) }));
  const band = bandOf(curves, settings.logX);
  const experiment = experimentOf(first.run.id, listings);
  return {
    ...baseLine(first, experiment),
    detail: `${splitWords[first.split]} · mean of ${plural(group.length, 'run')} of ${experiment}, band from lowest to highest`,
    points: { x: band.x, y: band.mean },
    band,
  };
}

/**
 * How much a curve is smoothed. Losses of training steps are noisy and many, so the average lags little; beside them, a
 * validation loss measured once an epoch would lag by epochs and look like a gap between the two, so it stays as it is.
 */
function smoothingOf({ split }: Curve, { metric, smoothing }: CurvesSettings): number {
  return split === 'validation' && metric === 'loss' ? 0 : smoothing;
}

/** The smoothed line above what it was made of. Bands are smoothed before they are made. */
function smoothed(line: ChartLine, weight: number): ChartLine[] {
  if (weight === 0 || line.band !== undefined) return [line];
  const beneath: ChartLine = { ...line, key: `${line.key}:raw`, faint: true, width: 1, best: undefined, dash: [] };
  return [beneath, { ...line, raw: line.points.y, points: { x: line.points.x, y: smooth(line.points.y, weight) } }];
}

/** Lines of weights or of learning rates. */
export function weightLines(curves: readonly WeightCurve[], { theme, listings, runs }: LinesContext): ChartLine[] {
  return curves.map(({ run, subject, points }): ChartLine => {
    const name = runLabel(run.id, listings);
    const runStyle = lineStyle(runs.indexOf(run.id), theme.kind);
    const style = subject === undefined ? runStyle : subjectStyle(subject, theme);
    return {
      key: JSON.stringify([run.id, subject?.key ?? '']),
      group: subject?.key ?? run.id,
      label: subject?.label ?? name,
      detail: subject === undefined || runs.length === 1 ? '' : name,
      points,
      colour: style.colour,
      marker: runs.length > 1 ? runStyle.marker : style.marker,
      dash: [],
      width: 1.75,
    };
  });
}
