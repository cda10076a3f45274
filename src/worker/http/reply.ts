import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { Problem, problemReply } from './problem.js';
import type { Reply } from './route.js';

/** What every answer bears; a page of HTML loosens the policy by what it needs. */
const SECURITY_HEADERS = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/** Sends an answer; to a HEAD its head alone. */
export function sendReply(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, {
    ...SECURITY_HEADERS,
    'Content-Length': Buffer.byteLength(reply.body),
    ...reply.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : reply.body);
}

const BROKEN: Readonly<Record<string, { readonly status: number; readonly detail: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, detail: 'the head of the request is too long' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'the request has not arrived in time' },
};

/** How long the other side may take to read that answer and to end the connection too. */
const LINGER_MS = 500;

/** Answers what is not HTTP, or takes too long to arrive, and ends the connection. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const { status, detail } = BROKEN[error.code ?? ''] ?? { status: 400, detail: 'the request is not HTTP' };
  const reply = problemReply(new Problem(status, { kind: 'broken-request', detail }), randomUUID());
  const head = Object.entries({
    ...{ ...SECURITY_HEADERS, ...reply.headers },
    ...{ 'Content-Length': Buffer.byteLength(reply.body), Connection: 'close' },
  });
  const lines = head.map(([name, value]) => `${name}: ${value}`).join('\r\n');
  socket.end(`HTTP/1.1 ${status} ${JSON.parse(reply.body).title}\r\n${lines}\r\n\r\n${reply.body}`);
  // Whoever goes on writing would keep it open for ever.
  const cut = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(cut));
}
