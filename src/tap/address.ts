import type { AddressInfo, Server, SocketConnectOpts } from 'node:net';

/** Reads `HOST:PORT`, `[::1]:5432` or the path of a Unix socket; null where it is none of them. */
export function readAddress(text: string): SocketConnectOpts | null {
  if (text.startsWith('/')) return { path: text };
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  return host === undefined || Number(port) > 65_535 ? null : { host, port: Number(port) };
}

/** Gives where a server listens, as `readAddress` reads it. */
export function addressOf(server: Server): string {
  const found = server.address() as AddressInfo | string | null;
  if (found === null || typeof found === 'string') return found ?? '';
  return `${found.family === 'IPv6' ? `[${found.address}]` : found.address}:${found.port}`;
}
