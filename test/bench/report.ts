import Table from 'cli-table3';
import type { CaseResult } from './measure';
import type { Verdict } from './targets';

const plain = { style: { head: [], border: [] } };

/** What is printed of a case: its times, then its targets, then who was missing. */
export function reportCase({ title, rows, figures, verdicts, missing }: CaseResult): string {
  const times = new Table({ ...plain, head: ['', 'median, ms', 'best, ms', 'times'] });
  for (const [name, { median, best, count }] of Object.entries(rows)) {
    times.push([name, median.toFixed(3), best.toFixed(3), String(count)]);
  }
  const notes = [
    ...Object.entries(figures).map(([name, value]) => `${name}: ${value.toLocaleString('en-GB')}`),
    ...Object.entries(missing).map(([name, reason]) => `Without ${name}: ${reason}`),
  ];
  return [`\n${title}`, times.toString(), ...(verdicts.length > 0 ? [reportTargets(verdicts)] : []), ...notes].join(
    '\n',
  );
}

function reportTargets(verdicts: readonly Verdict[]): string {
  const table = new Table({ ...plain, head: ['target', 'bound', 'found', ''] });
  for (const { of, to, is, bound, ratio, met, missedBy } of verdicts) {
    const outcome = met ? 'met' : `missed by ${(100 * missedBy).toFixed(0)} %`;
    table.push([`${of} / ${to}`, `${is} ${bound}`, ratio.toFixed(2), outcome]);
  }
  return table.toString();
}
