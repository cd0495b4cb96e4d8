import type { Attribute, Graph, GraphTensor } from './graph';

/** Elements of a constant that are printed before an ellipsis. */
const shownElements = 4;

/** A graph as text: one line per node, then one per signature, input and output. */
export function printGraph({ nodes, signatures }: Graph): string {
  const lines = [
    ...nodes.map(({ name, op, inputs, attributes }) => {
      const settings = Object.entries(attributes).map(([key, value]) => `${key}: ${printAttribute(value)}`);
      return `${name} = ${op}(${inputs.join(', ')}) {${settings.join(', ')}}`;
    }),
    ...signatures.flatMap(({ name, inputs, outputs }) => [
      `signature ${JSON.stringify(name)}`,
      ...Object.entries(inputs).map(([input, tensor]) => `  input ${JSON.stringify(input)}: ${printTensor(tensor)}`),
      ...Object.entries(outputs).map(
        ([output, tensor]) => `  output ${JSON.stringify(output)}: ${printTensor(tensor)}`,
      ),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

function printTensor({ reference, dtype, shape }: GraphTensor): string {
  return `${reference} ${dtype}[${shape.join(', ')}]`;
}

function printAttribute(attribute: Attribute): string {
  switch (attribute.kind) {
    case 'shape':
    case 'ints':
    case 'strings':
      return `[${attribute.value.join(', ')}]`;
    case 'tensor': {
      const shown = Array.from(attribute.values.subarray(0, shownElements), (value) =>
        String(Number(value.toPrecision(6))),
      );
      const rest = attribute.values.length > shownElements ? ', …' : '';
      return `${attribute.dtype}[${attribute.shape.join(', ')}] [${shown.join(', ')}${rest}]`;
    }
    default:
      return String(attribute.value);
  }
}
