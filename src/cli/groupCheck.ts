import type { ReadRun } from '../runs/read';
import { displayedPhase } from '../runs/summary';
import { finishedRuns } from '../runs/group';
import { groupCheck, type CheckedKind, type GroupCheck } from '../runs/groupCheck';
import { followSideBySide } from '../runs/sideBySide';
import { count, formatDuration } from './format';
import { trialParts, type TrialPart, type WrittenTrial } from './groupTrial';
import { interruptible } from './interrupts';
import { partText } from './part';
import { tellFailure } from './replicates';
import { clean, note } from './terminal';
import { planTrial, type TrialRun } from './trialRuns';

export interface CheckOptions {
  /** The folder of run folders. */
  readonly root: string;
  /** How many runs at a time. */
  readonly atOnce: number;
  readonly quiet: boolean;
}

export interface TrialOutcome {
  readonly check: GroupCheck;
  readonly kind: CheckedKind;
  readonly runs: readonly CheckedRun[];
  /** Whether a person ended it, here or by stopping a run. */
  readonly stopped: boolean;
  /** What a person should know of the figures. */
  readonly warnings: readonly string[];
}

export interface CheckedRun extends ReadRun {
  readonly part: TrialPart;
}

/** Trains what of a trial has not been trained, and compares. Ctrl-C once asks the runs to stop; twice kills them. */
export async function runTrial(written: WrittenTrial, options: CheckOptions): Promise<TrialOutcome> {
  const kind = kindOf(written);
  const parts = trialParts.filter((part) => part !== 'grouped' || !(kind.isTogether || kind.isAlone));
  const plan = await planTrial(written, parts, options.root);
  const { ends, stopped } = await follow(plan, options);
  const runs = plan.flatMap(({ part, finished }, place) => {
    const run = finished ?? ends[place];
    return run === undefined ? [] : [{ part, ...run }];
  });
  const of = (part: TrialPart) => finishedRuns(runs.filter((run) => run.part === part));
  const grouped = of(kind.isTogether ? 'together' : kind.isAlone ? 'alone' : 'grouped');
  const check = groupCheck({ grouped, together: of('together'), alone: of('alone') }, kind);
  return { check, kind, runs, stopped, warnings: changedData(runs) };
}

function kindOf({ trial: { grouped } }: WrittenTrial): CheckedKind {
  const networks = grouped.groups ?? [];
  const sizes = networks.map((group) => ('tasks' in group ? group.tasks.length : group.length));
  return { isTogether: networks.length === 1, isAlone: sizes.every((size) => size === 1) };
}

/** Each as far as it came; undefined for those that have finished before or were not started. */
async function follow(
  plan: readonly TrialRun[],
  { atOnce, quiet }: CheckOptions,
): Promise<{ readonly ends: readonly (ReadRun | undefined)[]; readonly stopped: boolean }> {
  const open = plan.flatMap(({ start }, place) => (start === undefined ? [] : [{ place, start }]));
  const say = (text: string) => {
    if (!quiet) note(text);
  };
  if (open.length < plan.length) say(`${plan.length - open.length} of ${count(plan.length, 'run')} are there already.`);
  if (open.length > 0) say(`Training ${count(open.length, 'run')}, ${Math.min(atOnce, open.length)} at a time.`);
  const stopping = () =>
    say('Stopping. Press Ctrl-C again to end the runs at once. What has finished counts the next time.');
  return interruptible(stopping, async ({ stop, kill }) => {
    const tellings: Promise<void>[] = [];
    const ends = plan.map((): ReadRun | undefined => undefined);
    let done = 0;
    await followSideBySide(
      open.map(({ start }) => start),
      {
        atOnce,
        stop,
        kill,
        isLast: ({ state }) => state.phase === 'stopped',
        onEnd: (index, { run, state, problem }) => {
          const { place } = open[index];
          const phase = displayedPhase(state, false);
          ends[place] = { ...run, state, phase };
          const seconds = formatDuration(state.ending?.seconds ?? (state.updated - state.began) / 1000);
          say(`${++done} of ${open.length}: ${nameOf(plan[place])} ${phase} after ${seconds}`);
          tellings.push(tellFailure(run, state, phase, problem));
        },
      },
    );
    await Promise.all(tellings);
    const phases = ends.flatMap((end) => end?.phase ?? []);
    const whole = phases.filter((phase) => phase === 'finished').length === open.length;
    return { ends, stopped: (stop.aborted || phases.includes('stopped')) && !whole };
  });
}

const partNames = { grouped: 'groups', together: 'all together', alone: 'each alone' } as const;

function nameOf({ part, seed, network }: TrialRun): string {
  const which = network === undefined ? '' : `, ${partText({ network })}`;
  return clean(`${partNames[part]}, seed ${seed}${which}`);
}

/** Runs of earlier times may have been trained on other data. */
function changedData(runs: readonly CheckedRun[]): string[] {
  const seeds = [...new Set(runs.map(({ record }) => record.seed))];
  const changed = seeds.filter((seed) => {
    const whole = runs.filter(({ record, part }) => record.seed === seed && part !== 'grouped');
    return new Set(whole.flatMap(({ state }) => state.started?.dataFingerprint ?? [])).size > 1;
  });
  if (changed.length === 0) return [];
  const which = changed.length === 1 ? `seed ${changed[0]}` : `seeds ${changed.join(', ')}`;
  return [
    `The runs of ${which} were not trained on the same data: it has changed between them. Delete them and check again.`,
  ];
}
