/**
 * A small assembler of WebAssembly with 128-bit SIMD: the loops that the WASM executor runs are written for each
 * program, with shapes and addresses built in. https://webassembly.github.io/spec/core/binary
 */

export type ValueType = 'i32' | 'f32' | 'v128';

const typeCodes: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };

/** Instructions without immediates. Those of SIMD carry the prefix 0xfd. */
const plain = {
  'i32.add': [0x6a],
  'i32.sub': [0x6b],
  'f32x4.splat': [0xfd, 0x13],
  'f32x4.eq': [0xfd, 0x41],
  'f32x4.ne': [0xfd, 0x42],
  'f32x4.lt': [0xfd, 0x43],
  'f32x4.gt': [0xfd, 0x44],
  'f32x4.le': [0xfd, 0x45],
  'f32x4.ge': [0xfd, 0x46],
  'v128.not': [0xfd, 0x4d],
  'v128.and': [0xfd, 0x4e],
  'v128.or': [0xfd, 0x50],
  'v128.xor': [0xfd, 0x51],
  'v128.bitselect': [0xfd, 0x52],
  'f32x4.ceil': [0xfd, 0x67],
  'f32x4.floor': [0xfd, 0x68],
  'f32x4.nearest': [0xfd, 0x6a],
  'f32x4.abs': [0xfd, 0xe0, 0x01],
  'f32x4.neg': [0xfd, 0xe1, 0x01],
  'f32x4.sqrt': [0xfd, 0xe3, 0x01],
  'f32x4.add': [0xfd, 0xe4, 0x01],
  'f32x4.sub': [0xfd, 0xe5, 0x01],
  'f32x4.mul': [0xfd, 0xe6, 0x01],
  'f32x4.div': [0xfd, 0xe7, 0x01],
  'f32x4.min': [0xfd, 0xe8, 0x01],
  'f32x4.max': [0xfd, 0xe9, 0x01],
} as const satisfies Readonly<Record<string, readonly number[]>>;

export type Instruction = keyof typeof plain;

/** The body of one function. */
export class FunctionBody {
  private readonly bytes: number[] = [];
  private readonly locals: ValueType[] = [];

  constructor(readonly parameters: readonly ValueType[] = []) {}

  /** A new local, zero at first; returns its index. */
  local(type: ValueType): number {
    this.locals.push(type);
    return this.parameters.length + this.locals.length - 1;
  }

  op(...instructions: readonly Instruction[]): void {
    for (const instruction of instructions) this.bytes.push(...plain[instruction]);
  }

  get(local: number): void {
    this.bytes.push(0x20, ...unsigned(local));
  }

  set(local: number): void {
    this.bytes.push(0x21, ...unsigned(local));
  }

  integer(value: number): void {
    this.bytes.push(0x41, ...signed(value));
  }

  /** Four equal floats. */
  splat(value: number): void {
    const bytes = [...new Uint8Array(Float32Array.of(value).buffer)];
    this.bytes.push(0xfd, 0x0c, ...bytes, ...bytes, ...bytes, ...bytes);
  }

  /** Loads four floats, or one into the first lane, or one into all; the address is on the stack, `offset` is added. */
  load(width: 4 | 1 | 'splat', offset: number): void {
    const code = { 4: 0x00, 1: 0x5c, splat: 0x09 }[width];
    this.bytes.push(0xfd, ...unsigned(code), 2, ...unsigned(offset));
  }

  /** Stores four floats, or the first lane; address and value are on the stack. */
  store(width: 4 | 1, offset: number): void {
    if (width === 4) this.bytes.push(0xfd, 0x0b, 2, ...unsigned(offset));
    else this.bytes.push(0xfd, 0x5a, 2, ...unsigned(offset), 0);
  }

  /** Moves lane `lane` into all lanes. */
  spread(lane: number): void {
    this.bytes.push(0xfd, 0x1f, lane);
    this.op('f32x4.splat');
  }

  /** Adds a number to an i32 local. */
  advance(local: number, by: number): void {
    if (by === 0) return;
    this.get(local);
    this.integer(by);
    this.op('i32.add');
    this.set(local);
  }

  /** Runs `body` a known number of times. */
  repeat(times: number, body: () => void): void {
    if (times <= 1) {
      if (times === 1) body();
      return;
    }
    const counter = this.local('i32');
    this.integer(times);
    this.set(counter);
    this.loop(counter, body);
  }

  /** Runs `body` while the local, which goes down by one after each turn, is not 0; at least once. */
  loop(counter: number, body: () => void): void {
    this.bytes.push(0x03, 0x40);
    body();
    this.advance(counter, -1);
    this.get(counter);
    this.bytes.push(0x0d, 0, 0x0b);
  }

  /** Runs `body` where the local is not 0. */
  when(local: number, body: () => void): void {
    this.get(local);
    this.bytes.push(0x04, 0x40);
    body();
    this.bytes.push(0x0b);
  }

  encode(): readonly number[] {
    const locals = this.locals.map((type) => [1, typeCodes[type]]);
    return sized([...unsigned(locals.length), ...locals.flat(), ...this.bytes, 0x0b]);
  }
}

/** A module of functions on one imported memory; each is exported under its position. */
export function assemble(functions: readonly FunctionBody[]): Uint8Array<ArrayBuffer> {
  const signatures = functions.map(({ parameters }) => [
    0x60,
    ...unsigned(parameters.length),
    ...parameters.map((type) => typeCodes[type]),
    0,
  ]);
  const memory = [...text('host'), ...text('memory'), 0x02, 0x00, 0x00];
  const sections = [
    section(1, signatures),
    section(2, [memory]),
    section(
      3,
      functions.map((_, index) => unsigned(index)),
    ),
    section(
      7,
      functions.map((_, index) => [...text(String(index)), 0, ...unsigned(index)]),
    ),
    section(
      10,
      functions.map((body) => body.encode()),
    ),
  ];
  return Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...sections.flat()]);
}

function section(code: number, entries: readonly (readonly number[])[]): readonly number[] {
  return [code, ...sized([...unsigned(entries.length), ...entries.flat()])];
}

function sized(bytes: readonly number[]): readonly number[] {
  return [...unsigned(bytes.length), ...bytes];
}

function text(value: string): readonly number[] {
  return sized([...new TextEncoder().encode(value)]);
}

/** LEB128. */
function unsigned(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return bytes;
}

/** Signed LEB128 of a 32-bit number. */
function signed(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    if ((rest === 0 && !(low & 0x40)) || (rest === -1 && low & 0x40)) return [...bytes, low];
    bytes.push(low | 0x80);
  }
}
