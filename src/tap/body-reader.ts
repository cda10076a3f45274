/** A message that does not keep to the protocol: what follows it cannot be trusted. */
export class MalformedMessage extends Error {}

/** Reads a message's body from front to back; a MalformedMessage says where it ends too early. */
export class BodyReader {
  readonly buffer: Buffer;
  readonly end: number;
  at: number;

  constructor(buffer: Buffer, start: number, end: number) {
    this.buffer = buffer;
    this.at = start;
    this.end = end;
  }

  /** Whether so many bytes are left. */
  has(bytes: number): boolean {
    return this.end - this.at >= bytes;
  }

  int16(): number {
    this.require(2);
    const value = this.buffer.readInt16BE(this.at);
    this.at += 2;
    return value;
  }

  /** A count, which is written as a signed number by some and as an unsigned one by others. */
  count16(): number {
    return this.int16() & 0xffff;
  }

  int32(): number {
    this.require(4);
    const value = this.buffer.readInt32BE(this.at);
    this.at += 4;
    return value;
  }

  uint32(): number {
    return this.int32() >>> 0;
  }

  byte(): number {
    this.require(1);
    const value = this.buffer[this.at] ?? 0;
    this.at += 1;
    return value;
  }

  /** A text that ends with a zero byte. */
  text(): string {
    const zero = this.buffer.indexOf(0, this.at);
    if (zero === -1 || zero >= this.end) throw new MalformedMessage('a text without an end');
    const value = this.buffer.toString('utf8', this.at, zero);
    this.at = zero + 1;
    return value;
  }

  skip(bytes: number): void {
    if (bytes < 0) throw new MalformedMessage(`a length of ${bytes} bytes`);
    this.require(bytes);
    this.at += bytes;
  }

  private require(bytes: number): void {
    if (!this.has(bytes)) throw new MalformedMessage(`${bytes} bytes where ${this.end - this.at} are left`);
  }
}
