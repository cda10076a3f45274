import { once } from 'node:events';
import { connect, type Socket, type SocketConnectOpts } from 'node:net';
import { onTestFinished } from 'vitest';

/** Writes a message of the protocol. */
export function message(type: string, ...parts: readonly (string | Buffer)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export const query = (text: string) => message('Q', `${text}\0`);
export const parse = (name: string, text: string, types: readonly number[] = []) =>
  message('P', `${name}\0${text}\0`, int16(types.length), ...types.map(int32));
export const describe = (kind: 'S' | 'P', name: string) => message('D', `${kind}${name}\0`);
export const execute = (portal = '', rowsMost = 0) => message('E', `${portal}\0`, int32(rowsMost));
export const close = (kind: 'S' | 'P', name: string) => message('C', `${kind}${name}\0`);
export const SYNC = message('S');
export const FLUSH = message('H');

interface Bind {
  readonly portal?: string;
  readonly statement?: string;
  readonly values?: readonly (string | Buffer | null)[];
  /** Of the rows. */
  readonly binary?: boolean;
}

/** Binds texts as texts and bytes as binary values. */
export function bind({ portal = '', statement = '', values = [], binary = false }: Bind): Buffer {
  const formats = values.map((value) => int16(Buffer.isBuffer(value) ? 1 : 0));
  const written = values.flatMap((value) => {
    if (value === null) return [int32(-1)];
    const bytes = Buffer.from(value);
    return [int32(bytes.length), bytes];
  });
  return message(
    'B',
    ...[`${portal}\0${statement}\0`, int16(formats.length), ...formats, int16(values.length), ...written],
    ...(binary ? [int16(1), int16(1)] : [int16(0)]),
  );
}

export function startup(parameters: Readonly<Record<string, string>>): Buffer {
  const body = Buffer.from(`${Object.entries(parameters).flat().join('\0')}\0\0`);
  return Buffer.concat([int32(body.length + 8), int32(196_608), body]);
}

const READY = 'Z'.charCodeAt(0);

/** A client that sends what it is told to and keeps every byte that comes back. */
export class WireClient {
  readonly socket: Socket;
  /** Process id of the backend and the secret that cancels its statements. */
  key: Buffer = Buffer.alloc(0);
  private received: Buffer[] = [];
  private waiting: { readonly ready: number; readonly resolve: (bytes: Buffer) => void } | null = null;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk: Buffer) => {
      this.received.push(chunk);
      this.settle();
    });
    socket.on('error', () => socket.destroy());
  }

  /** Opens a session of the superuser and waits until the server is ready. */
  static async open(place: SocketConnectOpts, database: string): Promise<WireClient> {
    const client = await WireClient.connect(place);
    const answer = await client.ask(startup({ user: 'postgres', database, application_name: 'wire' }));
    client.key = bodyOf(answer, 'K');
    return client;
  }

  static async connect(place: SocketConnectOpts): Promise<WireClient> {
    const socket = connect(place);
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    return new WireClient(socket);
  }

  /** Sends bytes and gives all that comes up to where the server is ready for so many times. */
  ask(bytes: Buffer, ready = 1): Promise<Buffer> {
    this.received = [];
    const answer = new Promise<Buffer>((resolve) => {
      this.waiting = { ready, resolve };
    });
    this.socket.write(bytes);
    return answer;
  }

  private settle(): void {
    // Putting all together at each part of a long answer would take for ever.
    if (this.waiting === null || this.received.at(-1)?.at(-6) !== READY) return;
    const bytes = Buffer.concat(this.received);
    if (typesOf(bytes).filter((type) => type === 'Z').length < this.waiting.ready) return;
    this.waiting.resolve(bytes);
    this.waiting = null;
  }
}

/** Gives the types of the whole messages. */
function typesOf(bytes: Buffer): readonly string[] {
  return messagesOf(bytes).map(({ type }) => type);
}

function bodyOf(bytes: Buffer, type: string): Buffer {
  return messagesOf(bytes).find((each) => each.type === type)?.body ?? Buffer.alloc(0);
}

function messagesOf(bytes: Buffer) {
  const messages: { readonly type: string; readonly body: Buffer }[] = [];
  for (let at = 0; at + 5 <= bytes.length; ) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    if (end > bytes.length) break;
    messages.push({ type: bytes.toString('latin1', at, at + 1), body: bytes.subarray(at + 5, end) });
    at = end;
  }
  return messages;
}
