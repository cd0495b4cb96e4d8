import type { TypedArray } from '../program';
import type { Attribute, Graph, GraphNode, GraphTensor, GraphType, Signature } from './graph';
import { MessageWriter } from './protobuf';

/** The name of a SavedModel's file in its folder. */
export const savedModelFile = 'saved_model.pb';

/** Of the one graph in a SavedModel. */
export const savedModelTag = 'serve';

/**
 * The version of TensorFlow's graph format that the graphs are written for: that of TensorFlow 2.9, which later ones
 * read. Earlier ones may read them as well.
 */
const producer = 1087;

const typeNumbers: Readonly<Record<GraphType, number>> = { float32: 1, int32: 3, bool: 10, resource: 20 };

/**
 * A graph as the file `saved_model.pb` of a SavedModel without variables of its own. The field numbers are those of
 * saved_model.proto, meta_graph.proto, graph.proto, node_def.proto, attr_value.proto and tensor.proto of TensorFlow.
 */
export function encodeSavedModel({ nodes, signatures }: Graph): Uint8Array {
  return new MessageWriter()
    .int(1, 1)
    .message(2, (metaGraph) => {
      metaGraph.message(1, (information) => information.string(4, savedModelTag));
      metaGraph.message(2, (graph) => {
        for (const node of nodes) graph.message(1, (message) => writeNode(message, node));
        graph.message(4, (versions) => versions.int(1, producer));
      });
      for (const signature of signatures) {
        writeEntry(metaGraph, 5, signature.name, (message) => writeSignature(message, signature));
      }
    })
    .finish();
}

/** An entry of a map. */
function writeEntry(message: MessageWriter, field: number, key: string, write: (value: MessageWriter) => void): void {
  message.message(field, (entry) => entry.string(1, key).message(2, write));
}

function writeNode(message: MessageWriter, { name, op, inputs, attributes }: GraphNode): void {
  message.string(1, name).string(2, op);
  for (const input of inputs) message.string(3, input);
  for (const [key, attribute] of Object.entries(attributes)) {
    writeEntry(message, 5, key, (value) => writeAttribute(value, attribute));
  }
}

function writeAttribute(message: MessageWriter, attribute: Attribute): void {
  switch (attribute.kind) {
    case 'string':
      message.string(2, attribute.value);
      break;
    case 'int':
      message.int(3, attribute.value);
      break;
    case 'float':
      message.float(4, attribute.value);
      break;
    case 'bool':
      message.bool(5, attribute.value);
      break;
    case 'type':
      message.int(6, typeNumbers[attribute.value]);
      break;
    case 'shape':
      message.message(7, (shape) => writeShape(shape, attribute.value));
      break;
    case 'tensor':
      message.message(8, (tensor) => writeTensor(tensor, attribute));
      break;
    case 'ints':
      message.message(1, (list) => attribute.value.forEach((value) => list.int(3, value)));
      break;
    case 'strings':
      message.message(1, (list) => attribute.value.forEach((value) => list.string(2, value)));
      break;
  }
}

function writeShape(message: MessageWriter, shape: readonly number[]): void {
  for (const size of shape) message.message(2, (dimension) => dimension.int(1, size));
}

/** Values that are all the same are written once, as TensorFlow allows. */
function writeTensor(message: MessageWriter, { dtype, shape, values }: Extract<Attribute, { kind: 'tensor' }>): void {
  message.int(1, typeNumbers[dtype]).message(2, (size) => writeShape(size, shape));
  const [first] = values;
  if (values.length < 2 || !values.every((value) => Object.is(value, first))) message.bytes(4, littleEndian(values));
  else if (dtype === 'float32') message.float(5, first);
  else message.int(dtype === 'int32' ? 7 : 11, first);
}

function writeSignature(message: MessageWriter, { inputs, outputs }: Signature): void {
  for (const [name, tensor] of Object.entries(inputs))
    writeEntry(message, 1, name, (value) => writeTensorInfo(value, tensor));
  for (const [name, tensor] of Object.entries(outputs))
    writeEntry(message, 2, name, (value) => writeTensorInfo(value, tensor));
  message.string(3, 'tensorflow/serving/predict');
}

function writeTensorInfo(message: MessageWriter, { reference, dtype, shape }: GraphTensor): void {
  message
    .string(1, reference.includes(':') ? reference : `${reference}:0`)
    .int(2, typeNumbers[dtype])
    .message(3, (size) => writeShape(size, shape));
}

/** The numbers' bytes in the order in which TensorFlow reads them, which is that of all machines it runs on. */
function littleEndian({ buffer, byteOffset, byteLength }: TypedArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
