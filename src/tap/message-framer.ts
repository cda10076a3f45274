import { MalformedMessage } from './body-reader.js';

/** What takes the messages of one direction. */
export interface MessageSink {
  /** How many bytes of the body of a message are wanted, from its front; -1 for a type that does not exist. */
  wanted(type: number): number;
  /** A message, as soon as what is wanted of it has come: `start` to `end` of the buffer, out of a body of `length` bytes. */
  message(type: number, body: Buffer, place: BodyPlace): void;
}

/** Where a body stands in a buffer, and how long all of it is. */
export interface BodyPlace {
  readonly start: number;
  readonly end: number;
  readonly length: number;
}

const HEADER_BYTES = 5;
/** The server itself takes and sends no message above (`PQ_LARGE_MESSAGE_LIMIT`). */
const MESSAGE_BYTES_MOST = 0x4000_0000;

/**
 * Cuts a stream of bytes into messages of the protocol, however the stream was cut before. Of what is not wanted nothing
 * is kept, so that a message of a gigabyte costs no memory. A MalformedMessage says that there is no telling where the
 * next message begins.
 */
export class MessageFramer {
  private readonly sink: MessageSink;
  /** Bytes of the current message that are passed over. */
  private unwanted = 0;
  private header: Buffer | null = null;
  private headerBytes = 0;
  private body: Buffer | null = null;
  private bodyBytes = 0;
  private bodyType = 0;
  private bodyLength = 0;

  constructor(sink: MessageSink) {
    this.sink = sink;
  }

  push(chunk: Buffer): void {
    const size = chunk.length;
    let at = 0;
    while (at < size) {
      if (this.unwanted > 0) {
        const passed = Math.min(this.unwanted, size - at);
        this.unwanted -= passed;
        at += passed;
      } else if (this.body !== null) at = this.fillBody(this.body, chunk, at);
      else if (this.headerBytes > 0 || size - at < HEADER_BYTES) at = this.fillHeader(chunk, at);
      else at = this.begin(chunk[at] ?? 0, chunk.readInt32BE(at + 1), { chunk, at: at + HEADER_BYTES });
    }
  }

  /** Begins a message whose header has been read, and gives where to go on. */
  private begin(type: number, lengthWithItself: number, { chunk, at }: { chunk: Buffer; at: number }): number {
    const length = lengthWithItself - 4;
    const most = this.sink.wanted(type);
    if (most < 0 || length < 0 || length > MESSAGE_BYTES_MOST)
      throw new MalformedMessage(`a message of type ${type} and ${lengthWithItself} bytes`);
    const wanted = Math.min(length, most);
    if (chunk.length - at < wanted) {
      this.body = Buffer.allocUnsafe(wanted);
      this.bodyBytes = 0;
      this.bodyType = type;
      this.bodyLength = length;
      return at;
    }
    this.unwanted = length - wanted;
    this.sink.message(type, chunk, { start: at, end: at + wanted, length });
    return at + wanted;
  }

  private fillHeader(chunk: Buffer, at: number): number {
    this.header ??= Buffer.allocUnsafe(HEADER_BYTES);
    const taken = Math.min(HEADER_BYTES - this.headerBytes, chunk.length - at);
    chunk.copy(this.header, this.headerBytes, at, at + taken);
    this.headerBytes += taken;
    if (this.headerBytes < HEADER_BYTES) return at + taken;
    this.headerBytes = 0;
    return this.begin(this.header[0] ?? 0, this.header.readInt32BE(1), { chunk, at: at + taken });
  }

  private fillBody(body: Buffer, chunk: Buffer, at: number): number {
    const taken = Math.min(body.length - this.bodyBytes, chunk.length - at);
    chunk.copy(body, this.bodyBytes, at, at + taken);
    this.bodyBytes += taken;
    if (this.bodyBytes < body.length) return at + taken;
    this.body = null;
    this.unwanted = this.bodyLength - body.length;
    this.sink.message(this.bodyType, body, { start: 0, end: body.length, length: this.bodyLength });
    return at + taken;
  }
}
