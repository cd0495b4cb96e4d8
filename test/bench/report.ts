import Table from 'cli-table3';
import type { CaseResult } from './measure';
import type { Verdict } from './targets';

const plain = { style: { head: [], border: [] } };

/** What is printed of a case: its times, then its targets, then who was missing. */
export function reportCase({ title, rows, uses, figures, verdicts, missing }: CaseResult): string {
  const head = ['', 'median, ms', 'best, ms', 'processor, ms', 'times', 'cores', 'peak, MB'];
  const times = new Table({ ...plain, head });
  for (const [name, { median, best, count }] of Object.entries(rows)) {
    const use = uses[name] ?? Object.entries(uses).find(([contender]) => name.startsWith(`${contender}, `))?.[1];
    const used = use ? [use.cores.toFixed(2), use.peak.toFixed(0)] : ['', ''];
    const processor = use?.processor?.toFixed(3) ?? '';
    times.push([name, median.toFixed(3), best.toFixed(3), processor, String(count), ...used]);
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
  for (const { of, to, is, bound, found, met, missedBy } of verdicts) {
    const outcome = met ? 'met' : `missed by ${(100 * missedBy).toFixed(0)} %`;
    table.push([to === undefined ? `${of}, ms` : `${of} / ${to}`, `${is} ${bound}`, found.toFixed(2), outcome]);
  }
  return table.toString();
}
