/**
 * The safetensors format (https://github.com/huggingface/safetensors): eight bytes with the length of a header, the
 * header as JSON, then the values of all tensors without gaps, little-endian as typed arrays are on every machine that
 * Node runs on. Values keep all their bits, the payloads of NaN too.
 */

export type TensorValues = Float32Array | Float64Array | Int32Array | Uint32Array;

/** A tensor of a file: as many values as the product of its shape, row-major; one where the shape is empty. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly values: TensorValues;
}

export interface SafetensorsFile {
  /** By name. It has no prototype, so that any name may be looked up in it. */
  readonly tensors: Readonly<Record<string, StoredTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes that are no safetensors file, or tensors that cannot be written as one. */
export class SafetensorsError extends Error {
  constructor(
    readonly code: 'truncated' | 'header-too-large' | 'bad-header' | 'bad-offsets' | 'unsupported-type' | 'bad-tensor',
    message: string,
  ) {
    super(message);
    this.name = 'SafetensorsError';
  }
}

/** By the name that the format has for a type. */
const types = { F64: Float64Array, F32: Float32Array, I32: Int32Array, U32: Uint32Array } as const;
type TypeName = keyof typeof types;

const metadataName = '__metadata__';
/** The limit of the format's own reader. */
const largestHeader = 100_000_000;
const prefix = 8;

/**
 * Writes a file. Wide types come first, so that every tensor lies at a multiple of its element's size.
 * @throws SafetensorsError where a shape does not fit its values or a name is reserved.
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, StoredTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = Object.entries(tensors).map(([name, tensor]) => ({
    name,
    ...tensor,
    type: checkedType(name, tensor),
  }));
  entries.sort((a, b) => b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT);
  const header = Object.create(null) as Record<string, unknown>;
  if (Object.keys(metadata).length > 0) header[metadataName] = metadata;
  let length = 0;
  for (const { name, shape, values, type } of entries) {
    header[name] = { dtype: type, shape, data_offsets: [length, length + values.byteLength] };
    length += values.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = prefix + Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(start + length).fill(0x20, prefix + text.length, start);
  new DataView(file.buffer).setBigUint64(0, BigInt(start - prefix), true);
  file.set(text, prefix);
  let offset = start;
  for (const { values } of entries) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  return file;
}

function checkedType(name: string, { shape, values }: StoredTensor): TypeName {
  if (name === metadataName) throw new SafetensorsError('bad-tensor', `A tensor cannot be named "${metadataName}".`);
  if (sizeOf(shape) !== values.length) {
    const message = `Tensor "${name}" has ${values.length} values, which its shape [${shape.join(', ')}] does not take.`;
    throw new SafetensorsError('bad-tensor', message);
  }
  return (Object.keys(types) as TypeName[]).find((type) => values instanceof types[type])!;
}

/**
 * Reads a file into arrays of its own; `bytes` may change afterwards.
 * @throws SafetensorsError where it is damaged, or holds a type that nothing here writes.
 */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { header, start } = readHeader(bytes);
  const { [metadataName]: metadata, ...described } = header;
  const places = Object.entries(described).map(([name, entry]) => placeOf(name, entry));
  checkPlaces(places, bytes.length - start);
  const tensors = Object.create(null) as Record<string, StoredTensor>;
  for (const { name, type, shape, from, to } of places) {
    const own = new Uint8Array(to - from);
    own.set(bytes.subarray(start + from, start + to));
    tensors[name] = { shape, values: new types[type](own.buffer) };
  }
  return { tensors, metadata: readMetadata(metadata) };
}

function readHeader(bytes: Uint8Array): { header: Readonly<Record<string, unknown>>; start: number } {
  if (bytes.length < prefix) throw truncated('it ends before its header');
  const length = new DataView(bytes.buffer, bytes.byteOffset, prefix).getBigUint64(0, true);
  if (length > largestHeader) {
    throw new SafetensorsError(
      'header-too-large',
      `The header would take ${length} bytes: this is no safetensors file.`,
    );
  }
  const start = prefix + Number(length);
  if (bytes.length < start) throw truncated('it ends within its header');
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(prefix, start));
    const header: unknown = JSON.parse(text);
    if (isRecord(header)) return { header, start };
  } catch {
    // Told below.
  }
  throw badHeader('it is no JSON object');
}

interface Place {
  readonly name: string;
  readonly type: TypeName;
  readonly shape: readonly number[];
  /** Bytes from the end of the header. */
  readonly from: number;
  readonly to: number;
}

function placeOf(name: string, entry: unknown): Place {
  if (!isRecord(entry)) throw badHeader(`tensor "${name}" is not described`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string') throw badHeader(`tensor "${name}" has no type`);
  if (!isType(dtype)) {
    const known = Object.keys(types).join(', ');
    throw new SafetensorsError('unsupported-type', `Tensor "${name}" is of type ${dtype}; read are ${known}.`);
  }
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    throw badHeader(`tensor "${name}" has no proper shape or place`);
  }
  const [from, to] = offsets;
  if (to - from !== sizeOf(shape) * types[dtype].BYTES_PER_ELEMENT) {
    throw new SafetensorsError('bad-offsets', `Tensor "${name}" does not take as many bytes as its shape asks for.`);
  }
  return { name, type: dtype, shape, from, to };
}

/** Every byte behind the header belongs to one tensor. */
function checkPlaces(places: readonly Place[], length: number): void {
  let end = 0;
  for (const { name, from, to } of [...places].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) {
      const what = from < end ? 'overlaps another one' : 'leaves a gap before it';
      throw new SafetensorsError('bad-offsets', `The file is damaged: tensor "${name}" ${what}.`);
    }
    end = to;
  }
  if (length < end) throw truncated(`${end - length} bytes of its values are missing`);
  if (length > end) {
    throw new SafetensorsError(
      'bad-offsets',
      `The file is damaged: ${length - end} bytes at its end belong to nothing.`,
    );
  }
}

function readMetadata(value: unknown): Readonly<Record<string, string>> {
  const metadata = Object.create(null) as Record<string, string>;
  if (value === undefined) return metadata;
  if (!isRecord(value)) throw badHeader('its metadata is no object');
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw badHeader(`its metadata "${key}" is no text`);
    metadata[key] = text;
  }
  return metadata;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isType(name: string): name is TypeName {
  return Object.hasOwn(types, name);
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

function truncated(where: string): SafetensorsError {
  return new SafetensorsError('truncated', `The file is cut: ${where}.`);
}

function badHeader(what: string): SafetensorsError {
  return new SafetensorsError('bad-header', `The header is damaged: ${what}.`);
}
