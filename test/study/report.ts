import { agreementMatrix } from '../../src/relatedness/statistics/agreement';
import { noises, rowCounts, usualRows } from './plan';
import { labelKinds, type Point } from './points';
import { mean, recoveryOf, type Figure, type Observation, type Recovery, type Score } from './scores';
import { structureNames } from './structures';

/** A table with a line for each measure. */
export interface Section {
  readonly title: string;
  readonly text: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

interface Column {
  readonly title: string;
  readonly against?: Figure;
  /** Whether the interval is left out. */
  readonly brief?: boolean;
  readonly holds: (point: Point) => boolean;
}

/** From here on a measure counts as one that recovers the truth: written in bold. */
const recovered = 0.8;

const isUnsigned = ({ structure }: Point) => structure !== 'opposed';
const hasSines = ({ labels, sines }: Point) => labels === 'numbers' && sines;
const isUsual = (point: Point) => hasSines(point) && point.rows === usualRows;
const perNoise = (holds: (point: Point) => boolean, against?: Figure): Column[] =>
  noises.map((noise) => ({
    title: `noise ${noise}`,
    ...(against && { against }),
    holds: (point) => point.noise === noise && holds(point),
  }));

/** What the study has found; sections and measures without a figure are left out. */
export function sectionsOf(scores: readonly Score[]): readonly Section[] {
  const sparse = new Set(scores.flatMap(({ label }) => /^(.*), every 10th step$/.exec(label)?.slice(1) ?? []));
  const varied = scores.filter(({ label }) => sparse.has(label.split(',')[0]));
  const whole = scores.filter(({ label }) => !/, (every|first)/.test(label));
  const rows = usualRows.toLocaleString('en');
  const sections: Section[] = [
    section(
      'Noise',
      `Clusters and chain, sines, ${rows} rows.`,
      whole,
      perNoise((point) => isUsual(point) && isUnsigned(point)),
    ),
    section(
      'Noise and rows',
      'Clusters and chain, sines: the means alone.',
      whole,
      noises.flatMap((noise) =>
        rowCounts.map((count) => ({
          title: `noise ${noise}, ${count.toLocaleString('en')} rows`,
          brief: true,
          holds: (point: Point) =>
            hasSines(point) && isUnsigned(point) && point.noise === noise && point.rows === count,
        })),
      ),
    ),
    section(
      'Structures',
      `Sines, noise 0.1, ${rows} rows. Beside the clusters how often average linkage finds them; beside opposed tasks also the size of the truth, whatever its sign.`,
      whole,
      [
        ...structureNames.map((name) => ({
          title: name,
          holds: (point: Point) => isUsual(point) && point.noise === 0.1 && point.structure === name,
        })),
        {
          title: 'clusters found',
          against: 'found',
          holds: (point) => isUsual(point) && point.noise === 0.1,
        },
        {
          title: 'opposed, by size',
          against: 'size',
          holds: (point) => isUsual(point) && point.noise === 0.1 && point.structure === 'opposed',
        },
      ],
    ),
    section(
      'Linear tasks',
      `Clusters and chain, no sines, ${rows} rows.`,
      whole,
      perNoise((point) => !point.sines && isUnsigned(point)),
    ),
    ...labelKinds.slice(1).map((labels) =>
      section(
        `Targets of ${labels}`,
        `The same targets, cut into ${labels}: clusters and chain, sines, ${rows} rows.`,
        whole,
        perNoise((point) => point.labels === labels && isUnsigned(point)),
      ),
    ),
    section(
      'When and how often steps are measured',
      `Clusters and chain, sines, ${rows} rows: every step, every tenth, and those of the first of 24 epochs alone.`,
      varied,
      perNoise((point) => isUsual(point) && isUnsigned(point)),
    ),
    section(
      'Control',
      'All structures, sizes and targets, the truth with its tasks in another order: what is left is chance.',
      whole,
      perNoise(() => true, 'shuffled'),
    ),
  ];
  return sections.filter(({ rows: lines }) => lines.length > 0);
}

/** Measures by what they reach in the first column. */
function section(title: string, text: string, scores: readonly Score[], columns: readonly Column[]): Section {
  const labels = [...new Set(scores.map(({ label }) => label))];
  const lines = labels.map((label) => ({
    label,
    cells: columns.map(({ holds, brief = false, against = 'truth' }) => {
      const own = scores.filter((score) => score.label === label && holds(score.point));
      return { against, brief, recovery: recoveryOf(own, against) };
    }),
  }));
  const first = ({ cells }: (typeof lines)[number]) => cells[0].recovery?.mean ?? -Infinity;
  return {
    title,
    text,
    columns: ['measure', ...columns.map((column) => column.title)],
    rows: lines
      .filter(({ cells }) => cells.some(({ recovery }) => recovery !== undefined))
      .sort((one, other) => first(other) - first(one))
      .map(({ label, cells }) => [label, ...cells.map(cellText)]),
  };
}

interface Cell {
  readonly against: Figure;
  readonly brief: boolean;
  readonly recovery: Recovery | undefined;
}

function cellText({ against, brief, recovery }: Cell): string {
  if (recovery === undefined) return '-';
  const { mean, interval, replicates } = recovery;
  if (against === 'found') return `${Math.round(mean * replicates)} of ${replicates}`;
  const figure = mean >= recovered ? `**${digits(mean)}**` : digits(mean);
  return interval && !brief ? `${figure} (${interval.map(digits).join(' to ')})` : figure;
}

/** How measures of the same runs agree with each other: means over replicates. */
export function agreementSection(observations: readonly Observation[]): Section {
  const own = observations.filter(
    ({ label, point }) => !label.includes(',') && isUsual(point) && isUnsigned(point) && point.noise === 0.1,
  );
  const labels = [...new Set(own.map(({ label }) => label))];
  const replicate = ({ point, seed }: Observation) => `${point.structure} ${seed}`;
  const agreements = [...new Set(own.map(replicate))].map((name) =>
    agreementMatrix(
      labels.map((label) => own.find((each) => each.label === label && replicate(each) === name)?.matrix ?? nothing),
    ),
  );
  const cells = labels.map((_, one) => labels.map((__, other) => mean(agreements.map((values) => values[one][other]))));
  const told = [...labels.keys()].filter((one) => cells[one].some((value, other) => value !== null && one !== other));
  return {
    title: 'How measures agree with each other',
    text: `Spearman's correlation over pairs of tasks, noise 0.1, ${usualRows.toLocaleString('en')} rows, clusters and chain: means over replicates.`,
    columns: ['', ...told.map((one) => labels[one])],
    rows: told.map((one) => [labels[one], ...told.map((other) => digitsOrNone(cells[one][other]))]),
  };
}

const nothing = { values: [], directed: false, higherIsCloser: true };

function digitsOrNone(value: number | null): string {
  return value === null ? '-' : digits(value);
}

function digits(value: number): string {
  return value.toFixed(2).replace('-0.00', '0.00');
}

/** As Markdown. */
export function renderSection({ title, text, columns, rows }: Section): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `### ${title}`,
    '',
    text,
    '',
    line(columns),
    line(columns.map((_, column) => (column === 0 ? '---' : '--:'))),
    ...rows.map(line),
  ].join('\n');
}
