import { expect, test } from 'vitest';
import { attribute, type Graph } from '../../../src/program/graph/graph';
import { encodeSavedModel } from '../../../src/program/graph/savedModel';

/** The fields of a message, whatever they mean: numbers, and bytes where a string, a message or packed numbers lie. */
function decode(bytes: Uint8Array): Map<number, (number | Uint8Array)[]> {
  const fields = new Map<number, (number | Uint8Array)[]>();
  const view = Buffer.from(bytes);
  let position = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = view[position++];
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return Number(BigInt.asIntN(64, value));
    }
  };
  const read = (wireType: number) => {
    if (wireType === 0) return varint();
    if (wireType === 5) return view.readFloatLE((position += 4) - 4);
    expect(wireType).toBe(2);
    const length = varint();
    return view.subarray(position, (position += length));
  };
  while (position < view.length) {
    const tag = varint();
    const field = tag >> 3;
    fields.set(field, [...(fields.get(field) ?? []), read(tag & 7)]);
  }
  expect(position).toBe(view.length);
  return fields;
}

type Fields = ReturnType<typeof decode>;
const inner = (fields: Fields, ...path: number[]): Fields =>
  path.reduce((message, field) => decode(message.get(field)?.[0] as Uint8Array), fields);
const text = (value: unknown) => Buffer.from(value as Uint8Array).toString('utf8');
/** A field that is a map, by its keys. */
const entries = (fields: Fields, field: number) =>
  new Map(
    (fields.get(field) ?? []).map((entry) => {
      const decoded = decode(entry as Uint8Array);
      return [text(decoded.get(1)?.[0]), inner(decoded, 2)] as const;
    }),
  );

const long = Float32Array.from({ length: 3000 }, (_, index) => index / 7);
const graph: Graph = {
  nodes: [
    {
      name: 'x',
      op: 'Placeholder',
      inputs: [],
      attributes: { dtype: attribute.type('float32'), shape: attribute.shape([-1, 3]) },
    },
    {
      name: 'odd',
      op: 'Odd',
      inputs: ['x', '^x', 'x:1'],
      attributes: {
        text: attribute.string('é'),
        number: attribute.int(-3),
        large: attribute.int(2 ** 40),
        fraction: attribute.float(0.1),
        no: attribute.bool(false),
        list: attribute.strings(['BiasAdd', 'Relu']),
        numbers: { kind: 'ints', value: [1, 300] },
        values: { kind: 'tensor', dtype: 'float32', shape: [3000], values: long },
        same: { kind: 'tensor', dtype: 'int32', shape: [2, 2], values: Int32Array.of(-7, -7, -7, -7) },
        mixed: { kind: 'tensor', dtype: 'bool', shape: [2], values: Uint8Array.of(0, 1) },
      },
    },
  ],
  signatures: [
    {
      name: 'serve',
      inputs: { x: { reference: 'x', dtype: 'float32', shape: [-1, 3] } },
      outputs: { y: { reference: 'odd:1', dtype: 'int32', shape: [] } },
    },
  ],
};

const file = decode(encodeSavedModel(graph));
const meta = inner(file, 2);

test('the file is a SavedModel of one graph for serving', () => {
  expect(file.get(1)).toEqual([1]);
  expect(text(inner(meta, 1).get(4)?.[0])).toBe('serve');
  expect(inner(meta, 2, 4).get(1)).toEqual([1087]);
});

test('nodes keep names, operations and inputs', () => {
  const [x, odd] = (inner(meta, 2).get(1) ?? []).map((node) => decode(node as Uint8Array));
  expect([x.get(1), x.get(2)].map((value) => text(value?.[0]))).toEqual(['x', 'Placeholder']);
  expect(odd.get(3)?.map(text)).toEqual(['x', '^x', 'x:1']);
  const shape = inner(entries(x, 5).get('shape') as Fields, 7);
  expect(shape.get(2)?.map((size) => decode(size as Uint8Array).get(1)?.[0])).toEqual([-1, 3]);
});

test('attributes keep their types and values', () => {
  const [, odd] = (inner(meta, 2).get(1) ?? []).map((node) => decode(node as Uint8Array));
  const attributes = entries(odd, 5);
  const value = (name: string) => attributes.get(name) as Fields;
  expect(text(value('text').get(2)?.[0])).toBe('é');
  expect(value('number').get(3)).toEqual([-3]);
  expect(value('large').get(3)).toEqual([2 ** 40]);
  expect(value('fraction').get(4)).toEqual([Math.fround(0.1)]);
  expect(value('no').get(5)).toEqual([0]);
  expect(inner(value('list'), 1).get(2)?.map(text)).toEqual(['BiasAdd', 'Relu']);
  expect(inner(value('numbers'), 1).get(3)).toEqual([1, 300]);
  const content = inner(value('values'), 8).get(4)?.[0] as Uint8Array;
  expect(new Float32Array(Uint8Array.from(content).buffer)).toEqual(long);
  expect(inner(value('same'), 8).get(7)).toEqual([-7]);
  expect([...(inner(value('mixed'), 8).get(4)?.[0] as Uint8Array)]).toEqual([0, 1]);
});

test('signatures say what goes in and what comes out', () => {
  const signature = entries(meta, 5).get('serve') as Fields;
  const [[input, x]] = entries(signature, 1);
  const [[output, y]] = entries(signature, 2);
  expect([input, text(x.get(1)?.[0]), x.get(2)?.[0]]).toEqual(['x', 'x:0', 1]);
  expect([output, text(y.get(1)?.[0]), y.get(2)?.[0]]).toEqual(['y', 'odd:1', 3]);
  expect(text(signature.get(3)?.[0])).toBe('tensorflow/serving/predict');
});
