import type { RunReport } from '../runs/report';
import { worstState } from './groupReport';

/** The networks of one seed, as if they were one run. */
export interface NetworksReport extends Omit<RunReport, 'network'> {
  readonly networks: readonly RunReport[];
}

/** Makes one report of the networks of each seed; a run that is by itself is reported as it is. */
export function joinReports(reports: readonly RunReport[]): readonly (RunReport | NetworksReport)[] {
  const seeds = [...new Set(reports.map(({ seed }) => seed))];
  return seeds.flatMap((seed) => {
    const members = reports.filter((report) => report.seed === seed);
    return members[0].network === undefined || members.length === 1 ? members : [joined(members)];
  });
}

/**
 * Each task has the figures of the network that serves it. `seconds` and `steps` are sums and `epochs` the most;
 * `id` and `runFolder` are those of the first. Relatedness is told by each network of its tasks.
 */
function joined(networks: readonly RunReport[]): NetworksReport {
  const { runFolder, id, group, experiment, file, seed, trivial } = networks[0];
  // The network that ended last knows most.
  const gain = networks.findLast((report) => report.gain !== undefined)?.gain;
  const failure = networks.find(({ error }) => error !== undefined)?.error;
  const predictors = Object.keys(trivial ?? {}) as (keyof NonNullable<typeof trivial>)[];
  const guessed = predictors.map((name) => [name, served(networks, (report) => report.trivial?.[name] ?? {})] as const);
  return {
    runFolder,
    id,
    group,
    experiment,
    file,
    seed,
    state: worstState(networks),
    engine: networks.find(({ engine }) => engine !== null)?.engine ?? null,
    seconds: networks.reduce((sum, { seconds }) => sum + seconds, 0),
    steps: networks.reduce((sum, { steps }) => sum + steps, 0),
    epochs: Math.max(...networks.map(({ epochs }) => epochs)),
    bestEpoch: null,
    metrics: served(networks, ({ metrics }) => metrics),
    relatedness: {},
    ...(trivial && { trivial: Object.fromEntries(guessed) }),
    ...(gain && { gain }),
    warnings: [...new Set(networks.flatMap(({ warnings }) => warnings))],
    ...(failure && { error: failure }),
    networks,
  };
}

/** Of what each network says by task, that of the tasks it serves. */
function served<Value>(
  networks: readonly RunReport[],
  of: (report: RunReport) => Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    networks.flatMap((report) => Object.entries(of(report)).filter(([task]) => report.network!.serves.includes(task))),
  );
}
