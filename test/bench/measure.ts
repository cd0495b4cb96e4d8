import type { Case } from './cases';
import { Contender, type Turn } from './contender';
import { summarise, type Summary, type Use } from './statistics';
import { judge, type Verdict } from './targets';

export interface CaseResult {
  readonly name: string;
  readonly title: string;
  readonly rows: Readonly<Record<string, Summary>>;
  /** What each contender used, by its name; for those of which the system tells. */
  readonly uses: Readonly<Record<string, Use>>;
  readonly figures: Readonly<Record<string, number>>;
  readonly verdicts: readonly Verdict[];
  /** Contenders that could not be started, and why. */
  readonly missing: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, string>>;
}

export interface Effort {
  /** How long a case goes on, for each of its contenders. */
  readonly seconds: number;
  /** Steps that are not counted. */
  readonly warm: number;
}

/** About how long a contender has its turn. */
const turnMilliseconds = 50;

/** Runs the contenders of a case in turn, again and again, so that what else the machine does falls on all of them. */
export async function measureCase(one: Case, effort: Effort): Promise<CaseResult> {
  const versions: Record<string, string> = {};
  const missing: Record<string, string> = {};
  const ready: Contender[] = [];
  const record = new TurnRecord();
  try {
    for (const spec of one.contenders) {
      const contender = new Contender(spec);
      const reply = await contender.next();
      if (reply.kind === 'ready') {
        ready.push(contender);
        Object.assign(versions, reply.versions);
      } else {
        contender.stop();
        missing[spec.name] = reply.kind === 'unavailable' ? reply.reason : reply.kind;
      }
    }
    await takeTurns(ready, effort, record);
  } finally {
    for (const contender of ready) contender.stop();
  }
  const { rows, uses, figures } = record.summary();
  return { name: one.name, title: one.title, rows, uses, figures, verdicts: judge(one.name, rows), missing, versions };
}

async function takeTurns(
  contenders: readonly Contender[],
  { seconds, warm }: Effort,
  record: TurnRecord,
): Promise<void> {
  const turns: number[] = [];
  for (const contender of contenders) {
    // Twice: the first time holds what is compiled at the first step, and would make the turns too short.
    if (warm > 0) await contender.run(warm);
    const start = performance.now();
    if (warm > 0) await contender.run(warm);
    const each = (performance.now() - start) / Math.max(1, warm);
    turns.push(warm > 0 ? Math.max(1, Math.min(100, Math.round(turnMilliseconds / each))) : 1);
  }
  const end = performance.now() + 1000 * seconds * contenders.length;
  do {
    for (const [position, contender] of contenders.entries()) {
      record.add(contender.spec.name, await contender.run(turns[position]));
    }
  } while (performance.now() < end);
}

/** What the turns of a case have shown. */
class TurnRecord {
  private readonly times: Record<string, number[]> = {};
  private readonly figures: Record<string, number> = {};
  private readonly used: Record<string, { processor: number; milliseconds: number; peak: number; steps: number }> = {};

  add(contender: string, { rows, figures, use, milliseconds }: Turn): void {
    for (const [row, values] of Object.entries(rows)) {
      const name = row === '' ? contender : `${contender}, ${row}`;
      (this.times[name] ??= []).push(...values);
    }
    Object.assign(this.figures, figures);
    if (!use) return;
    const sums = (this.used[contender] ??= { processor: 0, milliseconds: 0, peak: 0, steps: 0 });
    sums.steps += Object.hasOwn(rows, '') ? rows[''].length : 0;
    sums.processor += use.processor;
    sums.milliseconds += milliseconds;
    sums.peak = Math.max(sums.peak, use.peak);
  }

  summary(): Pick<CaseResult, 'rows' | 'uses' | 'figures'> {
    const rows = Object.entries(this.times).map(([name, values]) => [name, summarise(values)]);
    const uses = Object.entries(this.used).map(([name, { processor, milliseconds, peak, steps }]) => [
      name,
      { cores: processor / milliseconds, peak, ...(steps > 0 && { processor: processor / steps }) },
    ]);
    return {
      rows: Object.fromEntries(rows) as CaseResult['rows'],
      uses: Object.fromEntries(uses) as CaseResult['uses'],
      figures: this.figures,
    };
  }
}
