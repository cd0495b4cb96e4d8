import type { Case } from './cases';
import { Contender } from './contender';
import { summarise, type Summary } from './statistics';
import { judge, type Verdict } from './targets';

export interface CaseResult {
  readonly name: string;
  readonly title: string;
  readonly rows: Readonly<Record<string, Summary>>;
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
  const times: Record<string, number[]> = {};
  const figures: Record<string, number> = {};
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
    await takeTurns(ready, effort, times, figures);
  } finally {
    for (const contender of ready) contender.stop();
  }
  const rows = Object.fromEntries(Object.entries(times).map(([name, values]) => [name, summarise(values)]));
  return { name: one.name, title: one.title, rows, figures, verdicts: judge(one.name, rows), missing, versions };
}

async function takeTurns(
  contenders: readonly Contender[],
  { seconds, warm }: Effort,
  times: Record<string, number[]>,
  figures: Record<string, number>,
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
      const reply = await contender.run(turns[position]);
      for (const [row, values] of Object.entries(reply.rows)) {
        const name = row === '' ? contender.spec.name : `${contender.spec.name}, ${row}`;
        (times[name] ??= []).push(...values);
      }
      Object.assign(figures, reply.figures);
    }
  } while (performance.now() < end);
}
