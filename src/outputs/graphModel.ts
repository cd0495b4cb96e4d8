import { Buffer } from 'node:buffer';
import type { Attribute, Graph, GraphTensor, GraphType } from '../program';
import type { Files } from './files';

/** Names of types in TensorFlow's protocol, as its JSON writes them. */
const typeNames: Readonly<Record<GraphType, string>> = {
  float32: 'DT_FLOAT',
  int32: 'DT_INT32',
  bool: 'DT_BOOL',
  resource: 'DT_RESOURCE',
};

/** As the converter of TensorFlow.js cuts them, so that browsers keep them. */
const shardBytes = 4 * 1024 * 1024;

/**
 * A graph as a graph model of TensorFlow.js, for `tf.loadGraphModel`: model.json with the nodes, and the values of
 * the constants in binary shards. The first signature is the one that it is called by.
 */
export function graphModelFiles({ nodes, signatures }: Graph): Files {
  const weights: object[] = [];
  const values: Uint8Array[] = [];
  const node = nodes.map(({ name, op, inputs, attributes }) => {
    const { value } = attributes;
    if (op === 'Const' && value?.kind === 'tensor') {
      weights.push({ name, shape: value.shape, dtype: value.dtype });
      values.push(new Uint8Array(value.values.buffer, value.values.byteOffset, value.values.byteLength));
    }
    const attr = Object.fromEntries(Object.entries(attributes).map(([key, each]) => [key, attributeJson(each)]));
    return { name, op, ...(inputs.length > 0 && { input: inputs }), attr };
  });
  const all = Buffer.concat(values);
  const shards = Math.max(1, Math.ceil(all.length / shardBytes));
  const paths = Array.from({ length: shards }, (_, shard) => `group1-shard${shard + 1}of${shards}.bin`);
  const description = {
    format: 'graph-model',
    generatedBy: 'MTL Workbench',
    convertedBy: null,
    signature: signatureJson(signatures[0]),
    modelTopology: { node, library: {}, versions: { producer: 1087 } },
    weightsManifest: [{ paths, weights }],
  };
  return new Map<string, string | Uint8Array>([
    ['model.json', JSON.stringify(description)],
    ...paths.map((path, shard): [string, Uint8Array] => [
      path,
      all.subarray(shard * shardBytes, (shard + 1) * shardBytes),
    ]),
  ]);
}

function attributeJson(attribute: Attribute): object {
  switch (attribute.kind) {
    case 'type':
      return { type: typeNames[attribute.value] };
    case 'shape':
      return { shape: shapeJson(attribute.value) };
    case 'int':
      return { i: String(attribute.value) };
    case 'float':
      return { f: attribute.value };
    case 'bool':
      return { b: attribute.value };
    case 'string':
      return { s: base64(attribute.value) };
    case 'ints':
      return { list: { i: attribute.value.map(String) } };
    case 'strings':
      return { list: { s: attribute.value.map(base64) } };
    case 'tensor':
      return { tensor: { dtype: typeNames[attribute.dtype], tensorShape: shapeJson(attribute.shape) } };
  }
}

function signatureJson({ inputs, outputs }: Graph['signatures'][number]): object {
  const tensors = (named: Readonly<Record<string, GraphTensor>>) =>
    Object.fromEntries(
      Object.entries(named).map(([name, { reference, dtype, shape }]) => [
        name,
        {
          name: reference.includes(':') ? reference : `${reference}:0`,
          dtype: typeNames[dtype],
          tensorShape: shapeJson(shape),
        },
      ]),
    );
  return { inputs: tensors(inputs), outputs: tensors(outputs) };
}

function shapeJson(shape: readonly number[]): object {
  return { dim: shape.map((size) => ({ size: String(size) })) };
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
