import type { Program, ValueRef } from '../program';
import { resultReferences } from '../references';
import { mapInputs, withReferences } from './rebuild';

/** Drops nodes and constants that neither outputs nor updates depend on. */
export function removeDeadNodes(program: Program): Program {
  const liveNodes = new Set<number>();
  const liveConstants = new Set<number>();
  const pending: ValueRef[] = [...resultReferences(program)];
  for (let reference = pending.pop(); reference; reference = pending.pop()) {
    if (reference.from === 'constant') liveConstants.add(reference.index);
    if (reference.from !== 'node' || liveNodes.has(reference.node)) continue;
    liveNodes.add(reference.node);
    pending.push(...Object.values(program.nodes[reference.node].inputs));
  }
  const nodes = kept(program.nodes, liveNodes);
  const constants = kept(program.constants, liveConstants);
  const resolve = (reference: ValueRef): ValueRef => {
    if (reference.from === 'node') return { ...reference, node: nodes.position(reference.node) };
    if (reference.from === 'constant') return { ...reference, index: constants.position(reference.index) };
    return reference;
  };
  return withReferences(
    {
      ...program,
      nodes: nodes.items.map((node) => ({ ...node, inputs: mapInputs(node.inputs, resolve) })),
      constants: constants.items,
    },
    resolve,
  );
}

function kept<Item>(items: readonly Item[], live: ReadonlySet<number>) {
  let next = 0;
  const positions = items.map((_, index) => (live.has(index) ? next++ : -1));
  return {
    items: items.filter((_, index) => live.has(index)),
    position: (index: number): number => positions[index],
  };
}
