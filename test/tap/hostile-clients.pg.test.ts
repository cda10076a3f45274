import type { Socket, SocketConnectOpts } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../postgres.js';
import { tapped } from './tapped.js';
import { int32, message, parse, query, SYNC, startup, WireClient } from './wire-client.js';

let url: string;

beforeAll(async () => {
  ({ url } = await testDatabase());
});

const ofLength = (type: string, length: number) => Buffer.concat([Buffer.from(type), int32(length)]);
const bindOf = (...parts: readonly (string | Buffer)[]) => message('B', '\0\0', ...parts);

/** What nobody should send, behind a startup that went well. */
const LATER: Readonly<Record<string, Buffer>> = {
  'a type that there is not': ofLength('q', 8),
  'the length of nothing': ofLength('Q', 0),
  'a length below its own': ofLength('Q', 3),
  'a length below zero': ofLength('Q', -1),
  'the lowest length there is': ofLength('P', -0x8000_0000),
  'the greatest length there is': ofLength('B', 0x7fff_ffff),
  'a length of a short message that is too great': ofLength('S', 20_000),
  'a length that is never filled': Buffer.concat([ofLength('Q', 1_000_000), Buffer.from('SELECT 1')]),
  'a query without an end': Buffer.concat([message('Q', 'SELECT 1'), query('SELECT 2')]),
  'a query with bytes behind its end': Buffer.concat([message('Q', 'SELECT 1\0SELECT 2\0'), query('SELECT 3')]),
  'a statement with more types than there are': Buffer.concat([
    message('P', '\0SELECT 1\0', Buffer.from([255, 255])),
    SYNC,
  ]),
  'a value that is longer than its message': Buffer.concat([
    ...[
      parse('', 'SELECT $1::text'),
      bindOf(Buffer.from([0, 0, 0, 1]), int32(0x7fff_ffff), 'x'),
      SYNC,
      query('SELECT 1'),
    ],
  ]),
  'a value of a length below that of NULL': Buffer.concat([
    ...[parse('', 'SELECT $1::text'), bindOf(Buffer.from([0, 0, 0, 1]), int32(-2), Buffer.from([0, 0])), SYNC],
  ]),
  'fewer values than are said': Buffer.concat([
    ...[parse('', 'SELECT $1::text'), bindOf(Buffer.from([0, 0, 255, 255])), SYNC, query('SELECT 1')],
  ]),
  'to describe what is neither statement nor portal': Buffer.concat([message('D', 'X\0'), SYNC, query('SELECT 1')]),
  'copied rows that nobody asked for': Buffer.concat([message('d', 'x'), message('c'), query('SELECT 1')]),
};

/** What nobody should begin with. */
const FIRST: Readonly<Record<string, Buffer>> = {
  'a startup of no length': int32(0),
  'a startup of a length below its own': Buffer.concat([int32(7), int32(196_608)]),
  'a startup that is too long': Buffer.concat([int32(10_001), int32(196_608), Buffer.alloc(20_000)]),
  'the greatest length there is': Buffer.concat([int32(0x7fff_ffff), int32(196_608)]),
  'a startup that is never filled': Buffer.concat([int32(100), int32(196_608), Buffer.from('user\0')]),
  'a startup without an end': Buffer.concat([int32(13), int32(196_608), Buffer.from('user\0')]),
  'a protocol that there is not yet': Buffer.concat([int32(9), int32(262_144), Buffer.from([0])]),
  HTTP: Buffer.from('GET / HTTP/1.1\r\nHost: db\r\n\r\n'),
  'no user': startup({ database: 'postgres' }),
  'a database that there is not': startup({ user: 'postgres', database: 'nowhere' }),
  'a key that cancels nothing': Buffer.concat([int32(16), int32(80_877_102), int32(1), int32(2)]),
  'a question about TLS and no more': Buffer.concat([int32(8), int32(80_877_103)]),
  'a question about GSS and no more': Buffer.concat([int32(8), int32(80_877_104)]),
  'nothing at all': Buffer.alloc(0),
};

/** Sends bytes and no more, and gives all that the server says until it closes. */
async function hearOut(socket: Socket, bytes: Buffer): Promise<string> {
  const heard: Buffer[] = [];
  socket.removeAllListeners('data');
  socket.on('data', (chunk: Buffer) => heard.push(chunk));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.end(bytes);
  await closed;
  return Buffer.concat(heard).toString('latin1');
}

const begun = async (place: SocketConnectOpts, database: string) => (await WireClient.open(place, database)).socket;
const connected = async (place: SocketConnectOpts) => (await WireClient.connect(place)).socket;

describe('a client that does not keep to the protocol', () => {
  it('hears from the server what it would hear without the tap, whatever it sends', async () => {
    const { listens, upstream, database, tap } = await tapped(url);
    for (const [name, bytes] of Object.entries(LATER)) {
      const expected = await hearOut(await begun({ path: upstream }, database), bytes);
      expect(await hearOut(await begun(listens, database), bytes), name).toBe(expected);
    }
    await tap.stop();
    expect(tap.counts).toMatchObject({ recorded: Object.keys(LATER).length, dropped: 0 });
    expect(tap.counts.unreadable).toBeGreaterThanOrEqual(8);
  });

  it('hears it from the start', async () => {
    const { listens, upstream } = await tapped(url);
    for (const [name, bytes] of Object.entries(FIRST)) {
      const expected = await hearOut(await connected({ path: upstream }), bytes);
      expect(await hearOut(await connected(listens), bytes), name).toBe(expected);
    }
  });
});
