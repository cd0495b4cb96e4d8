import { headNames, type HeadGroup } from './heads';
import { stackParameters } from './layers';
import type { Model } from './model';
import { sizeOf } from './parameters';

/** Some values of a parameter, one after the other. */
export interface Stretch {
  readonly parameter: string;
  readonly start: number;
  readonly length: number;
}

/**
 * Where the parameters of each task lie, in the order of the tasks; together they are all there are. Undefined where a
 * parameter serves several tasks.
 */
export function taskParameters(model: Model): readonly (readonly Stretch[])[] | undefined {
  const { shared, taskSet, privateEncoders, groups } = model;
  const { independent } = shared;
  const common = taskSet.streams.some(({ tasks }, stream) => tasks.length > 1 && privateEncoders[stream] !== undefined);
  if (independent === undefined || common) return undefined;
  const sizes = new Map(model.parameters.map(({ name, shape }) => [name, sizeOf(shape)]));
  const member = (parameter: string, place: number, members: number): Stretch => {
    const length = sizes.get(parameter)! / members;
    return { parameter, start: place * length, length };
  };
  const headOf = new Map(groups.flatMap((group) => group.tasks.map((task, head) => [task, { group, head }] as const)));
  return taskSet.tasks.map(({ stream, column }, task) => {
    const { group, head } = headOf.get(task)!;
    const own = privateEncoders[stream];
    return [
      ...(own ? stackParameters(own).map(({ name }) => member(name, 0, 1)) : []),
      ...independent[stream].map((name) => member(name, column, taskSet.streams[stream].tasks.length)),
      ...headStretches(group, head, member),
    ];
  });
}

/** See `headParameters` for how heads are stacked. */
function headStretches(
  group: HeadGroup,
  head: number,
  member: (parameter: string, place: number, members: number) => Stretch,
): Stretch[] {
  const heads = group.tasks.length;
  return group.units.flatMap((_, layer) => {
    const { weights, bias } = headNames(group, layer);
    const own = member(bias, head, heads);
    if (layer > 0) return [member(weights, head, heads), own];
    const rows = Array.from({ length: group.inputs }, (__, input) =>
      member(weights, input * heads + head, group.inputs * heads),
    );
    return [...rows, own];
  });
}
