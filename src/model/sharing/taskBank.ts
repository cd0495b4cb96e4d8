import { applyBank, bankMasks, bankParameters, denseBank, type DenseBank } from '../bank';
import type { StackSettings } from '../layers';
import type { SharedNetwork, SharingInput, TaskMembers } from './architecture';
import { commonWidth, taskMembers } from './support';

/** One encoder per task over inputs of one width. */
export interface TaskBank {
  readonly bank: DenseBank;
  readonly members: TaskMembers;
  readonly network: Pick<SharedNetwork, 'parameters' | 'widths' | 'masks' | 'represent'>;
}

/** @param alike Whether all encoders have the same initial values. */
export function taskBank(encoder: StackSettings, inputs: readonly SharingInput[], alike: boolean): TaskBank {
  const members = taskMembers(inputs);
  const seeds = alike ? members.names.map(() => '') : members.names;
  const bank = denseBank('tasks', seeds, commonWidth(inputs), encoder, false);
  return {
    bank,
    members,
    network: {
      parameters: bankParameters(bank),
      widths: inputs.map(() => bank.units),
      masks: (rows) =>
        rows.flatMap((count, stream) => bankMasks(bank, String(stream), members.of(stream).count, count)),
      represent: (pass, stream, input) => applyBank(bank, pass, String(stream), input, members.of(stream)),
    },
  };
}
