import { commonHeadParameters, headNames } from './heads';
import type { Model } from './model';
import { sizeOf } from './parameters';

/** Values with their shape, row-major. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * A weight under a name that explains itself, and where its values lie in a parameter: `rows` stretches of `columns`
 * values, `stride` apart, from `offset` on.
 */
interface Place {
  readonly name: string;
  readonly shape: readonly number[];
  readonly parameter: string;
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
  readonly offset: number;
}

/**
 * The parameters as others should see them: `shared/<layer>/weights` as it is, private encoders by the name of their
 * table, `private/<table>/<layer>/weights`, and the stacked heads of alike tasks one by one,
 * `heads/<task>/<layer>/weights`. Where the first layers of alike heads have a part in common, it is
 * `shared/heads/<kind>/<loss>/<outputs>/weights`, and what a head computes with is the sum of that and its own. Weights
 * are inputs x units, biases have one value per unit.
 */
export function nameWeights(
  model: Model,
  parameters: Readonly<Record<string, Float32Array>>,
): Record<string, NamedTensor> {
  const named = Object.create(null) as Record<string, NamedTensor>;
  for (const place of placesOf(model)) {
    const values = new Float32Array(place.rows * place.columns);
    for (let row = 0; row < place.rows; row++) {
      const start = place.offset + row * place.stride;
      values.set(parameters[place.parameter].subarray(start, start + place.columns), row * place.columns);
    }
    named[place.name] = { shape: place.shape, values };
  }
  return named;
}

/**
 * The way back: parameters from named weights.
 * @returns The name of a weight that is missing or of another shape, where there is one.
 */
export function unnameWeights(
  model: Model,
  named: Readonly<Record<string, { readonly shape: readonly number[]; readonly values: ArrayLike<number> }>>,
): Record<string, Float32Array> | { readonly unfit: string } {
  const parameters = Object.create(null) as Record<string, Float32Array>;
  for (const { name, shape } of model.parameters) parameters[name] = new Float32Array(sizeOf(shape));
  for (const { name, shape, parameter, rows, columns, stride, offset } of placesOf(model)) {
    const found = Object.hasOwn(named, name) ? named[name] : undefined;
    if (found?.shape.join() !== shape.join()) return { unfit: name };
    const values = Float32Array.from(found.values);
    for (let row = 0; row < rows; row++) {
      parameters[parameter].set(values.subarray(row * columns, (row + 1) * columns), offset + row * stride);
    }
  }
  return parameters;
}

function placesOf(model: Model): readonly Place[] {
  const places = everyPlace(model);
  const named = new Set(places.map(({ parameter }) => parameter));
  const without = model.parameters.find(({ name }) => !named.has(name));
  // It would be lost on the way to others, or to a run that starts from this one.
  if (without !== undefined) throw new Error(`The parameter ${without.name} has no name for others.`);
  return places;
}

function everyPlace(model: Model): readonly Place[] {
  const { streams } = model.taskSet;
  const whole = (name: string, parameter: string, shape: readonly number[]): Place => {
    const size = sizeOf(shape);
    return { name, shape, parameter, rows: 1, columns: size, stride: size, offset: 0 };
  };
  return [
    ...model.privateEncoders.flatMap((stack, stream) =>
      (stack?.layers ?? []).flatMap(({ weights, bias, inputs, units }, layer) => [
        whole(`private/${streams[stream].name}/${layer}/weights`, weights, [inputs, units]),
        whole(`private/${streams[stream].name}/${layer}/bias`, bias, [units]),
      ]),
    ),
    ...[...model.shared.parameters, ...commonHeadParameters(model.groups)].map(({ name, shape }) =>
      whole(name, name, shape),
    ),
    ...headPlaces(model),
  ];
}

/** See `headParameters` for how heads are stacked. */
function headPlaces({ groups, taskSet }: Model): Place[] {
  return groups.flatMap((group) =>
    group.tasks.flatMap((task, head) =>
      group.units.flatMap((units, layer): Place[] => {
        const inputs = layer === 0 ? group.inputs : group.units[layer - 1];
        const { weights, bias } = headNames(group, layer);
        const name = `heads/${taskSet.tasks[task].name}/${layer}`;
        const size = inputs * units;
        const place =
          layer === 0
            ? { rows: inputs, columns: units, stride: group.tasks.length * units, offset: head * units }
            : { rows: 1, columns: size, stride: size, offset: head * size };
        return [
          { name: `${name}/weights`, shape: [inputs, units], parameter: weights, ...place },
          {
            name: `${name}/bias`,
            shape: [units],
            parameter: bias,
            rows: 1,
            columns: units,
            stride: units,
            offset: head * units,
          },
        ];
      }),
    ),
  );
}
