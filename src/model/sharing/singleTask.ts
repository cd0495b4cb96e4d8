import { applyBank, bankMasks, bankParameters, denseBank } from '../bank';
import type { SharingArchitecture } from './architecture';
import { taskMembers } from './support';

/** An encoder for each task: what sharing is compared with. The tasks of a stream are one bank. */
export const singleTask: SharingArchitecture<'single-task'> = {
  build(_options, { encoder }, inputs) {
    const members = taskMembers(inputs);
    const banks = inputs.map(({ width, tasks }, stream) => denseBank(`tasks/${stream}`, tasks, width, encoder, false));
    return {
      parameters: banks.flatMap(bankParameters),
      independent: banks.map((bank) => bankParameters(bank).map(({ name }) => name)),
      widths: banks.map(({ units }) => units),
      masks: (rows) => rows.flatMap((count, stream) => bankMasks(banks[stream], '', banks[stream].members, count)),
      represent(pass, stream, input, column) {
        if (encoder.layers.length === 0) return input;
        const { start } = members.of(stream);
        const one = column === undefined ? undefined : { start: members.of(stream, column).start - start, count: 1 };
        return applyBank(banks[stream], pass, '', input, one, { start: 0, count: banks[stream].members });
      },
    };
  },
};
