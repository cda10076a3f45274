import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';

/** Names this process in the ledger: host, process id and a random part, since containers share both. */
export function holderName(): string {
  return `${hostname()}:${process.pid}:${randomBytes(3).toString('hex')}`;
}
