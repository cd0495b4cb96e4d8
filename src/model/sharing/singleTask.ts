import { applyBank, bankMasks, bankParameters, denseBank } from '../bank';
import type { SharingArchitecture } from './architecture';

/** An encoder for each task: what sharing is compared with. The tasks of a stream are one bank. */
export const singleTask: SharingArchitecture<'single-task'> = {
  build(_options, { encoder }, inputs) {
    const banks = inputs.map(({ width, tasks }, stream) => denseBank(`tasks/${stream}`, tasks, width, encoder, false));
    return {
      parameters: banks.flatMap(bankParameters),
      independent: banks.map((bank) => bankParameters(bank).map(({ name }) => name)),
      widths: banks.map(({ units }) => units),
      masks: (rows) => rows.flatMap((count, stream) => bankMasks(banks[stream], '', banks[stream].members, count)),
      represent: (pass, stream, input) =>
        encoder.layers.length === 0 ? input : applyBank(banks[stream], pass, '', input),
    };
  },
};
