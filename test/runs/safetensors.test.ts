import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { decodeSafetensors, encodeSafetensors, SafetensorsError } from '../../src/runs/safetensors';
import type { StoredTensor } from '../../src/runs/safetensors';
import { lacksPython, runPython } from '../support/python';

const arrays = [Float32Array, Float64Array, Int32Array, Uint32Array] as const;

/** Any bits, so that NaNs with payloads, infinities and negative zeros are among them. */
const tensor = fc
  .record({ shape: fc.array(fc.nat(4), { maxLength: 4 }), type: fc.constantFrom(...arrays) })
  .chain(({ shape, type }) => {
    const bytes = shape.reduce((product, size) => product * size, 1) * type.BYTES_PER_ELEMENT;
    return fc
      .uint8Array({ minLength: bytes, maxLength: bytes })
      .map((values): StoredTensor => ({ shape, values: new type(Uint8Array.from(values).buffer) }));
  });
const name = fc
  .oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('__proto__', 'constructor', '1', '', '🧠/0', '<script>'))
  .filter((text) => text !== '__metadata__');

function record<Value>(entries: readonly (readonly [string, Value])[]): Record<string, Value> {
  const result = Object.create(null) as Record<string, Value>;
  for (const [key, value] of entries) result[key] = value;
  return result;
}

function bitsOf({ shape, values }: StoredTensor) {
  return {
    shape,
    type: values.constructor.name,
    bits: [...new Uint8Array(values.buffer, values.byteOffset, values.byteLength)],
  };
}

function refusal(bytes: Uint8Array): SafetensorsError {
  try {
    decodeSafetensors(bytes);
  } catch (error) {
    if (error instanceof SafetensorsError) return error;
    throw error;
  }
  throw new Error('Damaged bytes were read.');
}

/** A file with any text as its header and so many bytes of values. */
function fileOf(header: unknown, values: number): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + values);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

describe('the safetensors codec', () => {
  test('keeps names, shapes, types, metadata and every bit', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(name, tensor), { selector: ([key]) => key, maxLength: 6 }),
        fc.uniqueArray(fc.tuple(name, fc.string({ unit: 'binary' })), { selector: ([key]) => key, maxLength: 4 }),
        fc.nat(7),
        (tensors, metadata, shift) => {
          const file = encodeSafetensors(record(tensors), record(metadata));
          // As a view into other bytes, at any alignment.
          const shifted = new Uint8Array(file.length + shift + 3).subarray(shift, shift + file.length);
          shifted.set(file);
          const read = decodeSafetensors(shifted);
          expect(
            Object.entries(read.tensors)
              .map(([key, value]) => [key, bitsOf(value)])
              .sort(),
          ).toEqual(tensors.map(([key, value]) => [key, bitsOf(value)]).sort());
          expect(Object.entries(read.metadata).sort()).toEqual([...metadata].sort());
        },
      ),
    );
  });

  test('aligns the values and pads the header with spaces', () => {
    const file = encodeSafetensors({
      a: { shape: [1], values: Float32Array.of(1) },
      b: { shape: [], values: Float64Array.of(2) },
    });
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect((8 + length) % 8).toBe(0);
    const header = new TextDecoder().decode(file.subarray(8, 8 + length));
    expect(JSON.parse(header)).toMatchObject({ a: { data_offsets: [8, 12] }, b: { data_offsets: [0, 8], shape: [] } });
    expect(header.trimEnd()).toMatch(/\}$/);
  });

  test('refuses to write what would not be read', () => {
    expect(() => encodeSafetensors({ w: { shape: [2, 3], values: new Float32Array(5) } })).toThrow(/"w" has 5 values/);
    expect(() => encodeSafetensors({ __metadata__: { shape: [], values: new Float32Array(1) } })).toThrow(/named/);
  });

  const whole = encodeSafetensors({ w: { shape: [2], values: Float32Array.of(1, 2) } }, { format: 'pt' });

  test('tells every cut', () => {
    for (let length = 0; length < whole.length; length++) {
      expect(refusal(whole.subarray(0, length)).code).toBe('truncated');
    }
  });

  test('never crashes on a changed byte', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const damaged = whole.slice();
        damaged[place] ^= change;
        try {
          decodeSafetensors(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(SafetensorsError);
        }
      }),
    );
  });

  const f32 = (from: number, to: number, shape = [(to - from) / 4]) => ({
    dtype: 'F32',
    shape,
    data_offsets: [from, to],
  });
  test.each([
    ['overlapping tensors', fileOf({ a: f32(0, 8), b: f32(4, 12) }, 12), 'bad-offsets'],
    ['a gap', fileOf({ a: f32(0, 4), b: f32(8, 12) }, 12), 'bad-offsets'],
    ['bytes of nothing', fileOf({ a: f32(0, 4) }, 5), 'bad-offsets'],
    ['a shape of another size', fileOf({ a: f32(0, 4, [2]) }, 4), 'bad-offsets'],
    ['a negative size', fileOf({ a: f32(0, 4, [-1]) }, 4), 'bad-header'],
    ['another type', fileOf({ a: { dtype: 'BF16', shape: [2], data_offsets: [0, 4] } }, 4), 'unsupported-type'],
    [
      'a type named as a method',
      fileOf({ a: { dtype: 'toString', shape: [], data_offsets: [0, 4] } }, 4),
      'unsupported-type',
    ],
    ['no type', fileOf({ a: { shape: [2], data_offsets: [0, 4] } }, 4), 'bad-header'],
    ['no description', fileOf({ a: null }, 0), 'bad-header'],
    ['a list', fileOf([], 0), 'bad-header'],
    ['no JSON', fileOf('{', 0), 'bad-header'],
    ['metadata that is no text', fileOf({ __metadata__: { a: 1 } }, 0), 'bad-header'],
    ['a header without end', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1), 'header-too-large'],
  ])('refuses %s', (_, bytes, code) => {
    const error = refusal(bytes);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/^[A-Z].*\.$/);
  });
});

const folder = mkdtempSync(join(tmpdir(), 'mtl-safetensors-'));
afterAll(() => rmSync(folder, { recursive: true }));

const lacking = lacksPython('numpy', 'safetensors.numpy');

describe.skipIf(lacking)(`the safetensors of Python${lacking ? `: ${lacking}` : ''}`, () => {
  test('reads what is written here', () => {
    const file = join(folder, 'a.safetensors');
    writeFileSync(
      file,
      encodeSafetensors(
        record<StoredTensor>([
          ['heads/🧠/0/weights', { shape: [2, 2], values: Float32Array.of(0.1, -2, 3e30, 4) }],
          ['__proto__', { shape: [], values: Float64Array.of(Math.PI) }],
          ['empty', { shape: [0, 3], values: new Float32Array(0) }],
          ['counts', { shape: [3], values: Uint32Array.of(0, 1, 4294967295) }],
        ]),
        { seed: '7' },
      ),
    );
    const script = `
import json, sys
from safetensors import safe_open
with safe_open(sys.argv[1], 'np') as f:
    print(json.dumps([f.metadata(), {k: [str(f.get_tensor(k).dtype), list(f.get_tensor(k).shape), f.get_tensor(k).ravel().tolist()] for k in f.keys()}]))
`;
    expect(JSON.parse(runPython(script, file))).toEqual([
      { seed: '7' },
      record<unknown>([
        ['heads/🧠/0/weights', ['float32', [2, 2], [Math.fround(0.1), -2, Math.fround(3e30), 4]]],
        ['__proto__', ['float64', [], [Math.PI]]],
        ['empty', ['float32', [0, 3], []]],
        ['counts', ['uint32', [3], [0, 1, 4294967295]]],
      ]),
    ]);
  });

  test('writes what is read here', () => {
    const file = join(folder, 'b.safetensors');
    const script = `
import sys, numpy as np
from safetensors.numpy import save_file
save_file({'w': np.arange(6, dtype=np.float32).reshape(2, 3), 'n': np.array(-5, dtype=np.int32)}, sys.argv[1], metadata={'a': 'é'})
`;
    runPython(script, file);
    const { tensors, metadata } = decodeSafetensors(readFileSync(file));
    expect(metadata.a).toBe('é');
    expect(tensors.w).toEqual({ shape: [2, 3], values: Float32Array.of(0, 1, 2, 3, 4, 5) });
    expect(tensors.n).toEqual({ shape: [], values: Int32Array.of(-5) });
  });
});
