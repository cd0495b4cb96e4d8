import type * as tf from '@tensorflow/tfjs-core';
import { ExperimentError } from '../../experiment/problem';
import { bankLayer, bankMasks, mixMembers, take } from '../bank';
import type { Pass } from '../layers';
import type { ParameterSpec } from '../parameters';
import type { SharingArchitecture } from './architecture';
import { keepOwn } from './support';
import { taskBank } from './taskBank';

/** Every layer mixes the layers of all tasks for each: the cost grows with the square of their number. */
const mostTasks = 64;

/** An encoder per task; behind each layer a task reads a learned mixture of all (Misra et al., 2016). */
export const crossStitch: SharingArchitecture<'cross-stitch'> = {
  build({ self }, model, inputs) {
    const { bank, members, network } = taskBank(model.encoder, inputs, false);
    const tasks = members.names.length;
    if (tasks > mostTasks) throw tooMany(tasks);
    const stitches = bank.layers.map((_, layer) => `stitch/${layer}`);
    const last = stitches.length - 1;
    return {
      ...network,
      // All tasks read what all encoders and stitches compute.
      parameters: [
        ...network.parameters.map((parameter) => ({ ...parameter, shared: true })),
        ...stitches.map((name) => stitchParameter(name, tasks, self)),
      ],
      masks: (rows) => rows.flatMap((count, stream) => bankMasks(bank, String(stream), tasks, count)),
      represent(pass, stream, input) {
        let hidden: tf.Tensor2D | tf.Tensor3D = input;
        for (const [layer, name] of stitches.entries()) {
          const own = keepOwn(pass, bankLayer(bank, layer, pass, String(stream), hidden));
          const all = stitch(pass, name);
          hidden = mixMembers(layer === last ? take(all, members.of(stream)) : all, own);
        }
        return hidden;
      },
      separable: true,
      probes: stitches.map((name, layer) => ({
        name,
        title: `Stitch values of layer ${layer + 1}`,
        rows: members.names,
        columns: members.names,
        perRow: false,
        shows: 'use',
      })),
      observe: (pass) => Object.fromEntries(stitches.map((name) => [name, stitch(pass, name)])),
    };
  },
};

function stitch({ parameters }: Pass, name: string): tf.Tensor2D {
  return parameters[name] as tf.Tensor2D;
}

/** Each task begins with its own part at `self`, and the rest spread over the others. */
function stitchParameter(name: string, tasks: number, self: number): ParameterSpec {
  return {
    name,
    shape: [tasks, tasks],
    decays: false,
    shared: true,
    initialise: () =>
      Float32Array.from({ length: tasks * tasks }, (_, cell) => {
        if (tasks === 1) return 1;
        return cell % (tasks + 1) === 0 ? self : (1 - self) / (tasks - 1);
      }),
  };
}

function tooMany(tasks: number): ExperimentError {
  const message =
    `Sharing \`cross-stitch\` mixes every task with every other: with ${tasks} tasks that is too much work ` +
    `(at most ${mostTasks}). Use \`mmoe\`, \`task-embedding\` or \`additive\` for so many.`;
  return new ExperimentError([{ code: 'too-many-tasks', severity: 'error', message, path: ['model', 'sharing'] }]);
}
