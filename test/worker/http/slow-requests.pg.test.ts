import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { pino } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import type { HttpLimits } from '../../../src/worker/http/service.js';
import { afterFile } from '../../per-file.js';
import { serve, serveWithout, TOKEN } from './served.js';

/** What is not under test is too long to be met. */
const PATIENT: HttpLimits = {
  ...{ headMs: 60_000, requestMs: 60_000, idleMs: 60_000, answerMs: 60_000, checkMs: 20 },
  connectionsMost: 100,
};

describe('who is slow', () => {
  it('with the head gets 408 and the end of the connection, and others are served meanwhile', async () => {
    const { url } = await serveWithout({ limits: { ...PATIENT, headMs: 150 } });
    const slow = Array.from({ length: 20 }, () => call(url));
    for (const { socket } of slow) dribble(socket, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n', 'X-Slow: 1\r\n');
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    for (const { heard } of slow) expect(await heard).toMatch(LATE);
  });

  it('and says nothing at all is let go too', async () => {
    const { url } = await serveWithout({ limits: { ...PATIENT, headMs: 150 } });
    expect(await call(url).heard).toMatch(LATE);
  });

  it('and writes on after that is cut off', async () => {
    const { url } = await serveWithout({ limits: { ...PATIENT, headMs: 150 } });
    const { socket, heard } = call(url, { isStubborn: true });
    dribble(socket, 'GET /healthz HTTP/1.1\r\n', 'X-Slow: 1\r\n');
    expect(await heard).toMatch(LATE);
  });

  it('with the body gets 408, and the log has no failure of ours', async () => {
    const lines: { readonly level: number; readonly route?: string; readonly status?: number }[] = [];
    const log = pino({ level: 'debug' }, { write: (line) => void lines.push(JSON.parse(line)) });
    const { url } = await serve({ limits: { ...PATIENT, headMs: 200, requestMs: 200 }, log });
    const { socket, heard } = call(url);
    dribble(socket, `${START}Content-Length: 1000\r\n\r\n`, ' ');
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(await heard).toMatch(LATE);
    const told = () => lines.find(({ route }) => route === '/api/v1/jobs/:name/run');
    await vi.waitFor(() => expect(told()).toMatchObject({ status: 408 }), { timeout: 20_000 });
    expect(lines.filter(({ level }) => level >= 40)).toEqual([]);
  });

  it('between two requests finds the connection closed', async () => {
    const { url } = await serveWithout({ limits: { ...PATIENT, idleMs: 50 } });
    const { socket, heard } = call(url);
    socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const answers = await heard;
    expect(answers).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answers.match(/^HTTP/gm)).toHaveLength(1);
  });

  it('to take an answer is cut off', async () => {
    const { url } = await serveWithout({ limits: { ...PATIENT, answerMs: 300, connectionsMost: 1 } });
    const { socket } = call(url, { isDeaf: true });
    await once(socket, 'connect');
    // More than what stands between the two of them holds.
    socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(10_000));
    await served(url);
  });

  it('gives the place back to those who wait for one', async () => {
    const { url } = await serveWithout({ limits: { ...PATIENT, headMs: 150, connectionsMost: 2 } });
    const slow = [call(url), call(url)];
    for (const { socket } of slow) dribble(socket, 'GET /healthz HTTP/1.1\r\n', 'X-Slow: 1\r\n');
    await Promise.all(slow.map(({ heard }) => heard));
    await served(url);
  });
});

/** Waits until there is a place for one more. */
async function served(url: string): Promise<void> {
  const ask = async () => expect((await fetch(`${url}/healthz`)).status).toBe(200);
  await vi.waitFor(ask, { timeout: 20_000, interval: 50 });
}

const LATE = /^HTTP\/1\.1 408 Request Timeout\r\n(?:.*\r\n)*.*"detail":"the request has not arrived in time"/;
const START = `POST /api/v1/jobs/verify-audit/run HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${TOKEN}\r\n`;
const DRIBBLE_MS = 20;

interface Call {
  readonly socket: Socket;
  /** All that came back, once the other side has ended the connection. */
  readonly heard: Promise<string>;
}

interface Manners {
  /** Reads nothing. */
  readonly isDeaf?: boolean;
  /** Does not end the connection when the other side does. */
  readonly isStubborn?: boolean;
}

function call(url: string, { isDeaf = false, isStubborn = false }: Manners = {}): Call {
  const { hostname, port } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: isStubborn });
  afterFile(() => socket.destroy());
  let text = '';
  if (!isDeaf) socket.on('data', (chunk) => (text += chunk.toString()));
  const heard = new Promise<string>((resolve) => {
    // Whoever writes to a connection that is over is reset.
    socket.on('close', () => resolve(text)).on('error', () => undefined);
  });
  return { socket, heard };
}

/** Says a beginning and then a little more again and again, until the connection is over. */
function dribble(socket: Socket, beginning: string, more: string): void {
  socket.write(beginning);
  const timer = setInterval(() => socket.write(more), DRIBBLE_MS);
  socket.on('close', () => clearInterval(timer));
  if (!socket.allowHalfOpen) socket.on('end', () => clearInterval(timer));
}
