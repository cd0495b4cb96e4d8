import type { Recovery } from './scores';

/** A line of the chart: a measure, and what it reaches in each of several cases. */
export interface ChartLine {
  readonly label: string;
  readonly values: readonly (Recovery | undefined)[];
}

const [left, top, width, lineHeight, bottom] = [190, 56, 420, 26, 40];
const [lowest, highest] = [-0.4, 1];
/** From dark to light, so that the order is seen without colour, too. */
const colours = ['#08306b', '#2b7bba', '#e6812f'];
const shapes: readonly ((x: number, y: number) => string)[] = [
  (x, y) => `<circle cx="${x}" cy="${y}" r="4.5"`,
  (x, y) => `<rect x="${x - 4}" y="${y - 4}" width="8" height="8"`,
  (x, y) => `<path d="M${x} ${y - 5} L${x + 5} ${y + 4} L${x - 5} ${y + 4} Z"`,
];

/**
 * Means with their intervals, a line for each measure and a mark for each case (three at most), as SVG.
 * @param cases What the marks stand for.
 */
export function renderChart(title: string, cases: readonly string[], lines: readonly ChartLine[]): string {
  const height = top + lines.length * lineHeight + bottom;
  const x = (value: number) => round(left + ((Math.max(lowest, value) - lowest) / (highest - lowest)) * width);
  const foot = top + lines.length * lineHeight;
  const ticks = [-0.4, -0.2, 0, 0.2, 0.4, 0.6, 0.8, 1];
  const marks = lines.flatMap(({ values }, line) =>
    values.flatMap((value, index) => {
      if (value === undefined) return [];
      const y = top + (line + 0.5) * lineHeight + (index - (cases.length - 1) / 2) * 5;
      return [...intervalLine(value, y, index, x), `${shapes[index](x(value.mean), y)} fill="${colours[index]}"/>`];
    }),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + width + 20} ${height}" font-family="sans-serif" font-size="12" role="img">`,
    `<title>${title}</title>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="10" y="20" font-size="14">${title}</text>`,
    ...cases.map((name, index) => {
      const at = left + index * 110;
      return `${shapes[index](at, 38)} fill="${colours[index]}"/><text x="${at + 9}" y="42">${name}</text>`;
    }),
    ...ticks.map(
      (tick) =>
        `<line x1="${x(tick)}" x2="${x(tick)}" y1="${top}" y2="${foot}" stroke="${tick === 0 ? '#555555' : '#dddddd'}"/>` +
        `<text x="${x(tick)}" y="${foot + 16}" text-anchor="middle">${tick}</text>`,
    ),
    `<text x="${left + width / 2}" y="${foot + 33}" text-anchor="middle">Spearman's correlation with the truth, 95 % interval</text>`,
    ...lines.map(
      ({ label }, line) =>
        `<text x="${left - 10}" y="${top + (line + 0.5) * lineHeight + 4}" text-anchor="end">${label}</text>`,
    ),
    ...marks,
    '</svg>',
    '',
  ].join('\n');
}

function intervalLine({ interval }: Recovery, y: number, index: number, x: (value: number) => number): string[] {
  if (interval === undefined) return [];
  const [from, to] = interval.map(x);
  return [`<line x1="${from}" x2="${to}" y1="${y}" y2="${y}" stroke="${colours[index]}" stroke-width="1.5"/>`];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
