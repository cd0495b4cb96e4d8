import { meanOfKnown } from '../../src/common/numbers';
import { agreementMatrix } from '../../src/relatedness/statistics/agreement';
import { renderChart, type ChartLine } from './chart';
import { fewRows, noises, rowCounts, usualRows } from './plan';
import { labelKinds, type Point } from './points';
import { recoveryOf, type Figure, type Observation, type Recovery, type Score } from './scores';
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

const noiseColumns = perNoise((point) => isUsual(point) && isUnsigned(point));

/** What the study has found; sections and measures without a figure are left out. */
export function sectionsOf(scores: readonly Score[]): readonly Section[] {
  const sparse = new Set(scores.flatMap(({ label }) => /^(.*), every 10th step$/.exec(label)?.slice(1) ?? []));
  const varied = scores.filter(({ label }) => sparse.has(label.split(',')[0]));
  const whole = wholeRuns(scores);
  const rows = usualRows.toLocaleString('en');
  const sections: Section[] = [
    section('Noise', `Clusters and chain, sines, ${rows} rows.`, whole, noiseColumns),
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
      noiseColumns,
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

function section(title: string, text: string, scores: readonly Score[], columns: readonly Column[]): Section {
  return {
    title,
    text,
    columns: ['measure', ...columns.map((column) => column.title)],
    rows: recoveries(scores, columns).map(({ label, values }) => [
      label,
      ...values.map((recovery, column) => cellText(recovery, columns[column])),
    ]),
  };
}

/** What is found by training more networks. */
export function trainingsSection(scores: readonly Score[]): Section {
  const rowsOf = (rows: number) => `${rows.toLocaleString('en')} rows`;
  const columns = [fewRows, usualRows].flatMap((rows) =>
    perNoise((point) => hasSines(point) && point.rows === rows)
      .filter(({ holds }) => scores.some(({ point }) => holds(point)))
      .map((column): Column => ({ ...column, title: `${rowsOf(rows)}, ${column.title}` })),
  );
  return section('By more training', 'Clusters and chain, sines.', scores, [
    ...columns,
    { title: 'all, shuffled', against: 'shuffled', holds: () => true },
  ]);
}

/** What each measure reaches in each column, by the first; measures without any value are left out. */
function recoveries(scores: readonly Score[], columns: readonly Column[]): readonly ChartLine[] {
  const first = ({ values }: ChartLine) => values[0]?.mean ?? -Infinity;
  return [...new Set(scores.map(({ label }) => label))]
    .map((label) => ({
      label,
      values: columns.map(({ holds, against }) =>
        recoveryOf(
          scores.filter((score) => score.label === label && holds(score.point)),
          against,
        ),
      ),
    }))
    .filter(({ values }) => values.some((value) => value !== undefined))
    .sort((one, other) => first(other) - first(one));
}

/** What measures reach under noise, as SVG. */
export function chartOf(scores: readonly Score[]): string {
  const lines = recoveries(wholeRuns(scores), noiseColumns);
  const title = `Clusters and chain, sines, ${usualRows.toLocaleString('en')} rows`;
  return renderChart(
    title,
    noiseColumns.map((column) => column.title),
    lines,
  );
}

/** Without what looks at a part of the steps. */
function wholeRuns(scores: readonly Score[]): readonly Score[] {
  return scores.filter(({ label }) => !/, (every|first)/.test(label));
}

function cellText(recovery: Recovery | undefined, { against, brief = false }: Column): string {
  if (recovery === undefined) return '-';
  const { mean: value, interval, replicates } = recovery;
  if (against === 'found') return `${Math.round(value * replicates)} of ${replicates}`;
  const figure = value >= recovered ? `**${digits(value)}**` : digits(value);
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
  const cells = labels.map((_, one) =>
    labels.map((__, other) => meanOfKnown(agreements.map((values) => values[one][other]))),
  );
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
