import { networkExperiment, networksOf } from '../experiment/groups';
import type { Experiment } from '../experiment/schema';
import type { RunNetwork } from '../runs/record';

/** What is to be trained for a seed: the experiment, or each of its networks. */
export function networkRuns(experiment: Experiment): readonly { experiment: Experiment; network?: RunNetwork }[] {
  const networks = networksOf(experiment);
  if (networks === undefined) return [{ experiment }];
  return networks.map((network, position) => ({
    experiment: networkExperiment(experiment, network),
    network: { number: position + 1, of: networks.length, serves: network.serves },
  }));
}
