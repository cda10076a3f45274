import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startTap, type Tap } from '../../src/tap/tap.js';
import { place } from '../program.js';
import { requireAddress } from './tapped.js';
import { int32, startup } from './wire-client.js';

/** A server of which a test says what it does with each connection. */
async function upstreamOf(take: (socket: Socket) => void): Promise<string> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    onTestFinished(() => void socket.destroy());
    take(socket);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return portOf(server);
}

const portOf = (server: Server) => `127.0.0.1:${(server.address() as AddressInfo).port}`;

async function tapOf(upstream: string, listen = '127.0.0.1:0'): Promise<Tap> {
  const log = pino({ level: 'silent' });
  const output = join(place(), 'trace.ndjson');
  const tap = await startTap({ listen, upstream, output, toolVersion: '0', log });
  onTestFinished(() => tap.stop());
  return tap;
}

async function clientOf(tap: Tap, { allowHalfOpen = false } = {}): Promise<Socket> {
  const socket = connect({ ...requireAddress(tap.address), allowHalfOpen });
  socket.on('error', () => socket.destroy());
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  // A loop over the socket would destroy it at the end, with what it has still to send.
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  if (!socket.destroyed) await Promise.race([once(socket, 'end'), once(socket, 'close')]);
  return Buffer.concat(chunks);
}

const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('the relay', () => {
  it('passes any bytes on unchanged in both directions, at the pace of a slow reader', async () => {
    const there = randomBytes(5_000_000);
    const back = randomBytes(8_000_000);
    let received: Promise<Buffer> = Promise.resolve(Buffer.alloc(0));
    const upstream = await upstreamOf((socket) => {
      socket.write(back);
      received = readAll(socket).finally(() => socket.end());
    });
    const client = await clientOf(await tapOf(upstream), { allowHalfOpen: true });
    client.end(there);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(hash(await readAll(client))).toBe(hash(back));
    expect(hash(await received)).toBe(hash(there));
  });

  it('stops reading from one side while the other one does not read', async () => {
    let sent = 0;
    const upstream = await upstreamOf((socket) => {
      const chunk = Buffer.alloc(1_000_000);
      const send = () => {
        while (sent < 500 && socket.write(chunk)) sent += 1;
      };
      socket.on('drain', send);
      send();
    });
    const client = await clientOf(await tapOf(upstream));
    client.pause();
    let before = -1;
    while (before !== sent) {
      before = sent;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(sent).toBeLessThan(50);
  });

  it('ends the server’s side when the client goes away, and the client’s when the server does', async () => {
    const sockets: Socket[] = [];
    const tap = await tapOf(
      await upstreamOf((socket) => {
        sockets.push(socket.resume());
        socket.write('hello');
      }),
    );
    const leaving = await clientOf(tap);
    await once(leaving, 'data');
    const [first] = sockets;
    leaving.resetAndDestroy();
    await once(first ?? leaving, 'end');

    const staying = await clientOf(tap);
    await once(staying, 'data');
    sockets[1]?.write('last words');
    sockets[1]?.resetAndDestroy();
    await once(staying, 'close');
  });

  it.skipIf(process.platform !== 'linux')(
    'has the kernel ask each side after half a minute whether it lives',
    async () => {
      const upstream = await upstreamOf((socket) => void socket.write('hello'));
      const client = await clientOf(await tapOf(upstream));
      await once(client, 'data');
      const ports = [client.localPort ?? 0, Number(upstream.split(':')[1])];
      // Not while it waits for a receipt of what was just sent.
      const found = () => {
        const waits = keepAliveWaits();
        return ports.every((port) => waits.has(port)) && waits;
      };
      const waits = await vi.waitUntil(found, { timeout: 20_000 });
      for (const port of ports) expect(waits.get(port)).toBeLessThanOrEqual(30);
    },
  );

  it('brings what a server says before it closes', async () => {
    const tap = await tapOf(await upstreamOf((socket) => void socket.end('FATAL: going down')));
    expect((await readAll(await clientOf(tap))).toString()).toBe('FATAL: going down');
  });

  it('tells a client that its server cannot be reached, and takes the next one', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const upstream = portOf(server);
    await new Promise((resolve) => server.close(resolve));
    const tap = await tapOf(upstream);
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const client = await clientOf(tap);
      client.write(startup({ user: 'u' }));
      const answer = (await readAll(client)).toString();
      expect(answer.slice(5)).toMatch(
        /^SFATAL\0VFATAL\0C57P03\0Mthe server behind pgsteward tap cannot be reached: .*ECONNREFUSED/,
      );
    }
    const asking = await clientOf(tap);
    asking.write(Buffer.concat([int32(8), int32(80_877_103)]));
    expect((await readAll(asking)).length).toBe(0);

    const back = createServer((socket) => void socket.end('hello')).listen(requireAddress(upstream));
    onTestFinished(() => void back.close());
    await once(back, 'listening');
    expect((await readAll(await clientOf(tap))).toString()).toBe('hello');
  });

  it('says where it cannot listen', async () => {
    await expect(tapOf('127.0.0.1:5432', '192.0.2.1:1')).rejects.toThrow('the tap cannot listen on 192.0.2.1:1');
    await expect(tapOf('127.0.0.1:1', '127.0.0.1:1')).rejects.toThrow('the tap would be its own server: 127.0.0.1:1');
  });
});

/** Seconds until the kernel asks whether the other side is there, by that side's port, as proc(5) tells it. */
function keepAliveWaits(): ReadonlyMap<number, number> {
  const sockets = readFileSync('/proc/net/tcp', 'utf8').matchAll(
    /^ +\d+: [\dA-F]+:[\dA-F]+ [\dA-F]+:([\dA-F]+) 01 \S+ 02:([\dA-F]+)/gm,
  );
  return new Map([...sockets].map(([, port = '', wait = '']) => [Number(`0x${port}`), Number(`0x${wait}`) / 100]));
}
