import type { ChartLine } from '../shared/lineSpec';
import { extentOf } from '../shared/lineSpec';
import { majorityWord } from './comparison';
import type { LinesContext } from './lines';
import { subjectStyle } from './lines';
import type { Curve } from './series';

/** Of more tasks in one chart the lines would be a thicket. */
const mostReferences = 6;
/** The pattern of their dashes, in pixels. */
export const referenceDots = [1.5, 4] as const;

/**
 * Faint dotted lines of what one reaches on the validation split who does not look at the inputs: the class shares or the
 * mean of the training rows. Only where the curves reach them: they are never worth squeezing the curves for.
 * @param lines Those of the chart, from the curves.
 */
export function referenceLines(
  curves: readonly Curve[],
  lines: readonly ChartLine[],
  { settings, theme }: LinesContext,
): ChartLine[] {
  const extent = extentOf(lines, settings.logX);
  const [low, high] = rangeOf(lines);
  const subjects = new Map(curves.map((curve) => [curve.subject.key, curve]));
  if (extent === undefined || subjects.size > mostReferences) return [];
  return [...subjects.values()].flatMap((curve): ChartLine[] => {
    const value = majorityOf(curve, settings.metric);
    if (value === undefined || value < low || value > high) return [];
    const { subject, run } = curve;
    return [
      {
        key: JSON.stringify(['majority', subject.key]),
        group: subject.key,
        label: subject.label,
        detail: majorityWord(run.state.tasks).toLowerCase(),
        points: { x: [...extent], y: [value, value] },
        ...subjectStyle(subject, theme),
        dash: referenceDots,
        width: 1.5,
        faint: true,
        reference: true,
      },
    ];
  });
}

function majorityOf(
  { run: { state }, subject }: Curve,
  metric: LinesContext['settings']['metric'],
): number | undefined {
  const majority = state.trivial.find(({ name }) => name === 'majority');
  if (subject.kind === 'pooled') return majority?.pooled?.validation?.[metric];
  const place = state.tasks.findIndex(({ name }) => name === subject.label);
  return subject.kind === 'task' ? majority?.metrics[place]?.validation?.[metric] : undefined;
}

/** Lowest and highest value of the lines. */
function rangeOf(lines: readonly ChartLine[]): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const { points } of lines) {
    for (const value of points.y) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [low, high];
}
