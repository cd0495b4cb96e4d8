import type { GraphNode } from './graph';

/** Who reads what in a graph, as it is when this is made. */
export class Readers {
  private readonly inputs: ReadonlyMap<string, readonly string[]>;
  private readonly readers = new Map<string, string[]>();

  constructor(nodes: readonly GraphNode[]) {
    this.inputs = new Map(nodes.map(({ name, inputs }) => [name, inputs.map(nodeOf)]));
    for (const [name, inputs] of this.inputs) {
      for (const input of inputs) {
        const known = this.readers.get(input);
        if (known) known.push(name);
        else this.readers.set(input, [name]);
      }
    }
  }

  /** Control inputs for the nodes `read` and their readers, without those that are computed before `value` anyway. */
  besides(value: string, read: readonly string[]): readonly string[] {
    const before = this.ancestors(value);
    const wanted = read.flatMap((node) => [node, ...(this.readers.get(node) ?? [])]);
    return [...new Set(wanted)].filter((node) => !before.has(node)).map((node) => `^${node}`);
  }

  /** Nodes that a value is computed from, the one that gives it included. */
  private ancestors(reference: string): ReadonlySet<string> {
    const found = new Set<string>();
    const pending = [nodeOf(reference)];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if (found.has(node)) continue;
      found.add(node);
      pending.push(...(this.inputs.get(node) ?? []));
    }
    return found;
  }
}

/** The name of the node that a reference is to. */
function nodeOf(reference: string): string {
  return reference.replace(/^\^/, '').replace(/:\d+$/, '');
}
