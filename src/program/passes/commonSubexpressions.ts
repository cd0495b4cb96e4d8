import type { Program, ValueRef } from '../program';
import { rebuild, type Constant } from './rebuild';

/** Constants above this size are not compared with each other. */
const comparedSize = 4096;

/**
 * Computes equal things once: nodes with the same kernel, inputs and attributes, and constants of the same values. The
 * gradients of several tasks, each traced with its own forward pass, come to share one.
 */
export function mergeCommonSubexpressions(program: Program): Program {
  const constants = mergedConstants(program.constants);
  const seen = new Map<string, readonly ValueRef[]>();
  return rebuild(program, (node, editor) => {
    const inputs = Object.fromEntries(
      Object.entries(node.inputs).map(([name, reference]) => [
        name,
        reference.from === 'constant' ? { ...reference, index: constants[reference.index] } : reference,
      ]),
    );
    const key = JSON.stringify([node.kernel, sorted(inputs), sorted(node.attributes), node.outputs]);
    const known = seen.get(key);
    if (known) return known;
    const made = editor.emit({ ...node, inputs });
    seen.set(key, made);
    return made;
  });
}

/** For each constant the first one that is equal. */
function mergedConstants(constants: readonly Constant[]): readonly number[] {
  const seen = new Map<string, number>();
  return constants.map(({ spec, values }, index) => {
    if (values.length > comparedSize) return index;
    const key = `${spec.dtype} ${spec.shape.join('x')} ${Array.from(values, (value) => (Object.is(value, -0) ? '-0' : value)).join()}`;
    const known = seen.get(key) ?? index;
    seen.set(key, known);
    return known;
  });
}

function sorted(record: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] {
  return Object.entries(record)
    .map(([name, value]) => [name, typeof value === 'number' ? String(value) : value] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1));
}
