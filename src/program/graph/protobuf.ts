/**
 * Writes messages in the wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding). Fields are named by
 * their numbers; messages that lie in others are written by functions of the same kind.
 */
export class MessageWriter {
  private buffer: Buffer<ArrayBuffer> = Buffer.alloc(1024);
  private length = 0;

  /** A whole number of up to 53 bits; negative ones take ten bytes, as int32, int64 and enum have it. */
  int(field: number, value: number): this {
    this.tag(field, 0);
    this.varint(value);
    return this;
  }

  bool(field: number, value: boolean): this {
    return this.int(field, value ? 1 : 0);
  }

  float(field: number, value: number): this {
    this.tag(field, 5);
    this.grow(4);
    this.length = this.buffer.writeFloatLE(value, this.length);
    return this;
  }

  double(field: number, value: number): this {
    this.tag(field, 1);
    this.grow(8);
    this.length = this.buffer.writeDoubleLE(value, this.length);
    return this;
  }

  string(field: number, value: string): this {
    return this.bytes(field, Buffer.from(value, 'utf8'));
  }

  bytes(field: number, value: Uint8Array): this {
    this.tag(field, 2);
    this.varint(value.length);
    this.grow(value.length);
    this.buffer.set(value, this.length);
    this.length += value.length;
    return this;
  }

  message(field: number, write: (message: MessageWriter) => void): this {
    const message = new MessageWriter();
    write(message);
    return this.bytes(field, message.finish());
  }

  /** The message; valid until more is written. */
  finish(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  private tag(field: number, wireType: number): void {
    this.varint(field * 8 + wireType);
  }

  private varint(value: number): void {
    this.grow(10);
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 0x7fn) {
      this.buffer[this.length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.buffer[this.length++] = Number(rest);
  }

  private grow(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = Buffer.alloc(Math.max(2 * this.buffer.length, this.length + bytes));
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }
}
