import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../../common/random';
import { take } from '../bank';
import { activate, dense, denseStack, dropOut, maskName, stackParameters, type DenseLayer, type Pass } from '../layers';
import { uniformInitialiser, type ParameterSpec } from '../parameters';
import type { SharingArchitecture } from './architecture';
import { commonWidth, numbered, taskMembers } from './support';

const table = 'embedding';

/** One trunk for all, whose layers each task scales and shifts by what its learned vector says (Perez et al., 2018). */
export const taskEmbedding: SharingArchitecture<'task-embedding'> = {
  build({ size }, model, inputs) {
    const members = taskMembers(inputs);
    const trunk = denseStack('shared', commonWidth(inputs), model.encoder, true);
    const films = trunk.layers.map(({ units }, layer) => ({
      scale: filmLayer(`film/${layer}/scale`, size, units),
      shift: filmLayer(`film/${layer}/shift`, size, units),
    }));
    const embeddings = ({ parameters }: Pass) => parameters[table] as tf.Tensor2D;
    return {
      parameters: [
        ...stackParameters(trunk),
        ...films.flatMap(({ scale, shift }) => [scale, shift].map(filmParameter)),
        embeddingParameter(members.names, size),
      ],
      widths: inputs.map(() => trunk.units),
      masks: (rows) =>
        trunk.dropout === 0
          ? []
          : rows.flatMap((count, stream) =>
              trunk.layers.map(({ units }, layer) => ({
                name: maskName(trunk.name, layer, String(stream)),
                shape: [members.of(stream).count, count, units],
                rate: trunk.dropout,
              })),
            ),
      represent(pass, stream, input) {
        const of = members.of(stream);
        const vectors = take(embeddings(pass), of);
        let hidden: tf.Tensor2D | tf.Tensor3D = input;
        for (const [position, layer] of trunk.layers.entries()) {
          const { scale, shift } = films[position];
          const conditioned: tf.Tensor3D = tf.add<tf.Tensor3D>(
            tf.mul(apart(layer, pass, hidden), tf.add(film(scale, pass, vectors), tf.scalar(1))),
            film(shift, pass, vectors),
          );
          const activated: tf.Tensor3D = activate(trunk.activation, conditioned);
          hidden = dropOut(pass, maskName(trunk.name, position, String(stream)), activated);
        }
        return hidden;
      },
      probes: [
        {
          name: table,
          title: 'Task vectors',
          rows: members.names,
          columns: numbered('value', size),
          perRow: false,
          shows: 'vectors',
        },
        {
          name: 'similarity',
          title: 'Cosine of task vectors',
          rows: members.names,
          columns: members.names,
          perRow: false,
        },
      ],
      observe: (pass) => ({ [table]: tf.mul(embeddings(pass), tf.scalar(1)), similarity: cosines(embeddings(pass)) }),
    };
  },
};

/** A dense layer of the trunk on rows x inputs, or on tasks x rows x inputs. */
function apart(layer: DenseLayer, pass: Pass, input: tf.Tensor2D | tf.Tensor3D): tf.Tensor2D | tf.Tensor3D {
  if (input.rank === 2) return dense(layer, pass, input as tf.Tensor2D);
  const [tasks, rows, inputs] = input.shape as [number, number, number];
  return tf.reshape<tf.Rank.R3>(dense(layer, pass, tf.reshape(input, [tasks * rows, inputs])), [
    tasks,
    rows,
    layer.units,
  ]);
}

function filmLayer(weights: string, inputs: number, units: number) {
  return { weights, inputs, units };
}

function filmParameter({ weights, inputs, units }: ReturnType<typeof filmLayer>): ParameterSpec {
  return {
    name: weights,
    shape: [inputs, units],
    decays: true,
    shared: true,
    initialise: uniformInitialiser(weights, 'linear', inputs, units),
  };
}

/** tasks x 1 x units. */
function film({ weights, units }: ReturnType<typeof filmLayer>, pass: Pass, vectors: tf.Tensor2D): tf.Tensor3D {
  const product = tf.matMul(vectors, pass.parameters[weights]);
  return tf.reshape(product, [vectors.shape[0], 1, units]);
}

/** Small at first, so that all tasks begin with almost the same trunk. */
function embeddingParameter(tasks: readonly string[], size: number): ParameterSpec {
  return {
    name: table,
    shape: [tasks.length, size],
    decays: true,
    shared: false,
    initialise: (seed) =>
      Float32Array.from(
        tasks.flatMap((task) => {
          const random = createRandom(seed, `parameters/${table}/${task}`);
          return Array.from({ length: size }, () => 0.1 * random.normal());
        }),
      ),
  };
}

function cosines(vectors: tf.Tensor2D): tf.Tensor2D {
  const lengths = tf.sqrt(tf.sum(tf.square(vectors), 1, true));
  const unit = tf.div<tf.Tensor2D>(vectors, tf.maximum(lengths, tf.scalar(1e-12)));
  return tf.matMul(unit, unit, false, true);
}
