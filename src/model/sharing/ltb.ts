import * as tf from '@tensorflow/tfjs-core';
import { bankLayer, bankMasks, bankParameters, denseBank, mixMembers, take, type Members } from '../bank';
import type { DrawnSpec, Pass } from '../layers';
import type { ParameterSpec } from '../parameters';
import type { ProbeSpec, SharingArchitecture } from './architecture';
import { commonWidth, numbered, softmaxLast, taskMembers } from './support';

const temperature = 'branching/temperature';

/** Layers of several nodes; each node, and at the end each task, learns which node below it reads (Guo et al., 2020). */
export const ltb: SharingArchitecture<'ltb'> = {
  build({ branches, startTemperature, endTemperature, cooling }, model, inputs) {
    const members = taskMembers(inputs);
    const nodes = numbered('branch', branches);
    const bank = denseBank('branches', nodes, commonWidth(inputs), model.encoder, true);
    const last = bank.layers.length - 1;
    // Who chooses behind each layer: the nodes of the next, or the tasks.
    const choosers = bank.layers.map((_, layer) => (layer === last ? members.names : nodes));
    const choose = (pass: Pass, layer: number, of?: Members) => {
      const scores = take(pass.parameters[choiceName(layer)] as tf.Tensor2D, of);
      const noise = pass.masks?.[noiseName(layer)];
      if (!noise) return softmaxLast(tf.div<tf.Tensor2D>(scores, tf.scalar(endTemperature)));
      const drawn = tf.add(scores, take(noise, of));
      return softmaxLast(tf.div<tf.Tensor2D>(drawn, pass.masks[temperature]));
    };
    return {
      parameters: [
        ...bankParameters(bank),
        ...choosers.map((who, layer) => choiceParameter(choiceName(layer), who.length, branches, layer !== last)),
      ],
      widths: inputs.map(() => bank.units),
      masks: (rows) => rows.flatMap((count, stream) => bankMasks(bank, String(stream), branches, count)),
      drawn: [
        ...choosers.map((who, layer) => gumbelNoise(noiseName(layer), [who.length, branches])),
        {
          name: temperature,
          shape: [],
          draw: (_, step) => Math.max(endTemperature, startTemperature * Math.exp(-cooling * step)),
        },
      ],
      represent(pass, stream, input) {
        let hidden: tf.Tensor2D | tf.Tensor3D = input;
        for (let layer = 0; layer <= last; layer++) {
          const outputs = bankLayer(bank, layer, pass, String(stream), hidden);
          const of = layer === last ? members.of(stream) : undefined;
          hidden = mixMembers(choose(pass, layer, of), outputs);
        }
        return hidden;
      },
      probes: choosers.map((who, layer): ProbeSpec => {
        const title = layer === last ? 'Branch that each task reads' : `Branch that layer ${layer + 2} reads`;
        return {
          name: choiceName(layer),
          title,
          rows: who,
          columns: nodes,
          perRow: false,
          ...(layer === last && { shows: 'use' as const }),
        };
      }),
      observe: ({ parameters }) =>
        Object.fromEntries(choosers.map((_, layer) => [choiceName(layer), choose({ parameters }, layer)])),
    };
  },
};

function choiceName(layer: number): string {
  return `branching/${layer}`;
}

function noiseName(layer: number): string {
  return `branching/noise/${layer}`;
}

/** All branches are as likely at first. */
function choiceParameter(name: string, choosers: number, branches: number, shared: boolean): ParameterSpec {
  return {
    name,
    shape: [choosers, branches],
    decays: false,
    shared,
    initialise: () => new Float32Array(choosers * branches),
  };
}

/** Noise by which the softmax of scores becomes a draw from it (Jang et al., 2017). */
function gumbelNoise(name: string, shape: readonly number[]): DrawnSpec {
  return { name, shape, draw: (random) => -Math.log(-Math.log(Math.max(random.uniform(), Number.MIN_VALUE))) };
}
